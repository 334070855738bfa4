import type { PlacedOrder } from '@coupon-push/contract/checkout.ts';
import { Link } from 'wouter';
import { useText } from '../../lib/i18n.ts';
import { useFormat } from '../../lib/use-format.ts';
import classes from './checkout.module.css';

/** The order that was just placed. */
export function PlacedPanel({ order }: { order: PlacedOrder }) {
  const { t } = useText();
  const { money } = useFormat();
  return (
    <div className={classes.done} role="status">
      <p>{t('checkout.orderNo', { orderNo: order.orderNo })}</p>
      {order.discountMinor > 0 && <p>{t('checkout.saved', { amount: money(order.discountMinor) })}</p>}
      <dl className={classes.sums}>
        <dt className={classes.total}>{t('checkout.total')}</dt>
        <dd className={classes.total}>{money(order.payableMinor)}</dd>
      </dl>
      <Link href="/coupons?state=used" className="button">
        {t('common.toCoupons')}
      </Link>
    </div>
  );
}
