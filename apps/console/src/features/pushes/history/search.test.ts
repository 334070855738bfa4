import { describe, expect, it } from 'vitest';
import { defaultDays, readHistorySearch } from './search.ts';

describe('the history’s URL', () => {
  it('opens one of the four tabs, the first without saying so', () => {
    expect(readHistorySearch({ tab: 'use' }).tab).toBe('use');
    expect(readHistorySearch({ tab: 'compensation' }).tab).toBe('compensation');
    expect(readHistorySearch({ tab: 'cancel' }).tab).toBeUndefined();
    expect(readHistorySearch({ tab: 'other' }).tab).toBeUndefined();
  });

  it('keeps what is typed as text, also where it is a number', () => {
    expect(readHistorySearch({ q: 123, after: 50 })).toMatchObject({ q: '123', after: '50' });
    expect(readHistorySearch({ q: '', after: '10001-7' })).toMatchObject({ q: undefined, after: '10001-7' });
  });

  it('leaves out what is no day, number or place in a list', () => {
    const search = { from: 'yesterday', until: '2026-11-25', coupon: -1, use: 'lost', after: 'a b' };
    expect(readHistorySearch(search)).toEqual({
      tab: undefined,
      from: undefined,
      until: '2026-11-25',
      coupon: undefined,
      use: undefined,
      q: undefined,
      after: undefined,
    });
  });

  it('shows seven days without saying so, and thirty of issue and use', () => {
    expect([defaultDays('cancel'), defaultDays('promotion'), defaultDays('use')]).toEqual([7, 7, 30]);
  });
});
