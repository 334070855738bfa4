import type { Db, Trx } from '../../db/database.ts';
import { ownedBy, type SellerScope } from '../../http/actor.ts';

/** The person's role in the shop; it stays so until the transaction ends. */
export async function holdRole(trx: Trx, scope: SellerScope): Promise<'owner' | 'staff' | undefined> {
  const row = await trx
    .selectFrom('shop_member')
    .where('shop_id', '=', scope.shopId)
    .where('user_id', '=', scope.userId)
    .select('role')
    .forShare()
    .executeTakeFirst();
  return row?.role;
}

export async function selectShop(db: Db | Trx, scope: SellerScope) {
  return await db
    .selectFrom('shop')
    .where(ownedBy(scope, 'shop.id'))
    .select(['shop.id', 'shop.shop_no', 'shop.name'])
    .executeTakeFirst();
}
