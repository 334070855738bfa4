/** What stands in the fellows' URL. Days without a value: the last thirty for the chart, all for the list. */
export interface FellowSearch {
  from?: string | undefined;
  until?: string | undefined;
  after?: string | undefined;
}

const day = /^\d{4}-\d\d-\d\d$/;

export function readFellowSearch(search: Record<string, unknown>): FellowSearch {
  const text = (value: unknown, pattern: RegExp) =>
    typeof value === 'string' && pattern.test(value) ? value : undefined;
  return {
    from: text(search.from, day),
    until: text(search.until, day),
    after: text(search.after, /^-?\d{1,16}\.\d{1,15}$/),
  };
}
