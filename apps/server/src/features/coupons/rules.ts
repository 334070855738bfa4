import type { Coupon, CouponTerms, Discount, Validity } from '@coupon-push/contract/coupons.ts';
import { addDays, dayOf, startOfDay } from '../../lib/zoned-time.ts';

const day = 86_400_000;
/** Later ones have a year of five digits, which RFC 3339 cannot write: "until 9999-12-31", behind Greenwich. */
const lastMoment = new Date('9999-12-31T23:59:59.999Z');

/** What the discount takes off a cart, in minor units; 0 when the minimum purchase is not reached (spec 3.1). */
export function discountOf(terms: Pick<CouponTerms, 'discount' | 'minPurchaseMinor'>, cartMinor: number): number {
  if (cartMinor < terms.minPurchaseMinor) return 0;
  return Math.min(cartMinor, uncapped(terms.discount, cartMinor));
}

/** Rounded down to the minor unit: a coupon never takes off more than its terms say. */
function uncapped(discount: Discount, cartMinor: number): number {
  if (discount.kind === 'amount') return discount.amountMinor;
  const off = Number((BigInt(cartMinor) * BigInt(discount.percent)) / 100n);
  return discount.maxAmountMinor === null ? off : Math.min(off, discount.maxAmountMinor);
}

/**
 * From when, and until just before when, a coupon issued at a moment can be used. A period covers its first and last
 * day whole, in the marketplace's zone; N days count from the moment of issue (spec 3.1, 3.10).
 */
export function validityWindow(validity: Validity, issuedAt: Date, zone: string): { from: Date; until: Date } {
  if (validity.kind === 'days') return { from: issuedAt, until: new Date(issuedAt.getTime() + validity.days * day) };
  const until = startOfDay(addDays(validity.until, 1), zone);
  return { from: startOfDay(validity.from, zone), until: until.getTime() > lastMoment.getTime() ? lastMoment : until };
}

/** Can a coupon of this validity, issued at the slot, be used from then on (spec 3.1)? */
export function isValidAt(validity: Validity, slot: Date, zone: string): boolean {
  const window = validityWindow(validity, slot, zone);
  return window.from.getTime() <= slot.getTime() && slot.getTime() < window.until.getTime();
}

/** Less than so many days of validity remain after the slot: the seller is warned (spec 3.1). */
export function isValidityShort(validity: Validity, slot: Date, zone: string, warningDays: number): boolean {
  return validityWindow(validity, slot, zone).until.getTime() - slot.getTime() < warningDays * day;
}

/** Why a coupon cannot be sent at all, whatever the slot; null when it can (spec 3.1). */
export function notSendable(
  coupon: { state: Coupon['state']; qstoreOnly: boolean; validity: Validity; limits: CouponLimits | null },
  now: Date,
  zone: string,
): Coupon['notSendable'] {
  if (coupon.state !== 'active') return 'not_active';
  if (coupon.qstoreOnly) return 'qstore_only';
  if (coupon.validity.kind === 'period' && coupon.validity.until < dayOf(now, zone)) return 'expired';
  if (coupon.limits !== null && roomToIssue(coupon.limits) === 0) return 'used_up';
  return null;
}

export type CouponLimits = NonNullable<Coupon['limits']>;

/**
 * How many more of a coupon may be issued: not more than may be used, and none once its budget is used up. Infinity when
 * only the budget is limited.
 */
export function roomToIssue({ useLimit, issued, budgetMinor, spentMinor }: CouponLimits): number {
  if (budgetMinor !== null && spentMinor >= budgetMinor) return 0;
  return useLimit === null ? Number.POSITIVE_INFINITY : Math.max(0, useLimit - issued);
}

/**
 * Why a discount cannot be given any more; null when it can. One that the budget cannot bear whole is refused whole.
 */
export function limitRefusal(
  { useLimit, used, budgetMinor, spentMinor }: CouponLimits,
  discountMinor: number,
): 'coupon_limit_reached' | 'coupon_budget_used_up' | null {
  if (useLimit !== null && used >= useLimit) return 'coupon_limit_reached';
  return budgetMinor !== null && spentMinor + discountMinor > budgetMinor ? 'coupon_budget_used_up' : null;
}
