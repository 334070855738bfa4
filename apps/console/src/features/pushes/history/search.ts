/** The four tabs of the guides. */
export const historyTabs = ['cancel', 'promotion', 'compensation', 'use'] as const;
export type HistoryTab = (typeof historyTabs)[number];

/** What stands in the history's URL. Days without a value: the last ones, see defaultDays. */
export interface HistorySearch {
  tab?: Exclude<HistoryTab, 'cancel'> | undefined;
  from?: string | undefined;
  until?: string | undefined;
  coupon?: number | undefined;
  /** Of the list of customers: used or unused, and what is looked for. */
  use?: 'used' | 'unused' | undefined;
  q?: string | undefined;
  after?: string | undefined;
}

/** Seven days, as the guides have it; coupons are used over weeks, so issue and use looks back further. */
export function defaultDays(tab: HistoryTab): number {
  return tab === 'use' ? 30 : 7;
}

/** Periods that are one click away. */
export const presetDays = [7, 30, 90] as const;
export const longestPreset = 90;

const day = /^\d{4}-\d\d-\d\d$/;

export function readHistorySearch(search: Record<string, unknown>): HistorySearch {
  const coupon = Number(search.coupon);
  const tab = historyTabs.find((one) => one === search.tab);
  return {
    tab: tab === 'cancel' ? undefined : tab,
    from: text(search.from, day),
    until: text(search.until, day),
    coupon: Number.isSafeInteger(coupon) && coupon > 0 ? coupon : undefined,
    use: search.use === 'used' || search.use === 'unused' ? search.use : undefined,
    q: searchText(search.q),
    after: cursor(search.after),
  };
}

function text(value: unknown, pattern: RegExp): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}

/** What is typed may be a number, which the router hands over as one. */
export function searchText(value: unknown): string | undefined {
  return text(String(value ?? ''), /^.{1,254}$/u);
}

export function cursor(value: unknown): string | undefined {
  return text(String(value ?? ''), /^[\w-]{1,100}$/);
}
