import { addDays, type Day } from '../../lib/zoned-time.ts';
import type { FellowPlace } from './db.ts';

/** The longest period that is shown by day. */
export const longestPeriodDays = 366;

/** Days of a period, both ends included. */
export function daysOf(from: Day, until: Day): number {
  return Math.round((Date.parse(until) - Date.parse(from)) / 86_400_000) + 1;
}

/** An entry for each day of the period, those without anybody as 0. */
export function everyDay(
  counted: readonly { day: Day; fellows: number }[],
  from: Day,
  until: Day,
): { day: Day; fellows: number }[] {
  const byDay = new Map(counted.map(({ day, fellows }) => [day, fellows]));
  return Array.from({ length: Math.max(0, daysOf(from, until)) }, (_, index) => {
    const day = addDays(from, index);
    return { day, fellows: byDay.get(day) ?? 0 };
  });
}

export function writePlace({ micros, customerId }: FellowPlace): string {
  return `${micros}.${customerId}`;
}

/** Undefined for what is no place of ours: the list then begins at its beginning. */
export function readPlace(text: string | undefined): FellowPlace | undefined {
  const [, micros, customerId] = /^(-?\d{1,16})\.(\d{1,15})$/.exec(text ?? '') ?? [];
  return micros === undefined ? undefined : { micros: Number(micros), customerId: Number(customerId) };
}
