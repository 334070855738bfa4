import type { OrderFilter } from './api/get-orders.ts';
import type { OrderSearch } from './search.ts';

/** What is asked for: an order number is looked for whenever it was ordered, everything else within the period. */
export function filterOf(search: OrderSearch, period: { from: string; until: string }): OrderFilter {
  const { state, customer, orderNo } = search;
  return orderNo === undefined ? { ...period, state, customer } : { state, customer, orderNo };
}
