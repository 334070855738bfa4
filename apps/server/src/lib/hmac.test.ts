import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hmacSha256 } from './hmac.ts';

it('is the HMAC of node, for keys of any length', () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(bytes, bytes, (key, data) => {
      expect(hmacSha256(Buffer.from(key), Buffer.from(data)).toString('hex')).toBe(
        createHmac('sha256', key).update(data).digest('hex'),
      );
    }),
  );
});

it('takes a key that is text as its UTF-8, and each for itself', () => {
  const data = Buffer.from('watermelon');
  for (const key of ['비밀', 'secret', '비밀', '秘密'.repeat(40)]) {
    expect(hmacSha256(key, data)).toEqual(createHmac('sha256', key).update(data).digest());
  }
});
