import { describe, expect, it } from 'vitest';
import { type CouponForm, couponErrors, couponOf, emptyCouponForm } from './rules.ts';

const today = '2026-11-22';
const good: CouponForm = { ...emptyCouponForm, name: ' Thanks ', amount: 300, minPurchase: 2000 };

function fields(form: CouponForm) {
  return couponErrors(form, today).map(({ field, code }) => `${field} ${code}`);
}

describe('a coupon that is being set up', () => {
  it('is sent in minor units, with its name trimmed', () => {
    expect(couponOf({ ...good, amount: 3.5, minPurchase: 20 }, 100)).toEqual({
      name: 'Thanks',
      discount: { kind: 'amount', amountMinor: 350 },
      minPurchaseMinor: 2000,
      validity: { kind: 'days', days: 30 },
      qstoreOnly: false,
      useLimit: null,
      budgetMinor: null,
    });
    expect(couponOf({ ...good, useLimit: 500, budget: 1000 }, 100)).toMatchObject({
      useLimit: 500,
      budgetMinor: 100_000,
    });
  });
  it('has limits of at least one, or none', () => {
    expect(fields({ ...good, useLimit: 0, budget: 0 })).toEqual(['useLimit too_small', 'budgetMinor too_small']);
    expect(fields({ ...good, useLimit: 1, budget: 1 })).toEqual([]);
  });
  it('has nothing wrong when name and discount are given', () => {
    expect(fields(good)).toEqual([]);
    expect(fields({ ...good, minPurchase: '' })).toEqual([]);
  });
  it('names what is missing in the order of the form', () => {
    expect(fields({ ...emptyCouponForm, days: '' })).toEqual([
      'name required',
      'discount.amountMinor required',
      'validity.days required',
    ]);
  });
  it('must not take off more than has to be bought', () => {
    expect(fields({ ...good, amount: 2001 })).toEqual(['minPurchaseMinor condition_below_discount']);
  });
  it('takes off between 1 and 100 percent', () => {
    const percent: CouponForm = { ...good, discountKind: 'percent' };
    expect(fields({ ...percent, percent: 0 })).toEqual(['discount.percent too_small']);
    expect(fields({ ...percent, percent: 101 })).toEqual(['discount.percent too_big']);
    expect(fields({ ...percent, percent: 100, limited: true })).toEqual(['discount.maxAmountMinor required']);
  });
  it('has a period that ends today or later, and not before it begins', () => {
    const period: CouponForm = { ...good, validityKind: 'period' };
    expect(fields({ ...period, from: '2026-11-01', until: '2026-11-22' })).toEqual([]);
    expect(fields({ ...period, from: '2026-11-01', until: '2026-11-21' })).toEqual(['validity.until in_the_past']);
    expect(fields({ ...period, from: '2026-12-01', until: '2026-11-30' })).toEqual([
      'validity.until until_before_from',
    ]);
  });
});
