import type { ReactNode } from 'react';
import classes from './ticket.module.css';

interface TicketProps {
  shop: string;
  /** The largest line: `300円`, `5%`. */
  discount: ReactNode;
  lines: ReactNode[];
  /** What stands on the stub behind the perforation. */
  stub: ReactNode;
  dimmed?: boolean;
}

/** A coupon, drawn as a ticket with a notched edge. */
export function Ticket({ shop, discount, lines, stub, dimmed = false }: TicketProps) {
  return (
    <div className={classes.shadow} data-dimmed={dimmed || undefined}>
      <div className={classes.ticket}>
        <div className={classes.main}>
          <div className={classes.shop}>{shop}</div>
          <div className={classes.discount}>{discount}</div>
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a ticket never move
            <div key={index} className={classes.line}>
              {line}
            </div>
          ))}
        </div>
        <div className={classes.stub}>{stub}</div>
      </div>
    </div>
  );
}
