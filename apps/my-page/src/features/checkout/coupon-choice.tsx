import type { ValidatedCoupon } from '@coupon-push/contract/redemptions.ts';
import { useText } from '../../lib/i18n.ts';
import { useFormat } from '../../lib/use-format.ts';
import classes from './checkout.module.css';

interface CouponChoiceProps {
  coupons: ValidatedCoupon[];
  /** The code of the chosen one; null: none. */
  chosen: string | null;
  onChoose: (couponCode: string | null) => void;
}

/** What nothing can be done about is not shown. */
const hopeless = new Set(['coupon_other_shop', 'coupon_used', 'coupon_expired']);

/** The customer's coupons of this shop: those that apply, and what others wait for. */
export function CouponChoice({ coupons, chosen, onChoose }: CouponChoiceProps) {
  const { t, language } = useText();
  const { money } = useFormat();
  const shown = coupons.filter(({ refusal }) => refusal === null || !hopeless.has(refusal.code));
  return (
    <fieldset className={classes.choices}>
      <legend>{t('checkout.coupon')}</legend>
      {shown.length === 0 && <p className="note">{t('checkout.noneForShop')}</p>}
      {shown.map((coupon) => (
        <label key={coupon.couponCode} className={classes.choice}>
          <input
            type="radio"
            name="coupon"
            disabled={!coupon.applicable}
            checked={coupon.couponCode === chosen}
            onChange={() => onChoose(coupon.couponCode)}
          />
          <span>{coupon.name}</span>
          <strong>{coupon.applicable && `-${money(coupon.discountMinor)}`}</strong>
          {coupon.refusal !== null && <span className={classes.reason}>{coupon.refusal.sentences[language]}</span>}
        </label>
      ))}
      {shown.length > 0 && (
        <label className={classes.choice}>
          <input type="radio" name="coupon" checked={chosen === null} onChange={() => onChoose(null)} />
          <span>{t('checkout.noCoupon')}</span>
        </label>
      )}
    </fieldset>
  );
}
