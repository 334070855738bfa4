import type { Figures } from '@coupon-push/contract/results.ts';

/** Used of issued, 0 to 1; null as long as nothing was issued. */
export function rateOf({ used, issued }: Pick<Figures, 'used' | 'issued'>): number | null {
  return issued === 0 ? null : used / issued;
}

/** The use rate as it stood at the end of each day. */
export function ratesByDay(days: readonly Pick<Figures, 'used' | 'issued'>[]): (number | null)[] {
  const sum = { used: 0, issued: 0 };
  return days.map((day) => {
    sum.used += day.used;
    sum.issued += day.issued;
    return rateOf(sum);
  });
}
