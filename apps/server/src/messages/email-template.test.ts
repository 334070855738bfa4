import { languages } from '@coupon-push/i18n/languages.ts';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { samplePushContent } from '../../test/push-content.ts';
import { type EmailTemplate, prepareEmail, type Recipient } from './email-template.ts';
import { fillToken } from './placeholders.ts';
import { type RenderedMessage, renderMessage } from './render.ts';

const options = { publicUrl: 'https://push.market.example', messageIdDomain: 'push.market.example' };
const token = 'Ab-_'.repeat(10);
const recipient: Recipient = {
  to: 'hana@example.com',
  customerId: 7,
  pushId: 10001,
  token,
  date: new Date('2026-11-25T01:00:00.500Z'),
};

describe('a built message', () => {
  it.each(languages)('reads back as it was rendered: %s', async (language) => {
    const rendered = await renderMessage(samplePushContent(language), language);
    const raw = prepareEmail(rendered, options).build(recipient);
    const mail = await PostalMime.parse(raw);
    expect(mail.subject).toBe(rendered.email.subject);
    expect(mail.from).toMatchObject({ name: 'ハルマーケット株式会社', address: 'coupon@market.example' });
    expect(mail.to).toMatchObject([{ address: 'hana@example.com' }]);
    expectSameParts(mail, rendered);
    expect(mail.html).toContain(`href="https://push.market.example/u/${token}"`);
    expectWellFormed(raw);
  });

  it('has the headers of automatic bulk mail with one-click refusal', async () => {
    const raw = (await template('ko')).build(recipient);
    const mail = await PostalMime.parse(raw);
    const headers = new Map(mail.headers.map(({ key, value }) => [key, value]));
    expect(mail.messageId).toBe('<push.10001.7@push.market.example>');
    expect(headers.get('date')).toBe('Wed, 25 Nov 2026 01:00:00 +0000');
    expect(headers.get('list-unsubscribe')).toBe(`<https://push.market.example/u/${token}>`);
    expect(headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(headers.get('precedence')).toBe('bulk');
    expect(headers.get('feedback-id')).toBe('10001:coupon:ko:pushmarketexamp');
    expect(headers.get('content-language')).toBe('ko');
    expect(headers.get('mime-version')).toBe('1.0');
  });

  it('is the same on every attempt but for its date', async () => {
    const built = await template('ja');
    const later = { ...recipient, date: new Date('2026-11-25T02:30:00Z') };
    const [first, second] = [recipient, later].map((attempt) => built.build(attempt).toString('latin1'));
    expect(second?.replace('02:30:00', '01:00:00')).toBe(first);
  });

  it.each([
    ['a..b.@docomo.example', '"a..b."@docomo.example'],
    ['hana@日本語.example', 'hana@xn--wgv71a119e.example'],
    ["o'neil+shop@example.co.jp", "o'neil+shop@example.co.jp"],
  ])('is addressed to %s as %s', async (address, written) => {
    const raw = (await template('en')).build({ ...recipient, to: address }).toString('latin1');
    expect(raw).toContain(`\r\nTo: ${written}\r\n`);
  });

  it('cannot be given a header by an address', async () => {
    const built = await template('en');
    const names = headerNames(built.build(recipient));
    const address = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'a@b.c\r\nBcc: x@y.z',
        'a@b.c\nX: y',
        '<a@b.c>',
        'a@b.c, d@e.f',
        'a b@c.d',
        '"a\r\n"@b.c',
        '',
        '@',
      ),
      fc.tuple(fc.string(), fc.string()).map(([local, domain]) => `${local}@${domain}`),
    );
    fc.assert(
      fc.property(address, (to) => {
        expect(headerNames(built.build({ ...recipient, to }))).toEqual(names);
      }),
      { numRuns: 500 },
    );
  });

  it('survives whatever items and shops are called', async () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 });
    await fc.assert(
      fc.asyncProperty(name, name, fc.constantFrom(...languages), async (shopName, itemName, language) => {
        const content = samplePushContent(language);
        const items = content.items.map((item, index) => ({ ...item, name: itemName + '='.repeat(index) }));
        const shop = { ...content.shop, name: shopName };
        const marketplace = { ...content.marketplace, name: shopName, senderName: itemName };
        const rendered = await renderMessage({ ...content, items, shop, marketplace }, language);
        const raw = prepareEmail(rendered, options).build(recipient);
        const mail = await PostalMime.parse(raw);
        expect(mail.subject).toBe(rendered.email.subject);
        expectSameParts(mail, rendered);
        expectWellFormed(raw);
      }),
      { numRuns: 60 },
    );
  });

  it('is not built with a token that is none', async () => {
    const built = await template('en');
    expect(() => built.build({ ...recipient, token: 'a=b\r\n' })).toThrow(RangeError);
  });
});

async function template(language: (typeof languages)[number]): Promise<EmailTemplate> {
  return prepareEmail(await renderMessage(samplePushContent(language), language), options);
}

/** The parser gives LF for CRLF, and ends a part with one line end or none. */
function expectSameParts(mail: { html?: string | undefined; text?: string | undefined }, { email }: RenderedMessage) {
  const same = (text: string) => text.replaceAll('\r\n', '\n').trimEnd();
  expect(same(mail.html ?? '')).toBe(same(fillToken(email.html, token)));
  expect(same(mail.text ?? '')).toBe(same(fillToken(email.text, token)));
}

/** 7-bit, CRLF only, no line over 76 characters; encoded words that stand alone. */
function expectWellFormed(raw: Buffer): void {
  const text = raw.toString('latin1');
  expect(text).toMatch(/^[\x20-\x7e\r\n\t]*$/);
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  const lines = text.split('\r\n');
  expect(lines.filter((line) => line.length > 76)).toEqual([]);
  for (const [, word = ''] of text.matchAll(/=\?UTF-8\?B\?([^?]*)\?=/g)) {
    const bytes = Buffer.from(word, 'base64');
    expect(Buffer.from(bytes.toString('utf8')).equals(bytes)).toBe(true);
  }
}

function headerNames(raw: Buffer): string[] {
  const [head = ''] = raw.toString('latin1').split('\r\n\r\n');
  return head.split(/\r\n(?![ \t])/).map((line) => line.split(':')[0] ?? '');
}
