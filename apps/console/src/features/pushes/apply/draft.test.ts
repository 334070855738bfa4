import { describe, expect, it } from 'vitest';
import { emptyWithSlot, readDraft } from './draft.ts';
import { type ApplyValues, emptyApplication } from './values.ts';

const values: ApplyValues = { ...emptyApplication, couponId: 50694, date: '2026-11-25', time: '15:30' };
const savedAt = '2026-11-24T06:04:00.000Z';

describe('a draft in the browser', () => {
  it('comes back as it was, with when it was kept', () => {
    expect(readDraft(JSON.parse(JSON.stringify({ values, savedAt })))).toEqual({ values, savedAt });
  });
  it('that was applied for or discarded tells so, and is not shown again', () => {
    expect(readDraft({ ended: 'applied', pushId: 10001 })).toEqual({ ended: 'applied', pushId: 10001 });
    expect(readDraft({ ended: 'discarded' })).toEqual({ ended: 'discarded' });
  });
  it.each([
    null,
    'x',
    7,
    [],
    {},
    { values },
    { values: 'x', savedAt },
    { values, savedAt: 'soon' },
    { ended: 'applied' },
  ])('is none where %j stands', (stored) => {
    expect(readDraft(stored)).toBeNull();
  });
});

describe('an emptied form', () => {
  it('keeps the slot that it has chosen by itself, and nothing else', () => {
    expect(emptyWithSlot(values)).toEqual({ ...emptyApplication, date: '2026-11-25', time: '15:30' });
  });
});
