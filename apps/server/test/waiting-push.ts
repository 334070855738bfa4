import type { CouponTerms } from '@coupon-push/contract/coupons.ts';
import type { Db } from '../src/db/database.ts';
import { createCoupon } from '../src/features/coupons/service.ts';
import { insertPush, type NewPush } from '../src/features/pushes/db.ts';
import { weekOfSlot } from '../src/features/slots/rules.ts';
import { dispatchKey, enqueue } from '../src/jobs/enqueue.ts';
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
  options: { slot?: Date; terms?: CouponTerms } & Partial<Pick<NewPush, 'items' | 'registered'>> = {},
): Promise<{ pushId: number; couponId: number }> {
  const { slot = new Date(), terms: own = terms, items = { mode: 'rank', count: 4 }, registered = null } = options;
  const appliedAt = new Date(slot.getTime() - 2 * 86_400_000);
  const scope = { userId: shop.userId, shopId: shop.shopId };
  return await db.transaction().execute(async (trx) => {
    const coupon = await createCoupon(trx, scope, { terms: own, now: appliedAt });
    const push = await insertPush(trx, {
      shopId: shop.shopId,
      couponId: coupon.id,
      terms: own,
      items,
      registered,
      slot,
      slotWeek: weekOfSlot(slot, 'Asia/Tokyo'),
      quotaPlace: 1,
      banner: null,
      appliedBy: shop.userId,
      appliedAt,
    });
    if (push === undefined) throw new Error('this shop’s week is taken');
    return { pushId: push.id, couponId: coupon.id };
  });
}

/** Its slot has come, for whoever works on jobs. */
export async function dispatchNow(db: Db, pushId: number): Promise<void> {
  await db.transaction().execute((trx) => enqueue(trx, 'dispatch', { pushId }, { key: dispatchKey(pushId) }));
}
