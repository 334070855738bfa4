import { type OrderState, orderStates } from '@coupon-push/contract/shop-limits.ts';

/** What stands in the orders' URL. Days without a value: the last thirty. */
export interface OrderSearch {
  from?: string | undefined;
  until?: string | undefined;
  state?: OrderState | undefined;
  customer?: string | undefined;
  orderNo?: string | undefined;
  after?: string | undefined;
}

const day = /^\d{4}-\d\d-\d\d$/;

export function readOrderSearch(search: Record<string, unknown>): OrderSearch {
  // A number that somebody typed into the address arrives as one.
  const text = (value: unknown, pattern: RegExp) => {
    const read = typeof value === 'number' ? String(value) : value;
    return typeof read === 'string' && pattern.test(read) ? read : undefined;
  };
  return {
    from: text(search.from, day),
    until: text(search.until, day),
    state: orderStates.find((state) => state === search.state),
    customer: text(search.customer, /^.{1,200}$/),
    orderNo: text(search.orderNo, /^.{1,100}$/),
    after: text(search.after, /^.{1,100}$/),
  };
}
