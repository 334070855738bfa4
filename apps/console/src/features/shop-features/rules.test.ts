import type { Item } from '@coupon-push/contract/items.ts';
import { describe, expect, it } from 'vitest';
import { featureErrors, featureOf, isChanged, valuesOf } from './rules.ts';

const item = (id: number): Item => ({
  id,
  itemNo: String(id),
  name: 'Cup',
  priceMinor: 100,
  imageUrl: '',
  salesRank: id,
});
const values = { title: ' Gifts ', startsOn: '', endsOn: '2026-12-24', items: [item(2), item(1)] };

describe('a feature being edited', () => {
  it('is sent with its title trimmed, open ends open and its items in order', () => {
    expect(featureOf(values)).toEqual({ title: 'Gifts', startsOn: null, endsOn: '2026-12-24', itemIds: [2, 1] });
  });

  it('needs a title and items, and a period that does not end before it begins', () => {
    expect(featureErrors(values)).toEqual([]);
    const wrong = { title: ' ', startsOn: '2026-12-25', endsOn: '2026-12-24', items: [] };
    expect(featureErrors(wrong).map(({ field, code }) => [field, code])).toEqual([
      ['title', 'required'],
      ['endsOn', 'until_before_from'],
      ['itemIds', 'items_required'],
    ]);
  });

  it('is changed once something differs, also the order of its items', () => {
    expect(isChanged(valuesOf(undefined), valuesOf(undefined))).toBe(false);
    expect(isChanged(values, { ...values, title: 'Gifts' })).toBe(false);
    expect(isChanged(values, { ...values, items: values.items.toReversed() })).toBe(true);
  });
});
