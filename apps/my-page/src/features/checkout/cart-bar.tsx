import { Link } from 'wouter';
import { useText } from '../../lib/i18n.ts';
import { piecesOf, useCart } from './cart.ts';
import classes from './checkout.module.css';

/** The way to the demo's checkout, above the bottom bar, as soon as there is something in the cart. */
export function CartBar({ shopNo }: { shopNo: string }) {
  const { t } = useText();
  const pieces = piecesOf(useCart(shopNo));
  if (pieces === 0) return null;
  return (
    <div className={classes.cartBar}>
      <Link href={`/shops/${encodeURIComponent(shopNo)}/checkout`} className="button button-main">
        {t('checkout.cart', { count: pieces })}
      </Link>
    </div>
  );
}
