import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useText } from '../../lib/i18n.ts';
import { putIntoCart, useCart } from './cart.ts';
import classes from './checkout.module.css';

/** How many of an item are in the cart. */
export function CartStepper({ shopNo, itemNo, name }: { shopNo: string; itemNo: string; name: string }) {
  const { t } = useText();
  const quantity = useCart(shopNo)[itemNo] ?? 0;
  const put = (wanted: number) => putIntoCart(shopNo, itemNo, wanted);
  if (quantity === 0) {
    return (
      <button type="button" className="button" onClick={() => put(1)}>
        {t('checkout.add')}
        <span className="sr">: {name}</span>
      </button>
    );
  }
  return (
    <div className={classes.stepper}>
      <button
        type="button"
        className="button"
        aria-label={t('checkout.less', { item: name })}
        onClick={() => put(quantity - 1)}
      >
        <IconMinus size={18} aria-hidden />
      </button>
      <output aria-live="polite">{quantity}</output>
      <button
        type="button"
        className="button"
        aria-label={t('checkout.more', { item: name })}
        onClick={() => put(quantity + 1)}
      >
        <IconPlus size={18} aria-hidden />
      </button>
    </div>
  );
}
