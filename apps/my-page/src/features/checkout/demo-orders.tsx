import type { DemoOrder } from '@coupon-push/contract/checkout.ts';
import { myCouponStates } from '@coupon-push/contract/my-page-states.ts';
import { useState } from 'react';
import useSWR, { mutate } from 'swr';
import { request } from '../../lib/http.ts';
import { useText } from '../../lib/i18n.ts';
import { useAction } from '../../lib/use-action.ts';
import { useFormat } from '../../lib/use-format.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { refreshList } from '../../ui/endless-list.tsx';
import { Refusal } from '../../ui/states.tsx';
import { couponsAddress } from '../coupons/coupons-address.ts';
import classes from './checkout.module.css';

const address = '/api/demo/checkout/orders';

/** An order was placed or cancelled: orders, quotes and the coupon box are not what they were. */
export function refreshOrders(): void {
  void mutate(address);
  void mutate((key) => Array.isArray(key));
  for (const state of myCouponStates) refreshList(couponsAddress(state));
}

/** The customer's orders at the demo's checkout; cancelling one gives its coupon back. */
export function DemoOrders() {
  const { t } = useText();
  const { data } = useSWR<{ orders: DemoOrder[] }>(address);
  if (data === undefined || data.orders.length === 0) return null;
  return (
    <section aria-labelledby="demo-orders">
      <h2 id="demo-orders">{t('checkout.orders')}</h2>
      <ul>
        {data.orders.map((order) => (
          <Order key={order.orderNo} order={order} />
        ))}
      </ul>
    </section>
  );
}

function Order({ order }: { order: DemoOrder }) {
  const { t } = useText();
  const { money, moment } = useFormat();
  const [asked, setAsked] = useState(false);
  const cancel = useAction(async () => {
    await request(`${address}/cancel`, 'POST', { orderNo: order.orderNo });
    setAsked(false);
    refreshOrders();
  });
  return (
    <li className={classes.order}>
      <strong>{t('checkout.orderNo', { orderNo: order.orderNo })}</strong>
      <span className="note">
        {order.shop.name} · {moment(order.placedAt)} · {money(order.payableMinor)}
      </span>
      {order.state === 'cancelled' && (
        <span className="note">
          {t('checkout.cancelled')} ·{' '}
          {t(order.couponCode === null ? 'checkout.cancelledPlain' : 'checkout.cancelledText')}
        </span>
      )}
      {order.state === 'placed' && (
        <span>
          <button type="button" className="button" onClick={() => setAsked(true)}>
            {t('checkout.cancelOrder')}
          </button>
        </span>
      )}
      {asked && (
        <Confirm
          question={t('checkout.cancelQuestion')}
          text={t('checkout.cancelText')}
          action={t('checkout.cancelOrder')}
          busy={cancel.busy}
          onAct={() => void cancel.run()}
          onClose={() => setAsked(false)}
        >
          <Refusal error={cancel.refusal} />
        </Confirm>
      )}
    </li>
  );
}
