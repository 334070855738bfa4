import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectivePolicy, isWithinHours, policyProfiles, policySchema } from './rules.ts';

describe('policy profiles', () => {
  it('are complete and valid', () => {
    for (const policy of Object.values(policyProfiles)) expect(policySchema.parse(policy)).toEqual(policy);
  });

  it('kr labels advertising, keeps the night quiet, and has the Korean guide’s items and banner', () => {
    expect(policyProfiles.kr).toMatchObject({
      advertisingLabel: true,
      quietHours: { from: '21:00', until: '08:00' },
      bestItemsMin: 4,
      bestItemsMax: 4,
      bannerSizes: [{ width: 800, height: 100 }],
    });
  });

  it('lie under the operator’s own values', () => {
    expect(effectivePolicy('jp', { cancelHours: 12 })).toEqual({ ...policyProfiles.jp, cancelHours: 12 });
    expect(() => effectivePolicy('jp', { cancelHours: 'soon' })).toThrow();
  });
});

describe('quiet hours', () => {
  const night = { from: '21:00', until: '08:00' };
  it.each([
    ['20:59', false],
    ['21:00', true],
    ['23:59', true],
    ['00:00', true],
    ['07:59', true],
    ['08:00', false],
    ['12:00', false],
  ])('%s: %s', (time, quiet) => expect(isWithinHours(time, night)).toBe(quiet));

  it('and the hours from their end to their beginning share no time and leave none out', () => {
    const times = fc
      .integer({ min: 0, max: 1439 })
      .map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`);
    fc.assert(
      fc.property(times, times, times, (from, until, time) => {
        fc.pre(from !== until);
        expect(isWithinHours(time, { from, until })).toBe(!isWithinHours(time, { from: until, until: from }));
      }),
    );
  });
});
