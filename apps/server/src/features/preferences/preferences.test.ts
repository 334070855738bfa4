import { consentPage, preferencesSchema } from '@coupon-push/contract/my-page.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { until } from '../../../test/books.ts';
import { createFellows, type TestShop } from '../../../test/marketplace.ts';
import { signInCustomer, type TestCustomer } from '../../../test/my-page.ts';
import { type Sending, startSending } from '../../../test/sent-push.ts';
import { isProven, readVerificationToken, verificationToken } from './rules.ts';

const now = new Date('2026-11-25T03:00:00Z');
/** What links are made with in these tests, as in TestApi. */
const linkSecret = 'another of their secrets';

let api: TestApi;
let shop: TestShop;
let hanako: TestCustomer;

beforeAll(async () => {
  api = await TestApi.create();
  shop = await api.shop('さくら');
});
afterAll(() => api.close());

beforeEach(async () => {
  api.clock.freeze(now);
  hanako = await customer('reachable');
});

async function customer(kind: 'reachable' | 'unverified'): Promise<TestCustomer> {
  const made = await createFellows(api.database.db, shop.shopId, { [kind]: 1 });
  return await signInCustomer(api, made[kind]?.[0] ?? 0);
}

const preferences = async (one = hanako) =>
  preferencesSchema.parse((await one.request('GET', '/api/my/preferences')).body);
const change = async (body: object, one = hanako) => await one.request('PATCH', '/api/my/preferences', body);
const history = async (one = hanako, query = '') =>
  consentPage.parse((await one.request('GET', `/api/my/consents${query}`)).body);

describe('preferences', () => {
  it('say what a customer agrees to, and whether mail reaches them', async () => {
    expect(await preferences()).toEqual({
      couponMail: true,
      appPush: true,
      nightMessages: false,
      quietHours: null,
      email: { address: 'c******@customers.example.com', verified: true, undeliverable: false },
    });
    expect((await api.request(null, 'GET', '/api/my/preferences')).status).toBe(401);
  });

  it('hold from the moment they are changed, each with its proof', async () => {
    const { body } = await change({ couponMail: false, nightMessages: true });
    expect(body).toMatchObject({ couponMail: false, appPush: true, nightMessages: true });
    const fellow = await api.database.db
      .selectFrom('fellow')
      .where('customer_id', '=', hanako.customerId)
      .select('held_back')
      .executeTakeFirst();
    expect(fellow).toEqual({ held_back: 'refused' });
    api.clock.freeze(new Date(now.getTime() + 1000));
    await change({ couponMail: true });
    const said = { shop: null, how: 'my_page', source: 'my page' };
    const { entries, next } = await history();
    expect(next).toBeNull();
    expect(entries[0]).toEqual({ ...said, kind: 'coupon_mail', given: true, recordedAt: '2026-11-25T03:00:01.000Z' });
    const first = { ...said, recordedAt: now.toISOString() };
    expect(entries.slice(1)).toHaveLength(2);
    expect(entries.slice(1)).toEqual(
      expect.arrayContaining([
        { ...first, kind: 'coupon_mail', given: false },
        { ...first, kind: 'night_messages', given: true },
      ]),
    );
  });

  it('are recorded when they change, and not when they are said again, however much at once', async () => {
    await change({});
    await change({ couponMail: true, appPush: true, nightMessages: false });
    expect((await history()).entries).toEqual([]);
    await Promise.all(Array.from({ length: 8 }, () => change({ appPush: false })));
    expect((await history()).entries.map(({ kind, given }) => [kind, given])).toEqual([['app_push', false]]);
    expect(await preferences()).toMatchObject({ appPush: false });
  });

  it('take nothing else', async () => {
    for (const body of [{ couponMail: 'no' }, { left: true }, { email: 'x@example.com' }]) {
      expect((await change(body)).status).toBe(400);
    }
    expect((await history()).entries).toEqual([]);
  });

  it('have a history with the shops that were muted, in pages, of this customer alone', async () => {
    const { db } = api.database;
    const { shop_no: shopNo } = await db
      .selectFrom('shop')
      .where('id', '=', shop.shopId)
      .select('shop_no')
      .executeTakeFirstOrThrow();
    await hanako.request('PUT', `/api/my/shops/${shopNo}/mute`);
    for (const appPush of [false, true, false]) await change({ appPush });
    const { entries } = await history();
    expect(entries).toHaveLength(4);
    expect(entries[3]).toMatchObject({ kind: 'shop', given: false, shop: { shopNo, name: 'さくら' } });
    const first = await history(hanako, '?limit=3');
    const second = await history(hanako, `?limit=3&after=${first.next}`);
    expect([...first.entries, ...second.entries]).toEqual(entries);
    expect((await history(await customer('reachable'))).entries).toEqual([]);
  });
});

