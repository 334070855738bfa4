import type { MyCoupon } from '@coupon-push/contract/my-page.ts';
import { useText } from '../../lib/i18n.ts';
import { useFormat } from '../../lib/use-format.ts';

/** A coupon's terms in plain words. */
export function useCouponTerms(coupon: MyCoupon): { discount: string; lines: string[] } {
  const { t } = useText();
  const { money, moment, now } = useFormat();
  const { discount, minPurchaseMinor, used, state, validFrom, validUntil } = coupon;
  const amount = discount.kind === 'amount' ? money(discount.amountMinor) : `${discount.percent}%`;
  const cap =
    discount.kind === 'percent' && discount.maxAmountMinor !== null
      ? [t('coupons.upTo', { amount: money(discount.maxAmountMinor) })]
      : [];
  const condition =
    minPurchaseMinor > 0 ? t('coupons.condition', { amount: money(minPurchaseMinor) }) : t('coupons.noCondition');
  const validity = () => {
    if (used !== null) {
      const order = t('coupons.usedOrder', { orderNo: used.orderNo, amount: money(used.discountMinor) });
      return `${t('coupons.usedOn', { moment: moment(used.at) })} · ${order}`;
    }
    // What ends at midnight was good to the end of the day before, as the reader sees it.
    const last = new Date(Date.parse(validUntil) - 1000).toISOString();
    if (state === 'expired') return t('coupons.expiredOn', { moment: moment(last) });
    if (Date.parse(validFrom) > now()) return t('coupons.from', { moment: moment(validFrom) });
    return t('coupons.until', { moment: moment(last) });
  };
  return { discount: t('coupons.off', { discount: amount }), lines: [...cap, condition, validity()] };
}
