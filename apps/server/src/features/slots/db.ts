import type { Db, Trx } from '../../db/database.ts';
import { ownedBy, type SellerScope } from '../../http/actor.ts';

/** The pushes that use up a place of the weekly quota, from a week on. */
export async function selectQuotaUse(db: Db | Trx, scope: SellerScope, fromMonday: string) {
  return await db
    .selectFrom('push')
    .where(ownedBy(scope, 'push.shop_id'))
    .where('push.state', 'not in', ['cancelled', 'not_sent'])
    .where('push.slot_week', '>=', fromMonday)
    .select(['push.id', 'push.slot', 'push.slot_week', 'push.quota_place'])
    .orderBy('push.slot')
    .execute();
}
