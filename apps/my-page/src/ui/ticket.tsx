import type { ReactNode } from 'react';
import classes from './ticket.module.css';

interface TicketProps {
  shop: string;
  /** The largest line: `300円 OFF`. */
  discount: string;
  /** Condition and validity. */
  lines: string[];
  /** What stands on the stub behind the perforation. */
  stub: ReactNode;
  dimmed?: boolean;
}

/** A coupon, drawn as a ticket with a notched edge: the same as in the console and in the e-mail. */
export function Ticket({ shop, discount, lines, stub, dimmed = false }: TicketProps) {
  return (
    <div className={classes.edge} data-dimmed={dimmed || undefined}>
      <div className={classes.ticket}>
        <div className={classes.main}>
          <p className={classes.shop}>{shop}</p>
          <p className={classes.discount}>{discount}</p>
          {lines.map((line) => (
            <p key={line} className={classes.line}>
              {line}
            </p>
          ))}
        </div>
        <div className={classes.stub}>{stub}</div>
      </div>
    </div>
  );
}
