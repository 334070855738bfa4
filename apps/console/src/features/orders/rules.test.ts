import { describe, expect, it } from 'vitest';
import { filterOf } from './rules.ts';
import { readOrderSearch } from './search.ts';

describe('the address of the orders', () => {
  it('keeps what is searched, and drops what cannot be', () => {
    expect(readOrderSearch({ from: '2026-11-01', state: 'paid', customer: 'ham', orderNo: 262749754 })).toMatchObject({
      from: '2026-11-01',
      state: 'paid',
      customer: 'ham',
      orderNo: '262749754',
    });
    const nothing = readOrderSearch({ from: 'yesterday', state: 'lost', customer: '', orderNo: ['1'], after: {} });
    expect(Object.values(nothing).filter((value) => value !== undefined)).toEqual([]);
  });

  it('looks for an order number in any period', () => {
    const period = { from: '2026-11-01', until: '2026-11-30' };
    expect(filterOf({ state: 'paid' }, period)).toMatchObject({ ...period, state: 'paid' });
    expect(filterOf({ orderNo: '0001' }, period)).not.toHaveProperty('from');
  });
});
