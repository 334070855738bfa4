import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReport } from './report.ts';

const sample = (name: string) => readFileSync(new URL(`../../../test/data/bounces/${name}.eml`, import.meta.url));

describe('what comes back', () => {
  it.each([
    ['postfix-unknown-user', { class: 'hard', status: '5.1.1' }],
    ['postfix-expired', { class: 'soft', status: '4.4.1' }],
    ['exchange-unknown-user', { class: 'hard', status: '5.1.10' }],
    ['gmail-full', { class: 'soft', status: '5.2.2' }],
    ['gmail-disabled', { class: 'disabled', status: '5.2.1' }],
    ['exim-unknown-user', { class: 'hard', status: '5.0.0', reason: '550 No such user here' }],
    ['sendmail-policy', { class: 'ours', status: '5.7.1' }],
    ['complaint-arf', { class: 'complaint', reason: 'abuse' }],
  ])('as %s is read', async (name, expected) => {
    expect(await readReport(sample(name))).toMatchObject(expected);
  });

  it.each(['postfix-delayed', 'forwarded-half', 'not-spam-arf', 'vacation', 'read-receipt'])(
    'as %s tells of no failure',
    async (name) => {
      expect(await readReport(sample(name))).toBeNull();
    },
  );

  it('with line feeds alone, as a filter on the way leaves it, is read the same', async () => {
    const text = sample('postfix-unknown-user').toString().replaceAll('\r\n', '\n');
    expect(await readReport(Buffer.from(text))).toMatchObject({ class: 'hard' });
  });

  it('with a report only inside of what was forwarded tells nothing', async () => {
    const inner = sample('postfix-unknown-user').toString();
    const outer = `Subject: fwd\r\nContent-Type: message/rfc822\r\n\r\n${inner}`;
    expect(await readReport(Buffer.from(outer))).toBeNull();
  });

  it('cut off anywhere, or with anything in it, is read without failing', async () => {
    const whole = sample('gmail-full');
    for (let length = 0; length < whole.length; length += 97) await readReport(whole.subarray(0, length));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
        expect(await readReport(Buffer.from(bytes))).toBeNull();
      }),
      { numRuns: 50 },
    );
  });

  it('with more lines than any report has is not looked at: each takes time', async () => {
    const padded = (lines: number) =>
      Buffer.concat([sample('postfix-unknown-user'), Buffer.from('\r\n'.repeat(lines))]);
    expect(await readReport(padded(5_000))).toMatchObject({ class: 'hard' });
    expect(await readReport(padded(20_000))).toBeNull();
  });

  it('nested a thousand deep, or with headers without end, tells nothing', async () => {
    const deep = Array.from(
      { length: 1000 },
      (_, i) => `Content-Type: multipart/report; boundary=b${i}\r\n\r\n--b${i}\r\n`,
    );
    expect(await readReport(Buffer.from(deep.join('')))).toBeNull();
    expect(await readReport(Buffer.from(`X: ${'a'.repeat(900_000)}\r\n`.repeat(1)))).toBeNull();
  });
});
