import type { Coupon } from '@coupon-push/contract/coupons.ts';
import { type TestSend, testSendRequest, testSendSchema } from '@coupon-push/contract/test-sends.ts';
import { sql } from 'kysely';
import postalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, TestApi } from '../../test/api.ts';
import { until } from '../../test/books.ts';
import { startTestEngine, type TestEngine } from '../../test/engine.ts';
import { createFellows, type TestShop } from '../../test/marketplace.ts';
import { SmtpPeer } from '../../test/smtp-peer.ts';
import { terms } from '../../test/waiting-push.ts';
import { createWebPushChannel, generateVapidKeys } from '../channels/web-push/channel.ts';
import { requestTestSend } from '../features/test-sends/service.ts';
import { testSendKey } from '../jobs/enqueue.ts';

const publicUrl = 'http://localhost:3000';

let api: TestApi;
let smtp: SmtpPeer;
let engine: TestEngine;
let shop: TestShop;
let coupon: Coupon;

beforeAll(async () => {
  api = await TestApi.create();
  smtp = await SmtpPeer.start();
  const vapid = generateVapidKeys();
  const webPush = createWebPushChannel({ vapid: { subject: 'mailto:tests@example.com', ...vapid } });
  const { database, clock } = api;
  const { publicKey: vapidPublicKey } = vapid;
  engine = await startTestEngine({ database, clock, smtpUrl: smtp.url, webPush, vapidPublicKey });
});
afterAll(async () => {
  await engine.stop();
  await smtp.stop();
  await api.close();
});
beforeEach(async () => {
  shop = await api.shop('はなみどり');
  coupon = (await api.request(shop, 'POST', `/api/shops/${shop.shopId}/coupons`, { body: terms })).body as Coupon;
});

const choices = () => ({ couponId: coupon.id, items: { mode: 'rank', count: 4 }, banner: null });

const scope = () => ({ shopId: shop.shopId, userId: shop.userId });
const input = () => testSendRequest.parse({ ...choices(), languages: ['ja'] });

async function mailRow(id: number) {
  return await api.database.db
    .selectFrom('test_send_mail')
    .where('test_send_id', '=', id)
    .where('state', '<>', 'waiting')
    .selectAll()
    .executeTakeFirst();
}

async function ask(languages: string[] = ['ja'], more: { headers?: Record<string, string> } = {}): Promise<Answer> {
  const body = { ...choices(), languages };
  return await api.request(shop, 'POST', `/api/shops/${shop.shopId}/test-sends`, { body, ...more });
}

async function read(id: number, of = shop): Promise<Answer> {
  return await api.request(of, 'GET', `/api/shops/${shop.shopId}/test-sends/${id}`);
}

async function ended(id: number): Promise<TestSend> {
  return await until(
    async () => {
      const test = testSendSchema.parse((await read(id)).body);
      return test.mails.some(({ state }) => state === 'waiting') ? undefined : test;
    },
    20_000,
    'the test send to end',
  );
}

async function askedAndEnded(languages?: string[]): Promise<TestSend> {
  return await ended(testSendSchema.parse((await ask(languages)).body).id);
}

