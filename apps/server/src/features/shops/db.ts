import type { Db, Trx } from '../../db/database.ts';
import { ownedBy, type SellerScope } from '../../http/actor.ts';

export async function selectShop(db: Db | Trx, scope: SellerScope) {
  return await db
    .selectFrom('shop')
    .where(ownedBy(scope, 'shop.id'))
    .select(['shop.id', 'shop.shop_no', 'shop.name'])
    .executeTakeFirst();
}

export async function selectFeatures(db: Db | Trx, scope: SellerScope) {
  return await db
    .selectFrom('shop_feature')
    .where(ownedBy(scope, 'shop_feature.shop_id'))
    .leftJoin('shop_feature_item', 'shop_feature_item.feature_id', 'shop_feature.id')
    .groupBy('shop_feature.id')
    .select((eb) => ['shop_feature.id', 'shop_feature.title', eb.fn.count('shop_feature_item.item_id').as('items')])
    .orderBy('shop_feature.id')
    .execute();
}
