import type { ShopPage } from '@coupon-push/contract/my-page.ts';
import { useEffect, useRef } from 'react';
import { useFormat } from '../../lib/use-format.ts';
import { ItemTile } from '../../ui/item-tile.tsx';
import { CartStepper } from '../checkout/cart-stepper.tsx';
import { useMarketplace } from '../marketplace/marketplace.tsx';
import classes from './shops.module.css';

interface ItemGridProps {
  shopNo: string;
  items: ShopPage['items'];
  /** The item that the reader was led to. */
  markedItemNo?: string | null;
}

/** Items with picture, name and price; in the demo they can be put into a cart. */
export function ItemGrid({ shopNo, items, markedItemNo = null }: ItemGridProps) {
  const { money } = useFormat();
  const { actAs } = useMarketplace();
  const marked = useRef<HTMLLIElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that another item is led to
  useEffect(() => {
    marked.current?.scrollIntoView({ block: 'center' });
  }, [markedItemNo]);
  return (
    <ul className={classes.items}>
      {items.map((item) => (
        <li key={item.id} ref={item.itemNo === markedItemNo ? marked : null}>
          <ItemTile
            name={item.name}
            price={money(item.priceMinor)}
            imageUrl={item.imageUrl}
            url={item.url}
            marked={item.itemNo === markedItemNo}
          >
            {actAs && <CartStepper shopNo={shopNo} itemNo={item.itemNo} name={item.name} />}
          </ItemTile>
        </li>
      ))}
    </ul>
  );
}
