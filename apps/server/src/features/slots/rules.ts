import type { Slot } from '@coupon-push/contract/slots.ts';
import { addDays, type Day, dayOf, minutesOf, momentAt, mondayOf, wallClockAt } from '../../lib/zoned-time.ts';
import type { Policy } from '../policy/rules.ts';

const hour = 3_600_000;

/** The wall-clock times of a day's slots: 10:00 to 22:00 inclusive, every 30 minutes, is 25 (spec 3.3). */
export function slotTimes(policy: Policy): string[] {
  const times: string[] = [];
  const last = minutesOf(policy.lastTime);
  for (let at = minutesOf(policy.firstTime); at <= last; at += policy.slotMinutes) times.push(wallClockAt(at));
  return times;
}

/** The days that are offered: from tomorrow to three days ahead, in the marketplace's zone (spec 3.3). */
export function slotDays(now: Date, policy: Policy, zone: string): Day[] {
  const today = dayOf(now, zone);
  const days: Day[] = [];
  for (let ahead = policy.firstDayAhead; ahead <= policy.lastDayAhead; ahead += 1) days.push(addDays(today, ahead));
  return days;
}

/** The last millisecond-exact moment at which a push of this slot may be cancelled (spec 3.4). */
export function cancelDeadline(slot: Date, policy: Policy): Date {
  return new Date(slot.getTime() - policy.cancelHours * hour);
}

/** Until the deadline, inclusive: at exactly 24 hours before the slot a push can still be cancelled. */
export function isCancellable(slot: Date, now: Date, policy: Policy): boolean {
  return now.getTime() <= cancelDeadline(slot, policy).getTime();
}

/** The slots of one day. A slot that has passed is not offered (a policy may offer today). */
export function slotsOfDay(day: Day, now: Date, policy: Policy, zone: string): Slot[] {
  return slotTimes(policy)
    .map((time) => ({ time, at: momentAt(day, time, zone) }))
    .filter(({ at }) => at.getTime() > now.getTime())
    .map(({ time, at }) => ({
      time,
      slot: at.toISOString(),
      cancelUntil: cancelDeadline(at, policy).toISOString(),
      cancellable: isCancellable(at, now, policy),
    }));
}

/** Is this moment one of the slots that are offered now? */
export function isOffered(slot: Date, now: Date, policy: Policy, zone: string): boolean {
  const day = dayOf(slot, zone);
  if (!slotDays(now, policy, zone).includes(day)) return false;
  return slotsOfDay(day, now, policy, zone).some((offered) => Date.parse(offered.slot) === slot.getTime());
}

/** The week that a slot uses up: its Monday, in the marketplace's zone (spec 3.2). */
export function weekOfSlot(slot: Date, zone: string): Day {
  return mondayOf(dayOf(slot, zone));
}

/**
 * From which day a slot can be applied for when every offered day lies in a full week: the day on which the first day
 * of a free week comes within reach.
 */
export function nextFreeFrom(now: Date, policy: Policy, zone: string, isFull: (monday: Day) => boolean): Day {
  const today = dayOf(now, zone);
  let day = addDays(today, policy.firstDayAhead);
  while (isFull(mondayOf(day))) day = addDays(mondayOf(day), 7);
  const reachable = addDays(day, -policy.lastDayAhead);
  if (reachable > today) return reachable;
  return today;
}

/** The lowest place of the week that is free, or null when the quota is used up (spec 3.2). */
export function freeQuotaPlace(taken: readonly number[], policy: Policy): number | null {
  for (let place = 1; place <= policy.pushesPerWeek; place += 1) {
    if (!taken.includes(place)) return place;
  }
  return null;
}