describe('the link that verifies an address', () => {
  let sending: Sending;

  beforeAll(async () => {
    sending = await startSending(api.database, api.clock);
  });
  afterAll(() => sending.stop());

  const ask = (one: TestCustomer) => one.request('POST', '/api/my/email-verification');
  const addressOf = (one: TestCustomer) => `c${one.customerId}@customers.example.com`;
  const open = (token: string) =>
    api.server.inject({ url: `/my/verify/${token}`, headers: { 'accept-language': 'en' } });
  /** As the page's form does: the page keeps its address, and with it its origin, to itself. */
  const press = (token: string) =>
    api.server.inject({
      method: 'POST',
      url: `/my/verify/${token}`,
      headers: {
        'accept-language': 'en',
        origin: 'null',
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: '',
    });
  const tokenFor = (one: TestCustomer, expiresAt: Date) =>
    verificationToken(linkSecret, { customerId: one.customerId, expiresAt }, addressOf(one));
  const inHours = (hours: number) => new Date(now.getTime() + hours * 3_600_000);

  it('is mailed when it is asked for, in the customer’s language, once a minute', async () => {
    const taro = await customer('unverified');
    expect((await ask(taro)).status).toBe(200);
    expect(await ask(taro)).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    const mail = await until(
      () => sending.smtp.received.find(({ to }) => to === addressOf(taro)),
      20_000,
      'the mail with the link',
    );
    const raw = mail.raw.toString('latin1').replaceAll('=\r\n', '');
    expect(raw).toContain('Auto-Submitted: auto-generated');
    expect(raw).toContain('Content-Language: ja');
    const token = /http:\/\/localhost:3000\/my\/verify\/([\w-]+)/.exec(raw)?.[1] ?? '';
    expect(isProven('a secret of the tests', token, addressOf(taro))).toBe(true);
    api.clock.freeze(new Date(now.getTime() + 60_000));
    expect((await ask(taro)).status).toBe(200);
  });

  it('is not for an address that is verified, and needs one', async () => {
    expect(await ask(hanako)).toMatchObject({ status: 409, body: { code: 'address_verified_already' } });
    await api.database.db
      .updateTable('customer')
      .set({ email: null, email_verified_at: null })
      .where('customer_id', '=', hanako.customerId)
      .execute();
    expect(await ask(hanako)).toMatchObject({ status: 409, body: { code: 'no_address' } });
  });

  it('only asks when it is opened, in the customer’s language: programs open links that nobody clicked', async () => {
    const taro = await customer('unverified');
    const page = await open(tokenFor(taro, inHours(24)));
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('<html lang="ja">');
    expect(page.body).toContain('メールアドレスを確認してください');
    expect(page.body).toContain('<form method="post">');
    expect(page.body).toContain('@customers.example.com');
    expect(page.body).not.toContain(addressOf(taro));
    expect(page.headers['referrer-policy']).toBe('no-referrer');
    expect(await preferences(taro)).toMatchObject({ email: { verified: false } });
  });

  it('verifies the address when its page’s button is pressed, so that the customer can be reached', async () => {
    const taro = await customer('unverified');
    expect(await preferences(taro)).toMatchObject({ email: { verified: false } });
    const page = await press(tokenFor(taro, inHours(24)));
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('<html lang="ja">');
    expect(page.body).toContain('メールアドレスを確認しました');
    expect(await preferences(taro)).toMatchObject({ email: { verified: true } });
    expect((await press(tokenFor(taro, inHours(24)))).statusCode).toBe(200);
    expect((await open(tokenFor(taro, inHours(24)))).body).toContain('メールアドレスを確認しました');
    const fellow = await api.database.db
      .selectFrom('fellow')
      .where('customer_id', '=', taro.customerId)
      .select('held_back')
      .executeTakeFirst();
    expect(fellow).toEqual({ held_back: null });
  });

  it('does not when it has expired, was altered, or was for another address', async () => {
    const taro = await customer('unverified');
    const token = tokenFor(taro, inHours(24));
    const other = verificationToken(
      linkSecret,
      { customerId: taro.customerId, expiresAt: inHours(24) },
      'x@example.com',
    );
    const foreign = verificationToken('x', { customerId: taro.customerId, expiresAt: inHours(24) }, addressOf(taro));
    const altered = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    for (const bad of [tokenFor(taro, now), other, foreign, altered, token.slice(1), 'x']) {
      for (const page of [await open(bad), await press(bad)]) {
        expect(page.statusCode).toBe(404);
        expect(page.body).toContain('This link cannot be used');
      }
    }
    expect(await preferences(taro)).toMatchObject({ email: { verified: false } });
  });

  it('hides whom it is about', () => {
    const link = { customerId: 123_456_789, expiresAt: now };
    const token = verificationToken(linkSecret, link, 'Hanako@example.com');
    expect(readVerificationToken(linkSecret, token)).toEqual(link);
    expect(isProven(linkSecret, token, 'hanako@example.com')).toBe(true);
    expect(isProven(linkSecret, token, 'taro@example.com')).toBe(false);
    expect(readVerificationToken('another', token)?.customerId).not.toBe(link.customerId);
  });
});
