import type { ReactNode } from 'react';
import classes from './item-tile.module.css';
import { LeadingLink } from './leading-link.tsx';

interface ItemTileProps {
  name: string;
  /** As it is shown, with its currency. */
  price: string;
  imageUrl: string;
  url: string;
  /** The item that the reader was led to. */
  marked?: boolean;
  /** What can be done with it. */
  children?: ReactNode;
}

/** An item in a grid: picture, name, price. */
export function ItemTile({ name, price, imageUrl, url, marked = false, children }: ItemTileProps) {
  return (
    <div className={classes.tile} data-marked={marked || undefined}>
      <LeadingLink href={url} className={classes.link ?? ''}>
        <img src={imageUrl} alt="" width={200} height={200} loading="lazy" decoding="async" />
        <span className={classes.name}>{name}</span>
        <strong>{price}</strong>
      </LeadingLink>
      {children}
    </div>
  );
}
