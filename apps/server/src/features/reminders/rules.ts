import { addDays, dayOf, momentAt, wallClockOf } from '../../lib/zoned-time.ts';
import { isWithinHours } from '../policy/rules.ts';

type QuietHours = { from: string; until: string } | null;

/**
 * When those who have not used their coupon are reminded: so many days before its last day, at the time of day at which
 * the push went out, or when the quiet hours end. Null when that would not be after the day of the push.
 */
export function reminderMoment(
  push: { issuedAt: Date; validUntil: Date; remindDays: number },
  { zone, quietHours }: { zone: string; quietHours: QuietHours },
): Date | null {
  const lastDay = dayOf(new Date(push.validUntil.getTime() - 1), zone);
  const day = addDays(lastDay, -push.remindDays);
  if (day <= dayOf(push.issuedAt, zone)) return null;
  const time = wallClockOf(push.issuedAt, zone);
  const quiet = quietHours !== null && isWithinHours(time, quietHours);
  return momentAt(day, quiet ? quietHours.until : time, zone);
}

/** When the quiet hours end that a moment lies in; null when it lies in none. */
export function endOfQuiet(now: Date, { zone, quietHours }: { zone: string; quietHours: QuietHours }): Date | null {
  if (quietHours === null) return null;
  const time = wallClockOf(now, zone);
  if (!isWithinHours(time, quietHours)) return null;
  const today = dayOf(now, zone);
  return momentAt(time < quietHours.until ? today : addDays(today, 1), quietHours.until, zone);
}
