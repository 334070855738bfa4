import type { CouponTerms } from '@coupon-push/contract/coupons.ts';
import type { ErrorCode } from '@coupon-push/contract/problem.ts';
import type { CouponRefusal, Sentences, ValidatedCoupon } from '@coupon-push/contract/redemptions.ts';
import { formatMoney, formatTimestamp, zoneName } from '@coupon-push/i18n/format.ts';
import type { Language } from '@coupon-push/i18n/languages.ts';
import { errorText } from '@coupon-push/i18n/translator.ts';
import type { ErrorParams } from '../../lib/app-error.ts';
import { type CouponLimits, discountOf, limitRefusal } from '../coupons/rules.ts';

/** An issued coupon, with what decides whether it can be used. */
export interface IssuedCoupon {
  shopId: number;
  terms: CouponTerms;
  validFrom: Date;
  /** The first moment at which it is not valid any more. */
  validUntil: Date;
  usedAt: Date | null;
  limits: CouponLimits | null;
}

export interface Cart {
  shopId: number;
  cartMinor: number;
  now: Date;
}

export interface Refusal {
  code: CouponRefusal;
  params: ErrorParams;
}

/** Why a coupon cannot be used for a cart, the first reason that applies; null when it can (spec 7). */
export function refusalOf(coupon: IssuedCoupon, { shopId, cartMinor, now }: Cart): Refusal | null {
  const { terms, validFrom, validUntil } = coupon;
  if (coupon.shopId !== shopId) return { code: 'coupon_other_shop', params: {} };
  if (coupon.usedAt !== null) return { code: 'coupon_used', params: {} };
  if (now < validFrom) return { code: 'coupon_not_yet_valid', params: { validFrom: validFrom.toISOString() } };
  if (now >= validUntil) return { code: 'coupon_expired', params: { validUntil: validUntil.toISOString() } };
  const { minPurchaseMinor } = terms;
  const missingMinor = minPurchaseMinor - cartMinor;
  if (missingMinor > 0) return { code: 'coupon_minimum_not_reached', params: { minPurchaseMinor, missingMinor } };
  const discountMinor = discountOf(terms, cartMinor);
  if (discountMinor === 0) return { code: 'coupon_no_discount', params: {} };
  const limit = coupon.limits && limitRefusal(coupon.limits, discountMinor);
  return limit && { code: limit, params: {} };
}

/** The order in which a checkout offers coupons: what applies, the largest discount first; then this shop's others. */
export function byUse(shopNo: string) {
  return (a: ValidatedCoupon, b: ValidatedCoupon): number =>
    Number(b.applicable) - Number(a.applicable) ||
    b.discountMinor - a.discountMinor ||
    Number(b.shopNo === shopNo) - Number(a.shopNo === shopNo) ||
    a.validUntil.localeCompare(b.validUntil);
}

/**
 * The sentence of a refusal in each language, with its amounts and moments as people read them: `...Minor` becomes money
 * under the name without that ending, a moment gets its seconds and zone.
 */
export function refusalSentences(
  code: ErrorCode,
  params: ErrorParams,
  { currency, zone }: { currency: string; zone: string },
): Sentences {
  const sentence = (language: Language) => {
    const read = Object.entries(params).map(([name, value]): [string, string | number] => {
      if (typeof value === 'number' && name.endsWith('Minor')) {
        return [name.slice(0, -'Minor'.length), formatMoney(value, currency, language)];
      }
      if (typeof value === 'string' && /^valid(From|Until)$/.test(name)) {
        return [name, `${formatTimestamp(value, zone, language)} ${zoneName(zone)}`];
      }
      return [name, value ?? ''];
    });
    return errorText(language, `error.${code}`, Object.fromEntries(read));
  };
  return { ja: sentence('ja'), ko: sentence('ko'), en: sentence('en') };
}
