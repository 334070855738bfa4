import type { CouponTerms } from '@coupon-push/contract/coupons.ts';
import { formatDay, formatMoney, formatTimestamp, zoneName } from '@coupon-push/i18n/format.ts';
import type { Language } from '@coupon-push/i18n/languages.ts';
import { messageText } from '@coupon-push/i18n/translator.ts';
import type { MarketplaceContent, PushContent } from './push-content.ts';

/** The label that Korea's Network Act wants at the very start of the subject or title of advertising (Art. 50). */
const advertisingLabel = '(광고)';

export function labelled(content: Pick<PushContent, 'advertisingLabel'>, title: string): string {
  return content.advertisingLabel ? `${advertisingLabel} ${title}` : title;
}

/** The discount as it is set large, and the limit of a percentage as it is set beside: `10%OFF`, `最大1,000円`. */
export function discountParts(
  terms: CouponTerms,
  currency: string,
  language: Language,
): { discount: string; cap: string | null } {
  const { discount } = terms;
  if (discount.kind === 'amount') {
    const amount = formatMoney(discount.amountMinor, currency, language);
    return { discount: messageText(language, 'coupon.amount', { amount }), cap: null };
  }
  const { percent, maxAmountMinor } = discount;
  const amount = maxAmountMinor === null ? null : formatMoney(maxAmountMinor, currency, language);
  return {
    discount: messageText(language, 'coupon.percent', { percent }),
    cap: amount === null ? null : messageText(language, 'coupon.upTo', { amount }),
  };
}

/** In one line: `300円`, `10%OFF（最大1,000円）`. */
export function discountText(terms: CouponTerms, currency: string, language: Language): string {
  const { discount, cap } = discountParts(terms, currency, language);
  return cap === null ? discount : messageText(language, 'coupon.capped', { discount, cap });
}

/** `2,000円以上購入時` */
export function conditionText(terms: CouponTerms, currency: string, language: Language): string {
  if (terms.minPurchaseMinor === 0) return messageText(language, 'coupon.noCondition');
  const amount = formatMoney(terms.minPurchaseMinor, currency, language);
  return messageText(language, 'coupon.condition', { amount });
}

/**
 * From when until when the coupon can be used. Recipients of one push are issued to within minutes of each other and
 * read the same text, so a relative validity is told from the first moment of issue: never too late for anyone.
 */
export function validityText(
  terms: CouponTerms,
  marketplace: Pick<MarketplaceContent, 'zone'>,
  issuedAt: Date | null,
  language: Language,
): string {
  const { validity } = terms;
  if (validity.kind === 'period') {
    const from = formatDay(validity.from, language);
    return messageText(language, 'coupon.period', { from, until: formatDay(validity.until, language) });
  }
  const { days } = validity;
  if (issuedAt === null) return messageText(language, 'coupon.days', { days });
  return messageText(language, 'coupon.until', {
    moment: lastMoment(issuedAt, days, marketplace.zone, language),
    days,
  });
}

function lastMoment(issuedAt: Date, days: number, zone: string, language: Language): string {
  const seconds = formatTimestamp(new Date(issuedAt.getTime() + days * 86_400_000), zone, language);
  return `${seconds.slice(0, -':00'.length)} ${zoneName(zone)}`;
}

/** Until when the coupon can be used: its last day, or, of a relative validity, the last moment. */
export function expiryText(
  { validity }: CouponTerms,
  { zone }: Pick<MarketplaceContent, 'zone'>,
  issuedAt: Date | null,
  language: Language,
): string {
  if (validity.kind === 'period') return formatDay(validity.until, language);
  if (issuedAt === null) return messageText(language, 'coupon.days', { days: validity.days });
  return lastMoment(issuedAt, validity.days, zone, language);
}