describe('a test send', () => {
  it('brings the seller the e-mail of the preview in each language asked for, and nobody else anything', async () => {
    await createFellows(api.database.db, shop.shopId, { reachable: 3 });
    const preview = await api.request(shop, 'POST', `/api/shops/${shop.shopId}/previews`, { body: choices() });
    const { previews } = preview.body as { previews: { language: string; email: { html: string; subject: string } }[] };
    const asked = testSendSchema.parse((await ask(['ko', 'en'])).body);
    expect(asked).toMatchObject({ to: shop.email, mails: [{ language: 'ko' }, { language: 'en' }] });
    expect((await ended(asked.id)).mails.map(({ state }) => state)).toEqual(['sent', 'sent']);

    const got = await Promise.all(smtp.receivedBy(shop.email).map(({ raw }) => postalMime.parse(raw)));
    for (const [index, language] of ['ko', 'en'].entries()) {
      const shown = previews.find((one) => one.language === language)?.email;
      expect(got[index]?.subject).toBe(`[Test] ${shown?.subject}`);
      expect(got[index]?.html?.trim()).toBe(shown?.html.trim());
      expect(got[index]?.messageId).toBe(`<test.${asked.id}.${language}@localhost>`);
    }
    expect(smtp.received.filter(({ to }) => to !== shop.email)).toEqual([]);
    const pushes = await sql`select from push where shop_id = ${shop.shopId}`.execute(api.database.db);
    expect(pushes.rows).toEqual([]);
  });

  it('unsubscribes nobody: no header for it, and a link that says so', async () => {
    await askedAndEnded();
    const mail = await postalMime.parse(smtp.receivedBy(shop.email)[0]?.raw ?? '');
    expect(mail.headers.map(({ key }) => key).filter((key) => key.startsWith('list-'))).toEqual([]);
    expect(mail.text).toMatch(/\/u\/preview\n+$/);
    const page = await api.server.inject({ url: '/u/preview', headers: { 'accept-language': 'en' } });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('This is the link of a test');
  });

  it('is handed over by numbers only; the address is read when it is sent', async () => {
    const address = `new-${shop.email}`;
    const id = await api.database.db.transaction().execute(async (trx) => {
      const asked = await requestTestSend(trx, scope(), input(), { now: new Date(), publicUrl });
      const jobs = await sql<{ payload: unknown }>`
        select payload from graphile_worker._private_jobs where key = ${testSendKey(asked)}`.execute(trx);
      expect(jobs.rows).toEqual([{ payload: { testSendId: asked } }]);
      await sql`update app_user set email = ${address} where id = ${shop.userId}`.execute(trx);
      return asked;
    });
    await until(() => smtp.receivedBy(address)[0], 20_000, 'the test e-mail');
    expect(smtp.receivedBy(shop.email)).toEqual([]);
    expect(id).toBeGreaterThan(0);
  });

  it('does not go to somebody who has left the shop meanwhile', async () => {
    const id = await api.database.db.transaction().execute(async (trx) => {
      const asked = await requestTestSend(trx, scope(), input(), { now: new Date(), publicUrl });
      await sql`delete from shop_member where shop_id = ${shop.shopId}`.execute(trx);
      return asked;
    });
    const row = await until(() => mailRow(id), 20_000, 'the test send to end');
    expect(row).toMatchObject({ state: 'failed', reason: 'choices_gone' });
    expect(smtp.receivedBy(shop.email)).toEqual([]);
  });

  it('is tried again after a hitch, with the same Message-ID', async () => {
    smtp.behave(shop.email, 'drop_after_message', 1);
    expect((await askedAndEnded()).mails).toMatchObject([{ state: 'sent', reason: null }]);
    const ids = await Promise.all(
      smtp.receivedBy(shop.email).map(async ({ raw }) => (await postalMime.parse(raw)).messageId),
    );
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it.each([
    ['address_refused', { at: 'rcpt', code: 550, text: '5.1.1 no such user' }],
    ['mail_server', { at: 'message', code: 451, text: '4.3.0 later' }],
    ['mail_server', { at: 'mail', code: 550, text: '5.7.1 not from you' }],
  ] as const)('that does not go out says why: %s', async (reason, behaviour) => {
    if (behaviour.at === 'mail') smtp.otherwise = behaviour;
    else smtp.behave(shop.email, behaviour);
    const test = await askedAndEnded().finally(() => {
      smtp.otherwise = 'accept';
    });
    expect(test.mails).toMatchObject([{ language: 'ja', state: 'failed', reason }]);
  });
});

describe('asking for a test send', () => {
  it('twice with the same key is asking once', async () => {
    const headers = { 'idempotency-key': `key of ${shop.email}` };
    const [one, two] = await Promise.all([ask(['ja'], { headers }), ask(['ja'], { headers })]);
    expect(testSendSchema.parse(one.body).id).toBe(testSendSchema.parse(two.body).id);
    await ended(testSendSchema.parse(one.body).id);
    expect(smtp.receivedBy(shop.email)).toHaveLength(1);
  });

  it('is possible ten times an hour, also for who asks faster than one can count', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask()));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(2);
    expect(refused[0]?.body).toMatchObject({ code: 'too_many_test_sends', params: { max: 10, minutes: 60 } });
    const other = await api.shop('よその店');
    const own = (await api.request(other, 'POST', `/api/shops/${other.shopId}/coupons`, { body: terms }))
      .body as Coupon;
    const body = { ...choices(), couponId: own.id, languages: ['ja'] };
    expect((await api.request(other, 'POST', `/api/shops/${other.shopId}/test-sends`, { body })).status).toBe(200);
  });

  it('is refused for what is not the shop’s, at its field, and counts for nothing', async () => {
    const other = await api.shop('よその店');
    const own = (await api.request(other, 'POST', `/api/shops/${other.shopId}/coupons`, { body: terms }))
      .body as Coupon;
    const url = `/api/shops/${shop.shopId}/test-sends`;
    const foreign = { ...choices(), couponId: own.id, languages: ['ja'] };
    expect((await api.request(shop, 'POST', url, { body: foreign })).status).toBe(404);
    const items = { mode: 'chosen', itemIds: other.itemIds.slice(0, 2) };
    const answer = await api.request(shop, 'POST', url, { body: { ...choices(), items, languages: ['ja'] } });
    expect(answer.body).toMatchObject({ code: 'item_not_found', fields: [{ field: 'items.itemIds' }] });
    expect((await api.request(other, 'POST', url, { body: { ...choices(), languages: ['ja'] } })).status).toBe(404);
    expect((await api.request(null, 'POST', url, { body: { ...choices(), languages: ['ja'] } })).status).toBe(401);
    for (const languages of [[], ['fr'], ['ja', 'ja']]) expect((await ask(languages)).status).toBe(400);
    const rows = await sql`select from test_send where user_id in (${shop.userId}, ${other.userId})`.execute(
      api.database.db,
    );
    expect(rows.rows).toEqual([]);
  });

  it('tells nobody else what became of it', async () => {
    const { id } = await askedAndEnded();
    const other = await api.shop('よその店');
    expect((await read(id, other)).status).toBe(404);
  });
});
