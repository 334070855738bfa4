import type { ShopFeature } from '@coupon-push/contract/items.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { found } from '../../lib/app-error.ts';
import { selectFeatures, selectShop } from './db.ts';

export interface Shop {
  id: number;
  shopNo: string;
  name: string;
}

/** @throws AppError not_found when the person is no member of that shop. */
export async function readShop(db: Db | Trx, scope: SellerScope): Promise<Shop> {
  const row = found(await selectShop(db, scope));
  return { id: row.id, shopNo: row.shop_no, name: row.name };
}

export async function listFeatures(db: Db | Trx, scope: SellerScope): Promise<ShopFeature[]> {
  await readShop(db, scope);
  const rows = await selectFeatures(db, scope);
  return rows.map((row) => ({ id: row.id, title: row.title, items: Number(row.items) }));
}
