import type { OrderRequest, PlacedOrder, Quote } from '@coupon-push/contract/checkout.ts';
import { IconShoppingCart } from '@tabler/icons-react';
import { useState } from 'react';
import useSWR from 'swr';
import { Link } from 'wouter';
import { problemOf, request } from '../../lib/http.ts';
import { useText } from '../../lib/i18n.ts';
import { useAction } from '../../lib/use-action.ts';
import { useFormat } from '../../lib/use-format.ts';
import { Page } from '../../ui/page.tsx';
import { EmptyState, ErrorState, ListSkeleton, Refusal } from '../../ui/states.tsx';
import { type Cart, emptyCart, useCart } from './cart.ts';
import { CartStepper } from './cart-stepper.tsx';
import classes from './checkout.module.css';
import { CouponChoice } from './coupon-choice.tsx';
import { DemoOrders, refreshOrders } from './demo-orders.tsx';
import { PlacedPanel } from './placed-panel.tsx';

const quoteAddress = '/api/demo/checkout/quote';

function linesOf(cart: Cart) {
  return Object.entries(cart).map(([itemNo, quantity]) => ({ itemNo, quantity }));
}

/** The demo's checkout: what a marketplace's own would show, by way of the same redemption API. */
export function CheckoutPage({ shopNo }: { shopNo: string }) {
  const { t } = useText();
  const cart = useCart(shopNo);
  const [placed, setPlaced] = useState<PlacedOrder>();
  const back = <Link href={`/shops/${encodeURIComponent(shopNo)}`}>{t('checkout.backToShop')}</Link>;
  const lines = linesOf(cart);
  return (
    <Page title={t(placed === undefined ? 'checkout.title' : 'checkout.done')} above={back}>
      <p className={classes.demo}>{t('checkout.demo')}</p>
      {placed !== undefined && <PlacedPanel order={placed} />}
      {placed === undefined && lines.length === 0 && (
        <EmptyState icon={<IconShoppingCart />} title={t('checkout.empty')} text={t('checkout.emptyText')} />
      )}
      {placed === undefined && lines.length > 0 && (
        <CartForm
          shopNo={shopNo}
          lines={lines}
          onPlaced={(order) => {
            setPlaced(order);
            emptyCart(shopNo);
            refreshOrders();
          }}
        />
      )}
      <DemoOrders />
    </Page>
  );
}

interface CartFormProps {
  shopNo: string;
  lines: { itemNo: string; quantity: number }[];
  onPlaced: (order: PlacedOrder) => void;
}

function CartForm({ shopNo, lines, onPlaced }: CartFormProps) {
  const { t } = useText();
  const { money } = useFormat();
  const {
    data: quote,
    error,
    isLoading,
    mutate,
  } = useSWR<Quote>([quoteAddress, shopNo, lines], () => request(quoteAddress, 'POST', { shopNo, lines }), {
    keepPreviousData: true,
    revalidateOnFocus: false,
  });
  const [chosen, setChosen] = useState<string | null>();
  const place = useAction(async (order: OrderRequest) => {
    try {
      onPlaced(await request<PlacedOrder>('/api/demo/checkout/orders', 'POST', order));
    } catch (refusal) {
      // What was refused may have changed since it was offered; an answer that was not heard may have been a yes.
      if (problemOf(refusal).status >= 400) void mutate();
      throw refusal;
    }
  });
  if (quote === undefined) {
    if (error !== undefined) return <ErrorState error={error} onRetry={() => void mutate()} />;
    return <ListSkeleton height={64} />;
  }
  const best = quote.coupons.find(({ applicable }) => applicable);
  const wanted = chosen === undefined ? best : quote.coupons.find(({ couponCode }) => couponCode === chosen);
  const coupon = wanted?.applicable ? wanted : undefined;
  const discount = coupon?.discountMinor ?? 0;
  const order = { orderNo: quote.orderNo, shopNo, lines, couponCode: coupon?.couponCode ?? null };
  return (
    <>
      <ul className={classes.lines}>
        {quote.lines.map((line) => (
          <li key={line.itemNo} className={classes.line}>
            <span>{line.name}</span>
            <strong>{money(line.priceMinor * line.quantity)}</strong>
            <CartStepper shopNo={shopNo} itemNo={line.itemNo} name={line.name} />
          </li>
        ))}
      </ul>
      <CouponChoice coupons={quote.coupons} chosen={coupon?.couponCode ?? null} onChoose={setChosen} />
      <dl className={classes.sums}>
        <dt>{t('checkout.subtotal')}</dt>
        <dd>{money(quote.cartMinor)}</dd>
        <dt>{t('checkout.discount')}</dt>
        <dd>{discount === 0 ? money(0) : `-${money(discount)}`}</dd>
        <dt className={classes.total}>{t('checkout.total')}</dt>
        <dd className={classes.total}>{money(quote.cartMinor - discount)}</dd>
      </dl>
      <Refusal error={place.refusal} />
      <button
        type="button"
        className="button button-main"
        disabled={place.busy || isLoading}
        onClick={() => void place.run(order)}
      >
        {t('checkout.order')}
      </button>
    </>
  );
}
