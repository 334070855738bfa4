/** What stands in the history's URL. Days without a value: the last seven. */
export interface HistorySearch {
  tab?: 'promotion' | undefined;
  from?: string | undefined;
  until?: string | undefined;
  coupon?: number | undefined;
  after?: string | undefined;
}

const day = /^\d{4}-\d\d-\d\d$/;

export function readHistorySearch(search: Record<string, unknown>): HistorySearch {
  const text = (value: unknown, pattern: RegExp) =>
    typeof value === 'string' && pattern.test(value) ? value : undefined;
  const coupon = Number(search.coupon);
  return {
    tab: search.tab === 'promotion' ? 'promotion' : undefined,
    from: text(search.from, day),
    until: text(search.until, day),
    coupon: Number.isSafeInteger(coupon) && coupon > 0 ? coupon : undefined,
    after: text(search.after, /^.{1,100}$/),
  };
}
