import type { CouponCreate } from '@coupon-push/contract/coupons.ts';
import type { Selectable } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';
import type { CouponTable } from '../../db/schema.gen.ts';
import { ownedBy, type SellerScope } from '../../http/actor.ts';

export type CouponRow = Selectable<CouponTable>;

export async function insertCoupon(
  trx: Trx,
  coupon: { shopId: number; terms: CouponCreate; createdBy: string; createdAt: Date },
): Promise<CouponRow> {
  const { terms } = coupon;
  const { discount, validity } = terms;
  return await trx
    .insertInto('coupon')
    .values({
      shop_id: coupon.shopId,
      name: terms.name,
      discount_kind: discount.kind,
      amount_minor: discount.kind === 'amount' ? discount.amountMinor : null,
      percent: discount.kind === 'percent' ? discount.percent : null,
      max_amount_minor: discount.kind === 'percent' ? discount.maxAmountMinor : null,
      min_purchase_minor: terms.minPurchaseMinor,
      validity_kind: validity.kind,
      valid_from: validity.kind === 'period' ? validity.from : null,
      valid_until: validity.kind === 'period' ? validity.until : null,
      valid_days: validity.kind === 'days' ? validity.days : null,
      qstore_only: terms.qstoreOnly,
      use_limit: terms.useLimit ?? null,
      budget_minor: terms.budgetMinor ?? null,
      created_by: coupon.createdBy,
      created_at: coupon.createdAt,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function selectCoupon(db: Db | Trx, scope: SellerScope, couponId: number): Promise<CouponRow | undefined> {
  return await db
    .selectFrom('coupon')
    .where(ownedBy(scope, 'coupon.shop_id'))
    .where('coupon.id', '=', couponId)
    .selectAll('coupon')
    .executeTakeFirst();
}

/** Newest first, from below `before`. */
export async function selectCoupons(
  db: Db | Trx,
  scope: SellerScope,
  filter: { state: 'active' | 'stopped' | undefined; before: number | undefined; limit: number },
): Promise<CouponRow[]> {
  let query = db.selectFrom('coupon').where(ownedBy(scope, 'coupon.shop_id')).selectAll('coupon');
  if (filter.state !== undefined) query = query.where('coupon.state', '=', filter.state);
  if (filter.before !== undefined) query = query.where('coupon.id', '<', filter.before);
  return await query.orderBy('coupon.id', 'desc').limit(filter.limit).execute();
}

/** Guarded: undefined when it is not active any more. */
export async function updateStopped(
  trx: Trx,
  scope: SellerScope,
  couponId: number,
  now: Date,
): Promise<CouponRow | undefined> {
  return await trx
    .updateTable('coupon')
    .set({ state: 'stopped', stopped_at: now })
    .where(ownedBy(scope, 'coupon.shop_id', 'owner'))
    .where('coupon.id', '=', couponId)
    .where('coupon.state', '=', 'active')
    .returningAll()
    .executeTakeFirst();
}

/** For the engine, which acts for the marketplace and not for a seller. */
export async function selectCouponRow(db: Db | Trx, couponId: number): Promise<CouponRow | undefined> {
  return await db.selectFrom('coupon').where('id', '=', couponId).selectAll().executeTakeFirst();
}

/**
 * For the engine: a coupon with a limit or budget, locked until the transaction ends, so that nobody else issues or redeems
 * it meanwhile; undefined for one that has none, which is not locked.
 */
export async function lockLimits(trx: Trx, couponId: number): Promise<CouponRow | undefined> {
  return await trx
    .selectFrom('coupon')
    .where('id', '=', couponId)
    .where((where) => where.or([where('use_limit', 'is not', null), where('budget_minor', 'is not', null)]))
    .selectAll()
    .forNoKeyUpdate()
    .executeTakeFirst();
}

export async function addIssued(trx: Trx, couponId: number, coupons: number): Promise<void> {
  await trx
    .updateTable('coupon')
    .set((set) => ({ issued_count: set('issued_count', '+', coupons) }))
    .where('id', '=', couponId)
    .execute();
}
