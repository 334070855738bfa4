import { Temporal } from 'temporal-polyfill';

/** A calendar day as `2026-11-25`. */
export type Day = string;
/** A wall-clock time as `10:00`. */
export type WallClock = string;

function zoned(instant: Date, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone);
}

/** The calendar day on which a moment falls in a zone. */
export function dayOf(instant: Date, zone: string): Day {
  return zoned(instant, zone).toPlainDate().toString();
}

/** The wall-clock time of a moment in a zone, to the minute. */
export function wallClockOf(instant: Date, zone: string): WallClock {
  return zoned(instant, zone).toPlainTime().toString({ smallestUnit: 'minute' });
}

/**
 * The moment at which a wall clock in a zone shows this. A time that a clock change skips becomes the moment just after
 * the gap; one that occurs twice, its first occurrence.
 */
export function momentAt(day: Day, time: WallClock, zone: string): Date {
  const wall = Temporal.PlainDate.from(day).toPlainDateTime(Temporal.PlainTime.from(time));
  return new Date(wall.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds);
}

/** The first moment of a day. */
export function startOfDay(day: Day, zone: string): Date {
  return new Date(Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds);
}

export function addDays(day: Day, days: number): Day {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** The Monday of the week (Monday to Sunday) that a day is in. */
export function mondayOf(day: Day): Day {
  const date = Temporal.PlainDate.from(day);
  return date.subtract({ days: date.dayOfWeek - 1 }).toString();
}

/** Minutes since midnight of a wall-clock time. */
export function minutesOf(time: WallClock): number {
  const at = Temporal.PlainTime.from(time);
  return at.hour * 60 + at.minute;
}

/** The wall-clock time at so many minutes since midnight (0 to 1439). */
export function wallClockAt(minutes: number): WallClock {
  const pad = (n: number) => String(n).padStart(2, '0');
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** Is the name a time zone that this machine knows? */
export function isZone(name: string): boolean {
  try {
    Temporal.Now.instant().toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
