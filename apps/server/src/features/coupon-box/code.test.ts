import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { couponCode, readCouponCode } from './code.ts';

const secret = 'a secret of the tests';
const keys = fc.record({
  customerId: fc.integer({ min: 1, max: 2 ** 36 - 1 }),
  pushId: fc.integer({ min: 1, max: 2 ** 28 - 1 }),
});

describe('the code of an issued coupon', () => {
  it('leads back to the coupon, and is always the same', () => {
    fc.assert(
      fc.property(keys, (key) => {
        const code = couponCode(secret, key);
        expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/);
        expect(readCouponCode(secret, code)).toEqual(key);
        expect(couponCode(secret, key)).toBe(code);
      }),
    );
  });

  it('is read as people type it', () => {
    const key = { customerId: 4711, pushId: 10_001 };
    const code = couponCode(secret, key);
    const misread = code.replaceAll('0', 'o').replaceAll('1', 'l');
    const fullWidth = code.replace(/[0-9A-Z-]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
    for (const typed of [
      code.toLowerCase(),
      code.replaceAll('-', ''),
      ` ${code.replaceAll('-', ' ')} `,
      misread,
      fullWidth,
    ]) {
      expect([typed, readCouponCode(secret, typed)]).toEqual([typed, key]);
    }
  });

  it('cannot be altered, made up, or used with another secret', () => {
    fc.assert(
      fc.property(keys, fc.nat(), fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'), (key, place, digit) => {
        const plain = couponCode(secret, key).replaceAll('-', '');
        const at = place % plain.length;
        const altered = plain.slice(0, at) + digit + plain.slice(at + 1);
        fc.pre(altered !== plain);
        expect(readCouponCode(secret, altered)).toBeNull();
        expect(readCouponCode('another secret', plain)).toBeNull();
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => readCouponCode(secret, text) === null),
    );
  });

  it('tells nothing of its neighbours: those of one push differ in every place', () => {
    const codes = Array.from({ length: 200 }, (_, n) => couponCode(secret, { customerId: 1000 + n, pushId: 10_001 }));
    const plain = codes.map((code) => code.replaceAll('-', ''));
    const different = Array.from({ length: 20 }, (_, place) => new Set(plain.map((code) => code[place])).size);
    expect(Math.min(...different)).toBeGreaterThan(20);
  });

  it('refuses numbers that it could not hold rather than giving out a wrong code', () => {
    expect(() => couponCode(secret, { customerId: 2 ** 36, pushId: 1 })).toThrow(RangeError);
    expect(() => couponCode(secret, { customerId: 1, pushId: 2 ** 28 })).toThrow(RangeError);
    expect(() => couponCode(secret, { customerId: 1.5, pushId: 1 })).toThrow(RangeError);
  });
});
