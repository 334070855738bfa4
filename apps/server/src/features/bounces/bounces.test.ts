import { once } from 'node:events';
import { connect } from 'node:net';
import { pushSchema } from '@coupon-push/contract/pushes.ts';
import { recipientPage } from '@coupon-push/contract/results.ts';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { checkBooks, checkBounceCounters } from '../../../test/books.ts';
import { bounceSample, returnMail, returnPaths, sentPush } from '../../../test/bounces.ts';
import { createFellows, type TestShop } from '../../../test/marketplace.ts';
import { signInCustomer } from '../../../test/my-page.ts';
import { type Sending, startSending } from '../../../test/sent-push.ts';
import { openDatabase } from '../../db/database.ts';
import { verificationToken } from '../preferences/rules.ts';
import { type BounceReceiver, startBounceReceiver } from './receiver.ts';
import { readReturnPath, returnPath, testReturnPath } from './return-path.ts';

const logger = pino({ level: 'silent' });
const firstSlot = new Date('2026-11-25T10:00:00+09:00');
const weeks = (count: number) => new Date(firstSlot.getTime() + count * 7 * 86_400_000);

let api: TestApi;
let sending: Sending;
let receiver: BounceReceiver;

beforeAll(async () => {
  api = await TestApi.create({ returnPaths });
  api.clock.set(firstSlot);
  sending = await startSending(api.database, api.clock, { returnPaths });
  const deps = { db: api.database.db, clock: api.clock, logger };
  receiver = await startBounceReceiver(deps, { returnPaths, host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await receiver.close();
  await sending.stop();
  await api.close();
});

const addressOf = (customerId: number) => `c${customerId}@customers.example.com`;

/** A shop with so many fellows. */
async function shopWith(fellows: number): Promise<{ shop: TestShop; customers: number[] }> {
  const shop = await api.shop('はなみどり');
  const { reachable = [] } = await createFellows(api.database.db, shop.shopId, { reachable: fellows });
  return { shop, customers: reachable };
}

/** The envelope sender of the last mail that the mail server got for this customer. */
function senderTo(customerId: number): string {
  return sending.smtp.receivedBy(addressOf(customerId)).at(-1)?.from ?? '';
}

/** The customer's mail server sends the last e-mail back. */
const bounce = (customerId: number, sample: string) =>
  returnMail(receiver.port, senderTo(customerId), bounceSample(sample));

async function heldBack(customerId: number): Promise<string | null> {
  const fellow = await api.database.db
    .selectFrom('fellow')
    .where('customer_id', '=', customerId)
    .select('held_back')
    .executeTakeFirstOrThrow();
  return fellow.held_back;
}

async function suppressions(customerId: number) {
  const { db } = api.database;
  return await db.selectFrom('suppression').where('customer_id', '=', customerId).select(['reason', 'email']).execute();
}

async function counts(pushId: number): Promise<Record<string, number>> {
  const rows = await api.database.db
    .selectFrom('bounce_count')
    .where('push_id', '=', pushId)
    .select(['class', 'customers'])
    .execute();
  return Object.fromEntries(rows.filter((row) => row.customers !== 0).map((row) => [row.class, row.customers]));
}

describe('an e-mail of a push', () => {
  it('that comes back because there is no such address is shown, and the next push does not go there', async () => {
    const { shop, customers } = await shopWith(3);
    const [hana = 0, taro = 0, jiro = 0] = customers;
    const { pushId } = await sending.send(shop, { slot: firstSlot });
    expect(readReturnPath(returnPaths, senderTo(hana))).toMatchObject({ kind: 'push', pushId, customerId: hana });
    expect(sending.smtp.receivedBy(addressOf(hana))[0]?.raw.toString()).toContain(' <no-reply@mall.example.com>');

    expect(await bounce(hana, 'exchange-unknown-user')).toBe(250);
    expect(await suppressions(hana)).toEqual([{ reason: 'hard_bounce', email: addressOf(hana) }]);
    expect(await Promise.all(customers.map(heldBack))).toEqual(['suppressed', null, null]);

    const url = `/api/shops/${shop.shopId}/pushes/${pushId}`;
    const push = pushSchema.parse((await api.request(shop, 'GET', url)).body);
    expect(push.state).toBe('sent');
    const email = push.progress.channels.find(({ channel }) => channel === 'email');
    expect(email).toMatchObject({ owed: 3, sent: 3, failed: 0, bounced: 1, complaints: 0 });
    const list = async (state: string) =>
      recipientPage.parse((await api.request(shop, 'GET', `${url}/recipients?channel=email&state=${state}`)).body);
    expect((await list('bounced')).entries).toMatchObject([
      { email: { state: 'bounced', failure: 'address_unknown' } },
    ]);
    expect((await list('sent')).entries).toHaveLength(2);
    expect((await api.request(shop, 'GET', `${url}/recipients?channel=app_push&state=bounced`)).body).toMatchObject({
      entries: [],
    });
    await checkBooks(api.database.db, pushId, customers);

    await sending.send(shop, { slot: weeks(1) });
    expect(customers.map((one) => sending.smtp.receivedBy(addressOf(one)).length)).toEqual([1, 2, 2]);
    expect([taro, jiro].map((one) => senderTo(one)).every((path) => readReturnPath(returnPaths, path))).toBe(true);
  });

  it('counts once, however often and however much at once it comes back', async () => {
    const { shop, customers } = await shopWith(1);
    const [hana = 0] = customers;
    const { pushId } = await sending.send(shop, { slot: firstSlot });
    const codes = await Promise.all(Array.from({ length: 8 }, () => bounce(hana, 'gmail-full')));
    expect(codes).toEqual(Array(8).fill(250));
    expect(await counts(pushId)).toEqual({ soft: 1 });
    // What says more replaces it; what says less does not.
    for (const sample of ['postfix-unknown-user', 'gmail-full', 'postfix-unknown-user']) await bounce(hana, sample);
    expect(await counts(pushId)).toEqual({ hard: 1 });
    await checkBounceCounters(api.database.db, pushId);
    expect(await suppressions(hana)).toHaveLength(1);
  });

  it('that is late, was read, or is answered by somebody who is away, has not come back', async () => {
    const { shop, customers } = await shopWith(1);
    const [hana = 0] = customers;
    const { pushId } = await sending.send(shop, { slot: firstSlot });
    for (const sample of ['postfix-delayed', 'read-receipt', 'vacation', 'forwarded-half', 'not-spam-arf']) {
      expect(await bounce(hana, sample)).toBe(250);
    }
    expect(await counts(pushId)).toEqual({});
    expect(await heldBack(hana)).toBeNull();
  });

  it('that comes back because of us is counted, and suppresses nobody', async () => {
    const { shop, customers } = await shopWith(1);
    const [hana = 0] = customers;
    const { pushId } = await sending.send(shop, { slot: firstSlot });
    await bounce(hana, 'sendmail-policy');
    expect(await counts(pushId)).toEqual({ ours: 1 });
    expect(await heldBack(hana)).toBeNull();
  });

  it('that is reported as unwanted withdraws the consent, with its proof, and suppresses nobody', async () => {
    const { shop, customers } = await shopWith(1);
    const [hana = 0] = customers;
    const { pushId } = await sending.send(shop, { slot: firstSlot });
    await bounce(hana, 'complaint-arf');
    expect(await counts(pushId)).toEqual({ complaint: 1 });
    expect(await heldBack(hana)).toBe('refused');
    expect(await suppressions(hana)).toEqual([]);
    const records = await api.database.db
      .selectFrom('consent_record')
      .where('customer_id', '=', hana)
      .select(['kind', 'given', 'how', 'source'])
      .execute();
    expect(records).toEqual([{ kind: 'coupon_mail', given: false, how: 'complaint', source: `push ${pushId}` }]);
    const url = `/api/shops/${shop.shopId}/pushes/${pushId}`;
    const { progress } = pushSchema.parse((await api.request(shop, 'GET', url)).body);
    expect(progress.channels.find(({ channel }) => channel === 'email')).toMatchObject({ bounced: 0, complaints: 1 });
  });
});

describe('an address', () => {
  it('that changed since is not suppressed for what came back from the old one', async () => {
    const { shop, customers } = await shopWith(1);
    const [hana = 0] = customers;
    const { pushId } = await sending.send(shop, { slot: firstSlot });
    const path = senderTo(hana);
    await api.database.pool.query(`update customer set email = 'new' || email where customer_id = $1`, [hana]);
    expect(await returnMail(receiver.port, path, bounceSample('postfix-unknown-user'))).toBe(250);
    expect(await counts(pushId)).toEqual({ hard: 1 });
    expect(await heldBack(hana)).toBeNull();
  });

  it('with a full mailbox is suppressed after five pushes in a row, and one that arrived begins the count anew', async () => {
    const { customers } = await shopWith(2);
    const [hana = 0, taro = 0] = customers;
    // Every four days: seven e-mails within 24 days. Taro's second one arrives.
    for (const [index, day] of [0, 4, 8, 12, 16, 20, 24].entries()) {
      const sentAt = new Date(firstSlot.getTime() + day * 86_400_000);
      api.clock.set(sentAt);
      const { pushId } = await sentPush(api.database.db, await api.shop(`店${index}`), customers, sentAt);
      const full = async (customerId: number) => {
        const path = returnPath(returnPaths, { pushId, customerId, email: addressOf(customerId) });
        expect(await returnMail(receiver.port, path, bounceSample('gmail-full'))).toBe(250);
        return await heldBack(customerId);
      };
      if (index < 5) expect(await full(hana)).toBe(index < 4 ? null : 'suppressed');
      // Pushes 3 to 7 are five in a row since the one that arrived.
      if (index !== 1) expect(await full(taro)).toBe(index < 6 ? null : 'suppressed');
    }
    expect(await suppressions(hana)).toMatchObject([{ reason: 'soft_bounces' }]);
    expect(await suppressions(taro)).toMatchObject([{ reason: 'soft_bounces' }]);
  });

  it('that is disabled is suppressed after three pushes, whether that is said at once or later', async () => {
    const { shop, customers } = await shopWith(1);
    const [hana = 0] = customers;
    await sending.send(shop, { slot: firstSlot });
    await bounce(hana, 'gmail-disabled');
    sending.smtp.behave(addressOf(hana), { at: 'rcpt', code: 550, text: '5.2.1 mailbox disabled' }, 1);
    const { pushId } = await sending.send(shop, { slot: weeks(1) });
    expect(await counts(pushId)).toEqual({});
    expect(await heldBack(hana)).toBeNull();
    await sending.send(shop, { slot: weeks(2) });
    await bounce(hana, 'gmail-disabled');
    expect(await suppressions(hana)).toMatchObject([{ reason: 'mailbox_disabled' }]);
  });

  it('that is suppressed is given back when the customer verifies it anew', async () => {
    const { shop, customers } = await shopWith(1);
    const [hana = 0] = customers;
    await sending.send(shop, { slot: firstSlot });
    await bounce(hana, 'postfix-unknown-user');
    const customer = await signInCustomer(api, hana);
    expect((await customer.request('GET', '/api/my/preferences')).body).toMatchObject({
      email: { verified: true, undeliverable: true },
    });
    expect((await customer.request('POST', '/api/my/email-verification')).status).toBe(200);
    const expiresAt = new Date(api.clock.now().getTime() + 3_600_000);
    const link = { customerId: hana, expiresAt };
    const token = verificationToken('another of their secrets', link, addressOf(hana));
    expect((await api.server.inject({ method: 'POST', url: `/my/verify/${token}` })).statusCode).toBe(200);
    expect(await heldBack(hana)).toBeNull();
    expect(await suppressions(hana)).toEqual([]);
    expect((await customer.request('POST', '/api/my/email-verification')).status).toBe(409);
    await sending.send(shop, { slot: weeks(1) });
    await bounce(hana, 'postfix-unknown-user');
    expect(await heldBack(hana)).toBe('suppressed');
  });
});

describe('the receiver', () => {
  it('takes mail for return paths that we made, and for nothing else', async () => {
    const { shop, customers } = await shopWith(2);
    const [hana = 0, taro = 0] = customers;
    const { pushId } = await sending.send(shop, { slot: firstSlot });
    const path = senderTo(hana);
    const [, proof = ''] = /\.([^.@]+)@/.exec(path) ?? [];
    const forged = [
      `b+${pushId.toString(36)}.${taro.toString(36)}.${proof}@bounces.example.com`,
      path.replace(/.@/, path.includes('a@') ? 'b@' : 'a@'),
      path.replace('bounces.example.com', 'example.com'),
      returnPath({ ...returnPaths, secret: 'guessed' }, { pushId, customerId: hana, email: addressOf(hana) }),
      'postmaster@bounces.example.com',
      'somebody@elsewhere.example.com',
    ];
    for (const address of forged) {
      expect(await returnMail(receiver.port, address, bounceSample('postfix-unknown-user'))).toBe(550);
    }
    expect(await counts(pushId)).toEqual({});
    expect(await Promise.all(customers.map(heldBack))).toEqual([null, null]);
  });

  it('refuses what is larger than any report, and drops what is none', async () => {
    const { shop, customers } = await shopWith(1);
    const [hana = 0] = customers;
    const { pushId } = await sending.send(shop, { slot: firstSlot });
    const huge = Buffer.concat([bounceSample('postfix-unknown-user'), Buffer.alloc(3_000_000, 'a\r\n')]);
    expect(await returnMail(receiver.port, senderTo(hana), huge)).toBe(552);
    expect(await returnMail(receiver.port, senderTo(hana), Buffer.alloc(50_000, '\u0001\u00ff--\r\n'))).toBe(250);
    expect(await counts(pushId)).toEqual({});
    expect(await bounce(hana, 'postfix-unknown-user')).toBe(250);
    expect(await counts(pushId)).toEqual({ hard: 1 });
  });

  it('keeps room for others, however many connections one address opens', async () => {
    const sockets = Array.from({ length: 70 }, () => connect(receiver.port, '127.0.0.1'));
    const greetings = await Promise.all(sockets.map(async (one) => String((await once(one, 'data'))[0]).slice(0, 3)));
    for (const one of sockets) one.destroy();
    expect(greetings.filter((code) => code === '220')).toHaveLength(50);
    expect(greetings.filter((code) => code === '421')).toHaveLength(20);
  });

  it('parts from whoever only keeps a connection open', async () => {
    const deps = { db: api.database.db, clock: api.clock, logger };
    const other = await startBounceReceiver(deps, { returnPaths, host: '127.0.0.1', port: 0, longestMs: 300 });
    const socket = connect(other.port, '127.0.0.1').on('error', () => {});
    // A word is answered by a word, and the next one is said.
    socket.on('data', () => setTimeout(() => socket.write('NOOP\r\n'), 20));
    await new Promise((closed) => socket.once('close', closed));
    await other.close();
  });

  it('drops what is about a push that the ledger does not know', async () => {
    const unknown = returnPath(returnPaths, { pushId: 987_654, customerId: 1, email: 'a@example.com' });
    expect(await returnMail(receiver.port, unknown, bounceSample('postfix-unknown-user'))).toBe(250);
    expect(await counts(987_654)).toEqual({});
  });

  it('says "later" while the database does not answer, so that nothing is lost', async () => {
    const closed = openDatabase(api.database.url);
    await closed.close();
    const deps = { db: closed.db, clock: api.clock, logger };
    const other = await startBounceReceiver(deps, { returnPaths, host: '127.0.0.1', port: 0 });
    const path = returnPath(returnPaths, { pushId: 1, customerId: 1, email: 'a@example.com' });
    expect(await returnMail(other.port, path, bounceSample('postfix-unknown-user'))).toBe(451);
    await other.close();
  });

  it('tells a seller that a test send came back', async () => {
    const shop = await api.shop('はなみどり');
    const { db } = api.database;
    const { id } = await db
      .insertInto('test_send')
      .values({ shop_id: shop.shopId, user_id: shop.userId, choices: '{}', created_at: api.clock.now() })
      .returning('id')
      .executeTakeFirstOrThrow();
    const sent = { test_send_id: id, state: 'sent', finished_at: api.clock.now() } as const;
    await db
      .insertInto('test_send_mail')
      .values({ ...sent, language: 'ja' })
      .execute();
    const path = testReturnPath(returnPaths, id);
    expect(await returnMail(receiver.port, path, bounceSample('gmail-full'))).toBe(250);
    const { body } = await api.request(shop, 'GET', `/api/shops/${shop.shopId}/test-sends/${id}`);
    expect(body).toMatchObject({ mails: [{ state: 'failed', reason: 'address_refused' }] });
  });
});
