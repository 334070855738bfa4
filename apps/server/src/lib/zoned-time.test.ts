import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayOf, isZone, minutesOf, momentAt, startOfDay, wallClockAt, wallClockOf } from './zoned-time.ts';

describe('wall-clock time', () => {
  it('of a moment leads back to that moment where no clock change makes it ambiguous', () => {
    const moments = fc.date({ min: new Date('2000-01-01Z'), max: new Date('2050-01-01Z'), noInvalidDate: true });
    fc.assert(
      fc.property(moments, fc.constantFrom('Asia/Tokyo', 'Asia/Seoul', 'UTC'), (moment, zone) => {
        const minute = new Date(Math.floor(moment.getTime() / 60_000) * 60_000);
        expect(momentAt(dayOf(minute, zone), wallClockOf(minute, zone), zone)).toEqual(minute);
      }),
    );
  });

  it('that a clock change skips is the moment after the gap', () => {
    expect(momentAt('2026-03-29', '02:30', 'Europe/Berlin').toISOString()).toBe('2026-03-29T01:30:00.000Z');
  });

  it('a day begins at its first moment even where midnight does not exist', () => {
    expect(startOfDay('2026-09-06', 'America/Santiago').toISOString()).toBe('2026-09-06T04:00:00.000Z');
  });

  it('minutes and wall-clock times are the same thing', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1439 }), (minutes) => minutesOf(wallClockAt(minutes)) === minutes));
  });

  it('knows which names are zones', () => {
    expect(isZone('Asia/Tokyo')).toBe(true);
    expect(isZone('Mars/Olympus')).toBe(false);
  });
});
