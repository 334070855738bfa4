import { sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';
import { ownedBy, type SellerScope } from '../../http/actor.ts';

export interface NewBanner {
  hash: string;
  contentType: string;
  width: number;
  height: number;
  bytes: Buffer;
  uploadedAt: Date;
}

export interface BannerRow {
  id: number;
  image_hash: string;
  width: number;
  height: number;
}

/** The same picture uploaded again by the same shop is the same banner. */
export async function insertBanner(trx: Trx, scope: SellerScope, banner: NewBanner): Promise<BannerRow> {
  await sql`
    insert into image (hash, content_type, width, height, bytes)
    values (${banner.hash}, ${banner.contentType}, ${banner.width}, ${banner.height}, ${banner.bytes})
    on conflict (hash) do nothing`.execute(trx);
  const { rows } = await sql<{ id: number }>`
    insert into banner (shop_id, image_hash, uploaded_by, uploaded_at)
    values (${scope.shopId}, ${banner.hash}, ${scope.userId}, ${banner.uploadedAt})
    on conflict (shop_id, image_hash) do update set uploaded_at = excluded.uploaded_at
    returning id`.execute(trx);
  const id = rows[0]?.id ?? 0;
  return { id, image_hash: banner.hash, width: banner.width, height: banner.height };
}

export async function selectBanner(db: Db | Trx, scope: SellerScope, bannerId: number): Promise<BannerRow | undefined> {
  return await db
    .selectFrom('banner')
    .innerJoin('image', 'image.hash', 'banner.image_hash')
    .where(ownedBy(scope, 'banner.shop_id'))
    .where('banner.id', '=', bannerId)
    .select(['banner.id', 'banner.image_hash', 'image.width', 'image.height'])
    .executeTakeFirst();
}

/** For the engine at dispatch. */
export async function selectShopBanner(db: Db | Trx, shopId: number, bannerId: number): Promise<BannerRow | undefined> {
  return await db
    .selectFrom('banner')
    .innerJoin('image', 'image.hash', 'banner.image_hash')
    .where('banner.shop_id', '=', shopId)
    .where('banner.id', '=', bannerId)
    .select(['banner.id', 'banner.image_hash', 'image.width', 'image.height'])
    .executeTakeFirst();
}

export async function selectImage(db: Db | Trx, hash: string) {
  return await db.selectFrom('image').where('hash', '=', hash).select(['content_type', 'bytes']).executeTakeFirst();
}
