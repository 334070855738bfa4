import type { Db, Trx } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { AppError, found } from '../../lib/app-error.ts';
import { holdRole, selectShop } from './db.ts';

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

/**
 * What only an owner may do: the money terms of coupons, and the people of the shop.
 * @throws AppError not_found when the person is no member of that shop, owner_only
 */
export async function requireOwner(trx: Trx, scope: SellerScope): Promise<void> {
  if (found(await holdRole(trx, scope)) !== 'owner') throw new AppError('owner_only');
}
