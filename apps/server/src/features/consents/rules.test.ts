import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readToken, unsubscribeToken } from './rules.ts';

const secret = 'a secret of this deployment';
const id = fc.maxSafeNat();

describe('the token of a refusal link', () => {
  it('says whom and which push it is about, in 40 characters of an URL', () => {
    fc.assert(
      fc.property(id, id, (customerId, pushId) => {
        const token = unsubscribeToken(secret, customerId, pushId);
        expect(token).toMatch(/^[A-Za-z0-9_-]{40}$/);
        expect(readToken(secret, token)).toEqual({ customerId, pushId });
      }),
    );
  });

  it('cannot be altered: any other character anywhere makes it nobody’s', () => {
    const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    fc.assert(
      fc.property(id, id, fc.nat(39), fc.nat(63), (customerId, pushId, at, choice) => {
        const token = unsubscribeToken(secret, customerId, pushId);
        const other = characters[choice] ?? 'A';
        fc.pre(token[at] !== other);
        expect(readToken(secret, token.slice(0, at) + other + token.slice(at + 1))).toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });

  it('cannot be made up, cut, lengthened or written differently', () => {
    const token = unsubscribeToken(secret, 7, 10001);
    for (const other of [
      '',
      token.slice(1),
      `${token}A`,
      `${token}=`,
      ` ${token}`,
      token.replace(/^./, '+'),
      'A'.repeat(40),
    ]) {
      expect(readToken(secret, other)).toBeNull();
    }
    fc.assert(fc.property(fc.string(), (text) => readToken(secret, text) === null));
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 30, maxLength: 30 }), (bytes) => {
        expect(readToken(secret, Buffer.from(bytes).toString('base64url'))).toBeNull();
      }),
    );
  });

  it('is worth nothing at another deployment', () => {
    expect(readToken('another secret', unsubscribeToken(secret, 7, 10001))).toBeNull();
  });

  it('gives nothing away: neighbours have nothing in common', () => {
    const [one, two] = [unsubscribeToken(secret, 7, 10001), unsubscribeToken(secret, 8, 10001)];
    const same = [...one].filter((character, index) => character === two[index]).length;
    expect(same).toBeLessThan(10);
    expect(unsubscribeToken(secret, 7, 10001)).toBe(one);
  });

  it('is not made for what is no number of ours', () => {
    for (const value of [-1, 1.5, Number.NaN, 2 ** 53])
      expect(() => unsubscribeToken(secret, value, 1)).toThrow(RangeError);
  });
});
