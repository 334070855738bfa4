import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiAddress } from '../../lib/email-address.ts';
import { addressTag, readReturnPath, returnPath, testReturnPath } from './return-path.ts';

const paths = { domain: 'bounces.example.com', secret: 'a secret of the tests' };
const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const email = fc.emailAddress();

describe('a return path', () => {
  it('names push, customer and address, whatever case a mail server makes of it', () => {
    fc.assert(
      fc.property(id, id, email, (pushId, customerId, address) => {
        const path = returnPath(paths, { pushId, customerId, email: address });
        const said = { kind: 'push', pushId, customerId, addressTag: addressTag(address) };
        expect(readReturnPath(paths, path)).toEqual(said);
        expect(readReturnPath(paths, path.toUpperCase())).toEqual(said);
      }),
    );
  });

  it('can be written into an envelope as it is, with 64 characters before the @ at most', () => {
    const longest = { pushId: Number.MAX_SAFE_INTEGER, customerId: Number.MAX_SAFE_INTEGER, email: 'a@example.com' };
    const path = returnPath(paths, longest);
    expect(path.indexOf('@')).toBeLessThanOrEqual(64);
    expect(asciiAddress(path)).toBe(path);
  });

  it('is the same on every attempt, and another for another push, customer or address', () => {
    const of = (pushId: number, customerId: number, address: string) =>
      returnPath(paths, { pushId, customerId, email: address });
    expect(of(1, 2, 'a@example.com')).toBe(of(1, 2, 'A@example.com'));
    expect(new Set([of(1, 2, 'a@x.example'), of(2, 1, 'a@x.example'), of(1, 2, 'b@x.example')]).size).toBe(3);
  });

  it('with any character altered is nobody’s', () => {
    const path = returnPath(paths, { pushId: 10_001, customerId: 42, email: 'hana@example.com' });
    const at = path.indexOf('@');
    for (let place = 0; place < at; place += 1) {
      for (const character of 'a1+.') {
        if (path[place] === character) continue;
        const altered = `${path.slice(0, place)}${character}${path.slice(place + 1)}`;
        expect(readReturnPath(paths, altered)).toBeNull();
      }
    }
  });

  it('of another secret, another domain, or with the proof of another message is nobody’s', () => {
    const message = { pushId: 7, customerId: 8, email: 'hana@example.com' };
    const path = returnPath(paths, message);
    const other = returnPath(paths, { ...message, pushId: 9 });
    expect(readReturnPath({ ...paths, secret: 'another' }, path)).toBeNull();
    expect(readReturnPath({ ...paths, domain: 'other.example.com' }, path)).toBeNull();
    expect(readReturnPath(paths, `b+7.8.${other.slice(6)}`)).toBeNull();
    // Of a test send the one kind, of a push the other: neither proof holds for the other.
    expect(readReturnPath(paths, testReturnPath(paths, 7).replace('t+', 'b+'))).toBeNull();
    for (const text of ['', '@', 'postmaster@bounces.example.com', 'b+7.8@bounces.example.com', path.slice(1)]) {
      expect(readReturnPath(paths, text)).toBeNull();
    }
  });

  it('of a test send names it', () => {
    expect(readReturnPath(paths, testReturnPath(paths, 99))).toEqual({ kind: 'test', testSendId: 99 });
  });
});
