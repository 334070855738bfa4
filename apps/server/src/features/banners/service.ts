import type { Banner } from '@coupon-push/contract/banners.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { AppError } from '../../lib/app-error.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { readShop } from '../shops/service.ts';
import { encodeBanner } from './banner-image.ts';
import { type BannerRow, insertBanner, selectBanner, selectShopBanner } from './db.ts';

/** @throws AppError banner_wrong_type, banner_animated, banner_wrong_size, banner_wrong_colours, banner_too_large */
export async function uploadBanner(
  db: Db,
  scope: SellerScope,
  upload: { bytes: Buffer; now: Date; publicUrl: string },
): Promise<Banner> {
  await readShop(db, scope);
  const { policy } = await readMarketplace(db);
  if (upload.bytes.length > policy.bannerMaxBytes) throw tooLarge(policy.bannerMaxBytes);
  const image = await encodeBanner(upload.bytes, policy.bannerSizes);
  const row = await db.transaction().execute((trx) => insertBanner(trx, scope, { ...image, uploadedAt: upload.now }));
  return toBanner(row, upload.publicUrl);
}

export function tooLarge(maxBytes: number): AppError {
  return new AppError('banner_too_large', { maxMegabytes: Math.round((maxBytes / 1024 / 1024) * 10) / 10 });
}

/** undefined also for another shop's banner. */
export async function findBanner(
  db: Db | Trx,
  scope: SellerScope,
  bannerId: number,
  publicUrl: string,
): Promise<Banner | undefined> {
  const row = await selectBanner(db, scope, bannerId);
  return row && toBanner(row, publicUrl);
}

/** For the engine. */
export async function bannerOfShop(
  db: Db | Trx,
  shopId: number,
  bannerId: number,
  publicUrl: string,
): Promise<Banner | undefined> {
  const row = await selectShopBanner(db, shopId, bannerId);
  return row && toBanner(row, publicUrl);
}

function toBanner(row: BannerRow, publicUrl: string): Banner {
  return { id: row.id, width: row.width, height: row.height, url: `${publicUrl}/images/${row.image_hash}` };
}
