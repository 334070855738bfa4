import { couponRefusals } from '@coupon-push/contract/redemptions.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { terms } from '../../../test/waiting-push.ts';
import { discountOf } from '../coupons/rules.ts';
import { type IssuedCoupon, refusalOf, refusalSentences } from './rules.ts';

const now = new Date('2026-12-01T03:00:00Z');
const coupon: IssuedCoupon = {
  shopId: 101,
  terms,
  validFrom: new Date('2026-11-25T01:00:00Z'),
  validUntil: new Date('2026-12-25T01:00:00Z'),
  usedAt: null,
  limits: null,
};
const cart = { shopId: 101, cartMinor: 2000, now };
const limits = { useLimit: 10, budgetMinor: 5000, issued: 10, used: 0, spentMinor: 0 };

const codeOf = (changes: Partial<IssuedCoupon>, at: Partial<typeof cart> = {}) =>
  refusalOf({ ...coupon, ...changes }, { ...cart, ...at })?.code ?? null;

describe('whether a coupon can be used for a cart', () => {
  it('it can, when everything is right', () => {
    expect(codeOf({})).toBeNull();
    expect(codeOf({ limits: { ...limits, used: 9, spentMinor: 4500 } })).toBeNull();
  });

  it('not at another shop, and not twice', () => {
    expect(codeOf({}, { shopId: 102 })).toBe('coupon_other_shop');
    expect(codeOf({ usedAt: now })).toBe('coupon_used');
  });

  it('from its first moment until just before its last', () => {
    const after = (moment: Date, ms: number) => codeOf({}, { now: new Date(moment.getTime() + ms) });
    expect(after(coupon.validFrom, -1)).toBe('coupon_not_yet_valid');
    expect(after(coupon.validFrom, 0)).toBeNull();
    expect(after(coupon.validUntil, -1)).toBeNull();
    expect(after(coupon.validUntil, 0)).toBe('coupon_expired');
  });

  it('from the minimum purchase on; below it is said how much is missing', () => {
    expect(codeOf({}, { cartMinor: 1700 })).toBeNull();
    expect(refusalOf(coupon, { ...cart, cartMinor: 1450 })).toEqual({
      code: 'coupon_minimum_not_reached',
      params: { minPurchaseMinor: 1700, missingMinor: 250 },
    });
  });

  it('not where it would be spent for nothing', () => {
    const percent = { kind: 'percent', percent: 5, maxAmountMinor: null } as const;
    const own = { ...terms, discount: percent, minPurchaseMinor: 0 };
    expect(codeOf({ terms: own }, { cartMinor: 19 })).toBe('coupon_no_discount');
    expect(codeOf({ terms: own }, { cartMinor: 20 })).toBeNull();
    expect(codeOf({ terms: { ...terms, minPurchaseMinor: 0 } }, { cartMinor: 0 })).toBe('coupon_no_discount');
  });

  it('as long as its limit and its budget bear it', () => {
    expect(codeOf({ limits: { ...limits, used: 10 } })).toBe('coupon_limit_reached');
    expect(codeOf({ limits: { ...limits, spentMinor: 4501 } })).toBe('coupon_budget_used_up');
  });

  it('is never allowed for a discount that is zero, above the cart or above the budget', () => {
    const money = fc.integer({ min: 0, max: 1_000_000_000_000 });
    const discount = fc.oneof(
      fc.record({ kind: fc.constant('amount' as const), amountMinor: fc.integer({ min: 1, max: 1_000_000_000_000 }) }),
      fc.record({
        kind: fc.constant('percent' as const),
        percent: fc.integer({ min: 1, max: 100 }),
        maxAmountMinor: fc.option(fc.integer({ min: 1, max: 1_000_000_000_000 })),
      }),
    );
    fc.assert(
      fc.property(discount, money, money, money, money, (off, minPurchaseMinor, cartMinor, budgetMinor, spentMinor) => {
        const own = { ...terms, discount: off, minPurchaseMinor };
        const refusal = refusalOf(
          { ...coupon, terms: own, limits: { ...limits, budgetMinor, spentMinor } },
          { ...cart, cartMinor },
        );
        const taken = discountOf(own, cartMinor);
        if (refusal !== null) return;
        expect(taken).toBeGreaterThan(0);
        expect(taken).toBeLessThanOrEqual(cartMinor);
        expect(spentMinor + taken).toBeLessThanOrEqual(budgetMinor);
      }),
    );
  });
});

describe('the sentence of a refusal', () => {
  const marketplace = { currency: 'JPY', zone: 'Asia/Tokyo' };

  it('names amounts and moments as each language writes them', () => {
    const missing = { minPurchaseMinor: 1700, missingMinor: 1250 };
    expect(refusalSentences('coupon_minimum_not_reached', missing, marketplace)).toEqual({
      ja: 'このクーポンは1,700円以上の購入で使用できます。あと1,250円追加してください。',
      ko: '이 쿠폰은 1,700엔 이상 구매 시 사용할 수 있습니다. 1,250엔을 더 담아 주세요.',
      en: 'This coupon can be used on purchases of ¥1,700 or more. Add items for ¥1,250.',
    });
    const { ja } = refusalSentences('coupon_expired', { validUntil: '2026-12-31T15:00:00.000Z' }, marketplace);
    expect(ja).toContain('2027/01/01（金）00:00:00 JST');
  });

  it('has a value for everything that it names, whatever the refusal', () => {
    const params = {
      validFrom: now.toISOString(),
      validUntil: now.toISOString(),
      minPurchaseMinor: 1,
      missingMinor: 1,
    };
    for (const code of couponRefusals) {
      for (const sentence of Object.values(refusalSentences(code, params, marketplace))) {
        expect(sentence).not.toMatch(/{{|error\./);
      }
    }
  });
});
