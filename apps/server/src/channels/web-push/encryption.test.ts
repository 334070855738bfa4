import { createECDH, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decrypt } from '../../../test/push-service.ts';
import { encryptMessage, encryptWith } from './encryption.ts';

function browser() {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  const auth = randomBytes(16);
  return { ecdh, auth, keys: { p256dh: ecdh.getPublicKey('base64url'), auth: auth.toString('base64url') } };
}

describe('an encrypted message', () => {
  it('is, byte for byte, the one of RFC 8291, appendix A', () => {
    const sender = createECDH('prime256v1');
    sender.setPrivateKey('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw', 'base64url');
    const keys = {
      p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    };
    const secrets = {
      publicKey: sender.getPublicKey(),
      shared: sender.computeSecret(Buffer.from(keys.p256dh, 'base64url')),
      salt: Buffer.from('DGv6ra1nlYgDCS1FRnbzlw', 'base64url'),
    };
    expect(encryptWith(secrets, keys, 'When I grow up, I want to be a watermelon').toString('base64url')).toBe(
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_y' +
        'l95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
    );
  });

  it('is read by the browser that it was encrypted to, whatever it says, and by no other', () => {
    const mine = browser();
    const others = browser();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const body = encryptMessage(mine.keys, text);
        expect(decrypt(body, mine.ecdh, mine.auth).toString()).toBe(text);
        expect(() => decrypt(body, others.ecdh, others.auth)).toThrow();
      }),
    );
  });

  it('shares neither key nor salt with another one', () => {
    const { keys } = browser();
    const bodies = Array.from({ length: 50 }, () => encryptMessage(keys, 'the same'));
    const parts = (from: number, until: number) =>
      new Set(bodies.map((body) => body.subarray(from, until).toString('hex'))).size;
    expect([parts(0, 16), parts(21, 86), parts(86, 120)]).toEqual([50, 50, 50]);
  });

  it('cannot be made for keys that are none', () => {
    const { keys } = browser();
    expect(() => encryptMessage({ ...keys, auth: 'AAAA' }, 'x')).toThrow('auth has 3 bytes');
    expect(() => encryptMessage({ ...keys, p256dh: 'AAAA' }, 'x')).toThrow('p256dh has 3 bytes');
    const offCurve = Buffer.alloc(65, 4).toString('base64url');
    expect(() => encryptMessage({ ...keys, p256dh: offCurve }, 'x')).toThrow();
  });
});
