import { instantSchema } from '@coupon-push/contract/common.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { momentAt } from '../../lib/zoned-time.ts';
import {
  discountOf,
  isValidAt,
  isValidityShort,
  limitRefusal,
  notSendable,
  roomToIssue,
  validityWindow,
} from './rules.ts';

const tokyo = 'Asia/Tokyo';
/** As much as the contract lets through. */
const money = fc.integer({ min: 0, max: 1_000_000_000_000 });
const discounts = fc.oneof(
  fc.record({ kind: fc.constant('amount' as const), amountMinor: fc.integer({ min: 1, max: 1_000_000_000_000 }) }),
  fc.record({
    kind: fc.constant('percent' as const),
    percent: fc.integer({ min: 1, max: 100 }),
    maxAmountMinor: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
  }),
);

describe('a discount', () => {
  it('never exceeds the cart, its terms, or zero below the minimum purchase', () => {
    fc.assert(
      fc.property(discounts, money, money, (discount, minPurchaseMinor, cart) => {
        const off = discountOf({ discount, minPurchaseMinor }, cart);
        expect(Number.isSafeInteger(off)).toBe(true);
        expect(off).toBeGreaterThanOrEqual(0);
        expect(off).toBeLessThanOrEqual(cart);
        if (cart < minPurchaseMinor) expect(off).toBe(0);
        if (discount.kind === 'amount') expect(off).toBeLessThanOrEqual(discount.amountMinor);
        else {
          expect(off * 100).toBeLessThanOrEqual(cart * discount.percent);
          if (discount.maxAmountMinor !== null) expect(off).toBeLessThanOrEqual(discount.maxAmountMinor);
        }
      }),
    );
  });

  it('grows with the cart, never shrinks', () => {
    fc.assert(
      fc.property(discounts, money, money, money, (discount, minPurchaseMinor, cart, more) => {
        const terms = { discount, minPurchaseMinor };
        expect(discountOf(terms, cart + more)).toBeGreaterThanOrEqual(discountOf(terms, cart));
      }),
    );
  });

  it('is what the terms say', () => {
    const amount = { discount: { kind: 'amount', amountMinor: 300 }, minPurchaseMinor: 2000 } as const;
    expect(discountOf(amount, 1999)).toBe(0);
    expect(discountOf(amount, 2000)).toBe(300);
    const percent = { discount: { kind: 'percent', percent: 10, maxAmountMinor: 1000 }, minPurchaseMinor: 0 } as const;
    expect(discountOf(percent, 1999)).toBe(199);
    expect(discountOf(percent, 50_000)).toBe(1000);
  });
});

describe('validity', () => {
  it.each(['Asia/Tokyo', 'UTC', 'America/New_York'])(
    'until 9999-12-31, for ever, ends at a moment that can be written (%s)',
    (zone) => {
      const forever = { kind: 'period', from: '2026-01-01', until: '9999-12-31' } as const;
      const { until } = validityWindow(forever, new Date(), zone);
      expect(instantSchema.safeParse(until.toISOString()).success).toBe(true);
      expect(isValidAt(forever, new Date('9999-12-31T14:59:59Z'), zone)).toBe(true);
    },
  );

  it('of a period covers its first and its last day whole, in the marketplace’s zone', () => {
    const validity = { kind: 'period', from: '2026-11-25', until: '2026-11-30' } as const;
    expect(isValidAt(validity, momentAt('2026-11-24', '23:59', tokyo), tokyo)).toBe(false);
    expect(isValidAt(validity, momentAt('2026-11-25', '00:00', tokyo), tokyo)).toBe(true);
    expect(isValidAt(validity, momentAt('2026-11-30', '23:59', tokyo), tokyo)).toBe(true);
    expect(isValidAt(validity, momentAt('2026-12-01', '00:00', tokyo), tokyo)).toBe(false);
  });

  it('of N days counts from the moment of issue', () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
        fc.integer({ min: 1, max: 3650 }),
        (issuedAt, days) => {
          const window = validityWindow({ kind: 'days', days }, issuedAt, tokyo);
          expect(window.from).toEqual(issuedAt);
          expect(window.until.getTime() - issuedAt.getTime()).toBe(days * 86_400_000);
        },
      ),
    );
  });

  it('of less than three days after the slot is warned of', () => {
    const slot = momentAt('2026-11-25', '10:00', tokyo);
    expect(isValidityShort({ kind: 'days', days: 2 }, slot, tokyo, 3)).toBe(true);
    expect(isValidityShort({ kind: 'days', days: 3 }, slot, tokyo, 3)).toBe(false);
    expect(isValidityShort({ kind: 'period', from: '2026-11-01', until: '2026-11-27' }, slot, tokyo, 3)).toBe(true);
    expect(isValidityShort({ kind: 'period', from: '2026-11-01', until: '2026-11-28' }, slot, tokyo, 3)).toBe(false);
  });
});

