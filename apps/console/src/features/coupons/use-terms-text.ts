import type { CouponTerms } from '@coupon-push/contract/coupons.ts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../marketplace/use-format.ts';

export interface TermsText {
  /** `300円 OFF`, `5% OFF` */
  discount: (terms: Pick<CouponTerms, 'discount'>) => string;
  /** The largest discount of a percentage, or null. */
  limit: (terms: Pick<CouponTerms, 'discount'>) => string | null;
  /** `2,000円以上購入時` */
  condition: (terms: Pick<CouponTerms, 'minPurchaseMinor'>) => string;
  /** As the guides write both: `500 / 1,700 (JPY)`, `5% / 800 (JPY)`. */
  guide: (terms: Pick<CouponTerms, 'discount' | 'minPurchaseMinor'>) => string;
  validity: (terms: Pick<CouponTerms, 'validity'>) => string;
}

/** A coupon's terms in words. */
export function useTermsText(): TermsText {
  const { t } = useTranslation();
  const format = useFormat();
  const limit = ({ discount }: Pick<CouponTerms, 'discount'>) =>
    discount.kind === 'percent' && discount.maxAmountMinor !== null
      ? t('terms.limit', { amount: format.money(discount.maxAmountMinor) })
      : null;
  return {
    discount: ({ discount }) => {
      const value = discount.kind === 'amount' ? format.money(discount.amountMinor) : `${discount.percent}%`;
      return `${value} OFF`;
    },
    limit,
    condition: ({ minPurchaseMinor }) =>
      minPurchaseMinor === 0
        ? t('terms.noCondition')
        : t('terms.condition', { amount: format.money(minPurchaseMinor) }),
    guide: (terms) => {
      const { discount } = terms;
      const value = discount.kind === 'amount' ? format.amount(discount.amountMinor) : `${discount.percent}%`;
      const most = limit(terms);
      return `${value}${most === null ? '' : ` (${most})`} / ${format.amount(terms.minPurchaseMinor)} (${format.currency})`;
    },
    validity: ({ validity }) =>
      validity.kind === 'days'
        ? t('terms.days', { count: validity.days, days: format.number(validity.days) })
        : `${format.day(validity.from)} ~ ${format.day(validity.until)}`,
  };
}
