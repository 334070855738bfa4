import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateOf, ratesByDay } from './rules.ts';

describe('the use rate', () => {
  it('is used of issued, and none where nothing was issued', () => {
    expect(rateOf({ used: 3, issued: 12 })).toBe(0.25);
    expect(rateOf({ used: 0, issued: 0 })).toBeNull();
  });

  it('by day is that of all days so far', () => {
    const days = [
      { issued: 0, used: 0 },
      { issued: 10, used: 0 },
      { issued: 0, used: 2 },
      { issued: 10, used: 3 },
    ];
    expect(ratesByDay(days)).toEqual([null, 0, 0.2, 0.25]);
  });

  it('ends with that of the whole', () => {
    const day = fc.record({ issued: fc.nat(1000), used: fc.nat(1000) });
    fc.assert(
      fc.property(fc.array(day, { minLength: 1 }), (days) => {
        const whole = {
          issued: days.reduce((sum, { issued }) => sum + issued, 0),
          used: days.reduce((sum, { used }) => sum + used, 0),
        };
        expect(ratesByDay(days).at(-1)).toBe(rateOf(whole));
      }),
    );
  });
});