describe('which coupon can be sent', () => {
  const now = momentAt('2026-11-25', '10:00', tokyo);
  const validity = { kind: 'days', days: 30 } as const;
  const coupon = { state: 'active', qstoreOnly: false, validity, limits: null } as const;

  it('one that is active, not Qstore-only and not expired', () => {
    expect(notSendable(coupon, now, tokyo)).toBeNull();
    expect(notSendable({ ...coupon, state: 'stopped' }, now, tokyo)).toBe('not_active');
    expect(notSendable({ ...coupon, qstoreOnly: true }, now, tokyo)).toBe('qstore_only');
    const until = (day: string) => ({ kind: 'period', from: '2026-11-01', until: day }) as const;
    expect(notSendable({ ...coupon, validity: until('2026-11-24') }, now, tokyo)).toBe('expired');
    expect(notSendable({ ...coupon, validity: until('2026-11-25') }, now, tokyo)).toBeNull();
  });

  it('and whose limit and budget leave something to issue', () => {
    const limits = { useLimit: 10, budgetMinor: 5000, issued: 9, used: 3, spentMinor: 4999 };
    expect(notSendable({ ...coupon, limits }, now, tokyo)).toBeNull();
    expect(notSendable({ ...coupon, limits: { ...limits, issued: 10 } }, now, tokyo)).toBe('used_up');
    expect(notSendable({ ...coupon, limits: { ...limits, spentMinor: 5000 } }, now, tokyo)).toBe('used_up');
  });
});

describe('a coupon with a limit or budget', () => {
  const limited = fc.record({
    useLimit: fc.option(fc.integer({ min: 1, max: 1000 })),
    budgetMinor: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
    issued: fc.nat(1000),
    used: fc.nat(1000),
    spentMinor: fc.nat(1_000_000),
  });

  it('is issued no more often than it may be used, and not at all when its budget is used up', () => {
    fc.assert(
      fc.property(limited, (limits) => {
        const room = roomToIssue(limits);
        expect(room).toBeGreaterThanOrEqual(0);
        if (limits.useLimit !== null)
          expect(room + Math.min(limits.issued, limits.useLimit)).toBeLessThanOrEqual(limits.useLimit);
        if (limits.budgetMinor !== null && limits.spentMinor >= limits.budgetMinor) expect(room).toBe(0);
      }),
    );
  });

  it('gives a discount whole or not at all', () => {
    fc.assert(
      fc.property(limited, fc.integer({ min: 1, max: 1_000_000 }), (limits, discountMinor) => {
        const refused = limitRefusal(limits, discountMinor);
        const tooOften = limits.useLimit !== null && limits.used + 1 > limits.useLimit;
        const tooMuch = limits.budgetMinor !== null && limits.spentMinor + discountMinor > limits.budgetMinor;
        expect(refused !== null).toBe(tooOften || tooMuch);
      }),
    );
  });
});
