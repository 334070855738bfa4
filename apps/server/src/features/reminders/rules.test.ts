import { describe, expect, it } from 'vitest';
import { momentAt } from '../../lib/zoned-time.ts';
import { validityWindow } from '../coupons/rules.ts';
import { endOfQuiet, reminderMoment } from './rules.ts';

const jp = { zone: 'Asia/Tokyo', quietHours: null };
const kr = { zone: 'Asia/Seoul', quietHours: { from: '21:00', until: '08:00' } };
const at = (day: string, time: string) => momentAt(day, time, 'Asia/Tokyo');

describe('the moment of a reminder', () => {
  const issuedAt = at('2026-11-25', '10:30');
  const { until } = validityWindow({ kind: 'period', from: '2026-11-01', until: '2026-12-31' }, issuedAt, jp.zone);

  it('lies so many days before the last day of validity, at the time of day of the push', () => {
    expect(reminderMoment({ issuedAt, validUntil: until, remindDays: 3 }, jp)).toEqual(at('2026-12-28', '10:30'));
    const days = validityWindow({ kind: 'days', days: 30 }, issuedAt, jp.zone);
    expect(reminderMoment({ issuedAt, validUntil: days.until, remindDays: 1 }, jp)).toEqual(at('2026-12-24', '10:30'));
  });

  it('is after the day of the push, or there is none', () => {
    const validUntil = (days: number) => validityWindow({ kind: 'days', days }, issuedAt, jp.zone).until;
    expect(reminderMoment({ issuedAt, validUntil: validUntil(4), remindDays: 3 }, jp)).toEqual(
      at('2026-11-26', '10:30'),
    );
    expect(reminderMoment({ issuedAt, validUntil: validUntil(3), remindDays: 3 }, jp)).toBeNull();
    expect(reminderMoment({ issuedAt, validUntil: validUntil(3), remindDays: 14 }, jp)).toBeNull();
  });

  it('never lies in the quiet hours (policy kr)', () => {
    const late = { validUntil: until, remindDays: 3 };
    const slot = (time: string) => reminderMoment({ ...late, issuedAt: at('2026-11-25', time) }, kr);
    expect(slot('20:30')).toEqual(at('2026-12-28', '20:30'));
    expect(slot('21:00')).toEqual(at('2026-12-28', '08:00'));
    expect(slot('22:00')).toEqual(at('2026-12-28', '08:00'));
  });
});

describe('the end of the quiet hours', () => {
  it('is the next morning in the evening, the same one at night, and none by day', () => {
    expect(endOfQuiet(at('2026-12-28', '21:00'), kr)).toEqual(at('2026-12-29', '08:00'));
    expect(endOfQuiet(at('2026-12-28', '23:59'), kr)).toEqual(at('2026-12-29', '08:00'));
    expect(endOfQuiet(at('2026-12-28', '00:00'), kr)).toEqual(at('2026-12-28', '08:00'));
    expect(endOfQuiet(at('2026-12-28', '08:00'), kr)).toBeNull();
    expect(endOfQuiet(at('2026-12-28', '20:59'), kr)).toBeNull();
    expect(endOfQuiet(at('2026-12-28', '23:00'), jp)).toBeNull();
  });
});
