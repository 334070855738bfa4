import type { CouponTerms } from '@coupon-push/contract/coupons.ts';
import { useTranslation } from 'react-i18next';
import { Ticket } from '../../ui/ticket.tsx';
import { useTermsText } from './use-terms-text.ts';

interface CouponTicketProps {
  shop: string;
  terms: CouponTerms;
  /** The coupon number; none yet for a coupon that is being set up. */
  couponId?: number;
  dimmed?: boolean;
}

export function CouponTicket({ shop, terms, couponId, dimmed = false }: CouponTicketProps) {
  const { t } = useTranslation();
  const text = useTermsText();
  const limit = text.limit(terms);
  return (
    <Ticket
      shop={shop}
      discount={isTyped(terms) ? text.discount(terms) : '–'}
      lines={[limit === null ? text.condition(terms) : `${text.condition(terms)} · ${limit}`, text.validity(terms)]}
      stub={
        <>
          <span>{t('coupon.number')}</span>
          <strong>{couponId ?? '–'}</strong>
        </>
      }
      dimmed={dimmed}
    />
  );
}

/** False while a coupon is being set up and has no discount yet. */
function isTyped({ discount }: CouponTerms): boolean {
  return discount.kind === 'amount' ? discount.amountMinor > 0 : discount.percent > 0;
}
