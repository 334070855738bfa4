import type { Selection } from '@coupon-push/contract/compensation.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everybody, isTicked, nobody, orderFileRefusal, readSelection, tickedCount, withTicks } from './rules.ts';

const upload = { reachable: 5 };
const everyNo = [1, 2, 3, 4, 5];
const ticked = (selection: Selection) => everyNo.filter((no) => isTicked(selection, no));

describe('the ticks of a compensation', () => {
  it('are everybody’s at first, and can be taken from all of them', () => {
    expect(ticked(everybody)).toEqual(everyNo);
    expect(ticked(nobody)).toEqual([]);
    expect([tickedCount(everybody, upload), tickedCount(nobody, upload)]).toEqual([5, 0]);
  });

  it('are named by who has none, or by who has one: whichever began', () => {
    expect(withTicks(everybody, [4, 2], false)).toEqual({ mode: 'all', except: [2, 4] });
    expect(withTicks(nobody, [4, 2], true)).toEqual({ mode: 'only', only: [2, 4] });
  });

  it('are as they were after being given and taken again, and are counted rightly all the while', () => {
    const step = fc.tuple(fc.subarray(everyNo), fc.boolean());
    fc.assert(
      fc.property(fc.constantFrom(everybody, nobody), fc.array(step, { maxLength: 8 }), (first, steps) => {
        let selection = first;
        let model = new Set(ticked(first));
        for (const [nos, on] of steps) {
          selection = withTicks(selection, nos, on);
          model = on ? new Set([...model, ...nos]) : new Set([...model].filter((no) => !nos.includes(no)));
          expect(ticked(selection)).toEqual(everyNo.filter((no) => model.has(no)));
          expect(tickedCount(selection, upload)).toBe(model.size);
        }
      }),
    );
  });

  it('come out of the browser’s storage, whatever stands there', () => {
    const kept: Selection = { mode: 'only', only: [3, 9] };
    expect(readSelection(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
    for (const broken of [null, 'all', { mode: 'moon' }, { mode: 'all', except: ['x', -1, 1.5] }]) {
      expect(readSelection(broken)).toEqual(everybody);
    }
  });
});

describe('a file of order numbers', () => {
  it.each(['orders.xlsx', 'ORDERS.XLS', '注文.csv'])('named %s may be uploaded', (name) => {
    expect(orderFileRefusal({ name, size: 10 * 1024 * 1024 })).toBeNull();
  });
  it('is refused before it is uploaded when it is too large or of another kind', () => {
    expect(orderFileRefusal({ name: 'a.csv', size: 10 * 1024 * 1024 + 1 })?.problem).toMatchObject({
      code: 'order_file_too_large',
      params: { max: 10 },
    });
    expect(orderFileRefusal({ name: 'a.pdf', size: 1 })?.problem.code).toBe('order_file_kind');
  });
});
