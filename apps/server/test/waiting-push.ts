import type { CouponCreate, CouponTerms } from '@coupon-push/contract/coupons.ts';
import { sql } from 'kysely';
import type { Db, Trx } from '../src/db/database.ts';
import type { DeliveryDeps } from '../src/delivery/deps.ts';
import { issuePush } from '../src/delivery/issue.ts';
import { createCoupon } from '../src/features/coupons/service.ts';
import { insertPush, type NewPush, updateTargets } from '../src/features/pushes/db.ts';
import { weekOfSlot } from '../src/features/slots/rules.ts';
import { dispatchKey, enqueue, issueKey, remindKey, withdraw } from '../src/jobs/enqueue.ts';
import type { TestShop } from './marketplace.ts';

export const terms: CouponTerms = {
  name: '500円引き',
  discount: { kind: 'amount', amountMinor: 500 },
  minPurchaseMinor: 1700,
  validity: { kind: 'days', days: 30 },
  qstoreOnly: false,
};

/** A push that waits for its slot, with its coupon, as an application some days ago would have left it. */
export async function createWaitingPush(
  db: Db,
  shop: TestShop,
  options: {
    slot?: Date;
    terms?: CouponCreate;
    remindDays?: number;
    items?: NewPush['items'];
    registered?: { from: string; until: string };
    /** A compensation for these customers. */
    targets?: readonly number[];
  } = {},
): Promise<{ pushId: number; couponId: number }> {
  const { slot = new Date(), terms: own = terms, items = { mode: 'rank', count: 4 }, targets } = options;
  const appliedAt = new Date(slot.getTime() - 2 * 86_400_000);
  const scope = { userId: shop.userId, shopId: shop.shopId };
  return await db.transaction().execute(async (trx) => {
    const coupon = await createCoupon(trx, scope, { terms: own, now: appliedAt });
    const push = await insertPush(trx, {
      shopId: shop.shopId,
      couponId: coupon.id,
      terms: own,
      items,
      audience:
        targets === undefined
          ? { type: 'promotion', registered: options.registered ?? null }
          : { type: 'compensation' },
      slot,
      slotWeek: weekOfSlot(slot, 'Asia/Tokyo'),
      quotaPlace: 1,
      banner: null,
      remindDays: options.remindDays ?? null,
      appliedBy: shop.userId,
      appliedAt,
    });
    if (push === undefined) throw new Error('this shop’s week is taken');
    if (targets !== undefined) await createTargets(trx, push.id, targets);
    return { pushId: push.id, couponId: coupon.id };
  });
}

async function createTargets(trx: Trx, pushId: number, customers: readonly number[]): Promise<void> {
  await sql`
    insert into push_target (push_id, customer_id, order_nos)
    select ${pushId}, customer_id, array['order ' || customer_id]
      from unnest(${customers}::bigint[]) as customer_id`.execute(trx);
  await updateTargets(trx, pushId, { customers: customers.length, orders: customers.length });
}

/** Its slot has come, for whoever works on jobs. */
export async function dispatchNow(db: Db, pushId: number): Promise<void> {
  await db.transaction().execute((trx) => enqueue(trx, 'dispatch', { pushId }, { key: dispatchKey(pushId) }));
}

/** The time of its reminder has come, for whoever works on jobs. */
export async function remindNow(db: Db, pushId: number): Promise<void> {
  await db.transaction().execute((trx) => enqueue(trx, 'remind', { pushId }, { key: remindKey(pushId) }));
}

/** Issues all of a push that was dispatched, in place of whoever works on jobs: one to many is issued in turns. */
export async function issueWhole(deps: DeliveryDeps, pushId: number): Promise<void> {
  const issued = () =>
    deps.db.selectFrom('push').where('id', '=', pushId).where('issued_at', 'is not', null).select('id');
  await withdraw(deps.db, issueKey(pushId));
  while ((await issued().executeTakeFirst()) === undefined) await issuePush(deps, pushId);
}
