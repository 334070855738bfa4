import type { Item } from '@coupon-push/contract/items.ts';
import type { Following, MyShop, ShopFeaturePage, ShopPage } from '@coupon-push/contract/my-page.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { CustomerScope } from '../../http/customer.ts';
import { found } from '../../lib/app-error.ts';
import { itemsOfShop, topItems } from '../items/service.ts';
import { fillLink, type Marketplace, readMarketplace } from '../marketplace/service.ts';
import { shownFeature, shownFeatures } from '../shop-features/service.ts';
import {
  deleteFellow,
  insertFellow,
  type ShopRow,
  selectFavourites,
  selectFollowing,
  selectShopByNo,
  selectShopsByName,
} from './db.ts';
import { readPlace, writePlace } from './rules.ts';

/** Items of a shop that its page shows. */
const shownItems = 48;

/** The shops that a customer follows, the newest first. */
export async function listFavourites(
  db: Db,
  scope: CustomerScope,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<{ entries: MyShop[]; next: string | null }> {
  const rows = await selectFavourites(db, scope, { after: readPlace(after), limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    entries: shown.map(({ shopNo, name, followedAt, muted }) => ({
      shopNo,
      name,
      followedAt: followedAt.toISOString(),
      muted,
    })),
    next: rows.length > limit && last !== undefined ? writePlace(last) : null,
  };
}

/** Shops to follow: those whose name holds every one of these words, by name, 20 at most. */
export async function findShops(db: Db, name: string): Promise<{ shopNo: string; name: string }[]> {
  return await selectShopsByName(db, name.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean), 20);
}

/**
 * Follows a shop: the customer is its fellow from now on. Said again, nothing changes.
 * @throws AppError not_found
 */
export async function follow(trx: Trx, scope: CustomerScope, shopNo: string, now: Date): Promise<Following> {
  const { shopId } = found(await selectShopByNo(trx, shopNo));
  await insertFellow(trx, scope, shopId, now);
  return await followingOf(trx, scope, shopId);
}

/**
 * The customer is no fellow any more; who follows again is a new one.
 * @throws AppError not_found
 */
export async function unfollow(trx: Trx, scope: CustomerScope, shopNo: string): Promise<Following> {
  const { shopId } = found(await selectShopByNo(trx, shopNo));
  await deleteFellow(trx, scope, shopId);
  return { followed: false, muted: false };
}

async function followingOf(db: Db | Trx, scope: CustomerScope, shopId: number): Promise<Following> {
  const row = await selectFollowing(db, scope, shopId);
  return { followed: row !== undefined, muted: row?.muted ?? false };
}

/**
 * A shop with its features and best items; how a customer stands to it when one is signed in.
 * @throws AppError not_found
 */
export async function readShopPage(
  db: Db,
  scope: CustomerScope | undefined,
  shopNo: string,
  { now, publicUrl }: { now: Date; publicUrl: string },
): Promise<ShopPage> {
  const shop = found(await selectShopByNo(db, shopNo));
  const marketplace = await readMarketplace(db);
  return {
    shop: linked(shop, marketplace),
    following: scope === undefined ? null : await followingOf(db, scope, shop.shopId),
    features: await shownFeatures(db, shop.shopId, now),
    items: (await topItems(db, shop.shopId, shownItems, publicUrl)).map((item) => withLink(item, shop, marketplace)),
  };
}

/**
 * A feature of a shop while it is shown; items that are no longer on sale are left out.
 * @throws AppError not_found, also for another shop's feature and outside of its period.
 */
export async function readShopFeature(
  db: Db,
  { shopNo, featureId }: { shopNo: string; featureId: number },
  { now, publicUrl }: { now: Date; publicUrl: string },
): Promise<ShopFeaturePage> {
  const shop = found(await selectShopByNo(db, shopNo));
  const { itemIds, ...feature } = found(await shownFeature(db, shop.shopId, featureId, now));
  const marketplace = await readMarketplace(db);
  const items = await itemsOfShop(db, shop.shopId, itemIds, publicUrl);
  return {
    ...feature,
    shop: linked(shop, marketplace),
    chosenItems: items.map((item) => withLink(item, shop, marketplace)),
  };
}

function linked({ shopNo, name }: ShopRow, { shopUrlTemplate }: Marketplace): ShopPage['shop'] {
  return { shopNo, name, url: fillLink(shopUrlTemplate, { shop: shopNo }) };
}

function withLink(item: Item, { shopNo }: ShopRow, { itemUrlTemplate }: Marketplace): Item & { url: string } {
  return { ...item, url: fillLink(itemUrlTemplate, { shop: shopNo, item: item.itemNo }) };
}
