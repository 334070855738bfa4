import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, dayOf, momentAt, mondayOf, wallClockOf } from '../../lib/zoned-time.ts';
import { policyProfiles } from '../policy/rules.ts';
import {
  cancelDeadline,
  freeQuotaPlace,
  isCancellable,
  isOffered,
  nextFreeFrom,
  slotDays,
  slotsOfDay,
  slotTimes,
  weekOfSlot,
} from './rules.ts';

const { jp } = policyProfiles;
const tokyo = 'Asia/Tokyo';
const moments = fc.date({ min: new Date('2020-01-01Z'), max: new Date('2040-01-01Z'), noInvalidDate: true });
const zones = fc.constantFrom(tokyo, 'Asia/Seoul', 'UTC', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe');

describe('slots', () => {
  it('are 25 a day, from 10:00 to 22:00 inclusive', () => {
    const times = slotTimes(jp);
    expect(times).toHaveLength(25);
    expect(times.at(0)).toBe('10:00');
    expect(times.at(-1)).toBe('22:00');
  });

  it('are offered from tomorrow to three days ahead, in the marketplace’s zone and not the server’s', () => {
    // 2026-11-24 15:30 UTC is already 25 November, half past midnight, in Tokyo.
    expect(slotDays(new Date('2026-11-24T15:30:00Z'), jp, tokyo)).toEqual(['2026-11-26', '2026-11-27', '2026-11-28']);
    expect(slotDays(new Date('2026-11-24T14:30:00Z'), jp, tokyo)).toEqual(['2026-11-25', '2026-11-26', '2026-11-27']);
  });

  it('every offered slot is recognised as offered, and shows its wall-clock time in the zone', () => {
    fc.assert(
      fc.property(moments, zones, (now, zone) => {
        for (const day of slotDays(now, jp, zone)) {
          for (const { slot, time } of slotsOfDay(day, now, jp, zone)) {
            expect(isOffered(new Date(slot), now, jp, zone)).toBe(true);
            expect(dayOf(new Date(slot), zone)).toBe(day);
            expect(wallClockOf(new Date(slot), zone)).toBe(time);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('a moment beside a slot is not offered', () => {
    const now = new Date('2026-11-24T00:00:00Z');
    const slot = momentAt('2026-11-25', '10:00', tokyo);
    expect(isOffered(slot, now, jp, tokyo)).toBe(true);
    for (const ms of [-1, 1, 15 * 60_000]) {
      expect(isOffered(new Date(slot.getTime() + ms), now, jp, tokyo)).toBe(false);
    }
    expect(isOffered(momentAt('2026-11-24', '22:00', tokyo), now, jp, tokyo)).toBe(false);
    expect(isOffered(momentAt('2026-11-28', '10:00', tokyo), now, jp, tokyo)).toBe(false);
    expect(isOffered(momentAt('2026-11-25', '22:30', tokyo), now, jp, tokyo)).toBe(false);
  });
});

describe('the cancel deadline', () => {
  it('is 24 hours before the slot, to the millisecond', () => {
    fc.assert(
      fc.property(moments, (slot) => {
        const deadline = cancelDeadline(slot, jp).getTime();
        expect(slot.getTime() - deadline).toBe(24 * 3_600_000);
        expect(isCancellable(slot, new Date(deadline - 1), jp)).toBe(true);
        expect(isCancellable(slot, new Date(deadline), jp)).toBe(true);
        expect(isCancellable(slot, new Date(deadline + 1), jp)).toBe(false);
      }),
    );
  });
});

describe('the weekly quota', () => {
  it('counts weeks from Monday to Sunday in the marketplace’s zone', () => {
    // Sunday 22:00 and the Monday after it, 10:00, in Tokyo.
    expect(weekOfSlot(momentAt('2026-11-29', '22:00', tokyo), tokyo)).toBe('2026-11-23');
    expect(weekOfSlot(momentAt('2026-11-30', '10:00', tokyo), tokyo)).toBe('2026-11-30');
    // The same instant is Sunday in UTC and Monday in Tokyo.
    expect(weekOfSlot(new Date('2026-11-29T15:00:00Z'), tokyo)).toBe('2026-11-30');
    expect(weekOfSlot(new Date('2026-11-29T15:00:00Z'), 'UTC')).toBe('2026-11-23');
  });

  it('the seven days from a Monday share its week, the eighth does not', () => {
    fc.assert(
      fc.property(moments, zones, (moment, zone) => {
        const monday = mondayOf(dayOf(moment, zone));
        for (let ahead = 0; ahead < 7; ahead += 1) expect(mondayOf(addDays(monday, ahead))).toBe(monday);
        expect(mondayOf(addDays(monday, 7))).not.toBe(monday);
      }),
    );
  });

  it('gives the lowest free place, and none when all are taken', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.uniqueArray(fc.integer({ min: 1, max: 5 })), (allowed, taken) => {
        const place = freeQuotaPlace(taken, { ...jp, pushesPerWeek: allowed });
        const free = Array.from({ length: allowed }, (_, i) => i + 1).filter((one) => !taken.includes(one));
        expect(place).toBe(free[0] ?? null);
      }),
    );
  });

  it('tells from which day the first slot of a free week can be applied for', () => {
    // Wednesday 25 November; this week is taken: Monday 30 comes within reach three days before, on Friday 27.
    const now = momentAt('2026-11-25', '12:00', tokyo);
    expect(nextFreeFrom(now, jp, tokyo, (monday) => monday === '2026-11-23')).toBe('2026-11-27');
    // On Saturday Monday is within reach already.
    const saturday = momentAt('2026-11-28', '12:00', tokyo);
    expect(nextFreeFrom(saturday, jp, tokyo, (monday) => monday === '2026-11-23')).toBe('2026-11-28');
  });

  it('from the day it names, a slot of a free week is really offered', () => {
    fc.assert(
      fc.property(moments, zones, fc.integer({ min: 0, max: 3 }), (now, zone, fullWeeks) => {
        const thisMonday = mondayOf(dayOf(now, zone));
        const full = Array.from({ length: fullWeeks }, (_, i) => addDays(thisMonday, i * 7));
        const isFull = (monday: string) => full.includes(monday);
        const from = nextFreeFrom(now, jp, zone, isFull);
        const offeredThen = slotDays(momentAt(from, '12:00', zone), jp, zone);
        expect(offeredThen.some((day) => !isFull(mondayOf(day)))).toBe(true);
        const today = dayOf(now, zone);
        if (from > today) {
          const dayBefore = slotDays(momentAt(addDays(from, -1), '12:00', zone), jp, zone);
          expect(dayBefore.every((day) => isFull(mondayOf(day)))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});
