import type { Figures } from '@coupon-push/contract/results.ts';
import { addDays, type Day } from '../../lib/zoned-time.ts';

export const noFigures: Figures = { issued: 0, used: 0, discountMinor: 0, salesMinor: 0 };

/** The row of coupon_daily that counts what is issued: its transactions are long, no checkout waits for them there. */
export const issueSlot = 16;

/** The row that counts a customer's redemptions, and takes them off again when they are rolled back. */
export function redemptionSlot(customerId: number): number {
  return customerId % issueSlot;
}

export function sumOf(figures: readonly Figures[]): Figures {
  return figures.reduce(
    (sum, one) => ({
      issued: sum.issued + one.issued,
      used: sum.used + one.used,
      discountMinor: sum.discountMinor + one.discountMinor,
      salesMinor: sum.salesMinor + one.salesMinor,
    }),
    noFigures,
  );
}

/**
 * How many coupons of a push have expired unused. They are all issued with one validity, that of its dispatch, and so expire
 * at one moment: nothing has to be counted. A use that is rolled back after that moment makes one more.
 */
export function expiredOf({ issued, used }: Pick<Figures, 'issued' | 'used'>, validUntil: Date, now: Date): number {
  return now.getTime() < validUntil.getTime() ? 0 : issued - used;
}

/**
 * One entry for each day from the first that has figures until `until`, or until the last one, should that be later;
 * days in order, none twice.
 */
export function withoutGaps(days: readonly (Figures & { day: Day })[], until: Day): (Figures & { day: Day })[] {
  const [first] = days;
  if (first === undefined) return [];
  const last = days.at(-1)?.day ?? until;
  const byDay = new Map(days.map((one) => [one.day, one]));
  const filled: (Figures & { day: Day })[] = [];
  for (let day = first.day; day <= (last > until ? last : until); day = addDays(day, 1)) {
    filled.push(byDay.get(day) ?? { ...noFigures, day });
  }
  return filled;
}

/** Where a page of issued coupons ends: newest push first, within it by customer. */
export interface IssuedCursor {
  pushId: number;
  customerId: number;
}

export function writeCursor({ pushId, customerId }: IssuedCursor): string {
  return `${pushId}-${customerId}`;
}

/** Undefined for what is no cursor of ours: the list then begins at its beginning. */
export function readCursor(text: string | undefined): IssuedCursor | undefined {
  const [, pushId, customerId] = /^(\d{1,15})-(\d{1,15})$/.exec(text ?? '') ?? [];
  return pushId === undefined ? undefined : { pushId: Number(pushId), customerId: Number(customerId) };
}
