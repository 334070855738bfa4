import type { Coupon, CouponCreate, CouponTerms, Discount, Validity } from '@coupon-push/contract/coupons.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { AppError, found } from '../../lib/app-error.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { readShop, requireOwner } from '../shops/service.ts';
import {
  addIssued,
  type CouponRow,
  insertCoupon,
  lockLimits,
  selectCoupon,
  selectCouponRow,
  selectCoupons,
  updateStopped,
} from './db.ts';
import { type CouponLimits, limitRefusal, notSendable, roomToIssue } from './rules.ts';

/** Sets up a shop coupon. @throws AppError owner_only: its terms are money. */
export async function createCoupon(
  trx: Trx,
  scope: SellerScope,
  input: { terms: CouponCreate; now: Date },
): Promise<Coupon> {
  await requireOwner(trx, scope);
  const { zone } = await readMarketplace(trx);
  const row = await insertCoupon(trx, {
    shopId: scope.shopId,
    terms: input.terms,
    createdBy: scope.userId,
    createdAt: input.now,
  });
  return toCoupon(row, input.now, zone);
}

/** @throws AppError not_found, also for another shop's coupon. */
export async function readCoupon(db: Db | Trx, scope: SellerScope, couponId: number, now: Date): Promise<Coupon> {
  const { zone } = await readMarketplace(db);
  return toCoupon(found(await selectCoupon(db, scope, couponId)), now, zone);
}

export interface CouponFilter {
  state: 'active' | 'stopped' | undefined;
  before: number | undefined;
  limit: number;
}

/** One more than the limit is read, to know whether there is a next page. */
export async function listCoupons(
  db: Db | Trx,
  scope: SellerScope,
  filter: CouponFilter,
  now: Date,
): Promise<{ entries: Coupon[]; next: string | null }> {
  await readShop(db, scope);
  const { zone } = await readMarketplace(db);
  const rows = await selectCoupons(db, scope, { ...filter, limit: filter.limit + 1 });
  const entries = rows.slice(0, filter.limit).map((row) => toCoupon(row, now, zone));
  return { entries, next: rows.length > filter.limit ? String(entries.at(-1)?.id) : null };
}

/**
 * Stops a coupon: it cannot be applied for any more, and a waiting push of it ends as not sent (spec 3.12).
 * @throws AppError not_found, owner_only, coupon_already_stopped
 */
export async function stopCoupon(trx: Trx, scope: SellerScope, couponId: number, now: Date): Promise<Coupon> {
  await requireOwner(trx, scope);
  const { zone } = await readMarketplace(trx);
  const stopped = await updateStopped(trx, scope, couponId, now);
  if (stopped === undefined) {
    found(await selectCoupon(trx, scope, couponId));
    throw new AppError('coupon_already_stopped');
  }
  return toCoupon(stopped, now, zone);
}

/** For the engine: may a coupon still be issued, and only so many (which is said when it is made, and stays)? */
export async function couponToIssue(
  db: Db | Trx,
  couponId: number,
): Promise<{ isActive: boolean; isLimited: boolean }> {
  const row = await selectCouponRow(db, couponId);
  return { isActive: row?.state === 'active', isLimited: row !== undefined && limitsOf(row) !== null };
}

/**
 * For the engine: how many of a coupon may still be issued in this transaction; nobody else issues or redeems it until that
 * ends. Null when any number may, and then nobody waits for anybody.
 */
export async function takeRoomToIssue(trx: Trx, couponId: number): Promise<number | null> {
  const row = await lockLimits(trx, couponId);
  const limits = row === undefined ? null : limitsOf(row);
  return limits === null ? null : roomToIssue(limits);
}

/** Counts what was issued of the room that was taken. */
export async function useRoomToIssue(trx: Trx, couponId: number, coupons: number): Promise<void> {
  await addIssued(trx, couponId, coupons);
}

/** For the engine: nothing of its limit or budget is left, so whoever has it cannot use it. */
export async function isCouponUsedUp(db: Db | Trx, couponId: number): Promise<boolean> {
  const row = await selectCouponRow(db, couponId);
  const limits = row === undefined ? null : limitsOf(row);
  return limits !== null && limitRefusal(limits, 1) !== null;
}

/** The terms alone, as they are frozen into a push (spec 3.12). */
export function termsOf(coupon: Coupon): CouponTerms {
  const { name, discount, minPurchaseMinor, validity, qstoreOnly } = coupon;
  return { name, discount, minPurchaseMinor, validity, qstoreOnly };
}

function toCoupon(row: CouponRow, now: Date, zone: string): Coupon {
  const state = row.state === 'active' ? 'active' : 'stopped';
  const validity = validityOf(row);
  const limits = limitsOf(row);
  return {
    id: row.id,
    name: row.name,
    discount: discountOfRow(row),
    minPurchaseMinor: row.min_purchase_minor,
    validity,
    qstoreOnly: row.qstore_only,
    state,
    notSendable: notSendable({ state, qstoreOnly: row.qstore_only, validity, limits }, now, zone),
    limits,
    createdAt: row.created_at.toISOString(),
    stoppedAt: row.stopped_at?.toISOString() ?? null,
  };
}

function limitsOf(row: CouponRow): CouponLimits | null {
  if (row.use_limit === null && row.budget_minor === null) return null;
  return {
    useLimit: row.use_limit,
    budgetMinor: row.budget_minor,
    issued: row.issued_count,
    used: row.used_count,
    spentMinor: row.spent_minor,
  };
}

function discountOfRow(row: CouponRow): Discount {
  if (row.amount_minor !== null) return { kind: 'amount', amountMinor: row.amount_minor };
  return { kind: 'percent', percent: row.percent ?? 0, maxAmountMinor: row.max_amount_minor };
}

function validityOf(row: CouponRow): Validity {
  if (row.valid_days !== null) return { kind: 'days', days: row.valid_days };
  return { kind: 'period', from: row.valid_from ?? '', until: row.valid_until ?? '' };
}
