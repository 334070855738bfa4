import { pushSchema } from '@coupon-push/contract/pushes.ts';
import { heldBackPage, issuedCouponPage, recipientPage } from '@coupon-push/contract/results.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { checkBooks } from '../../../test/books.ts';
import { createFellows, type TestShop } from '../../../test/marketplace.ts';
import { redeemCoupon } from '../../../test/redeem.ts';
import { type Sending, startSending } from '../../../test/sent-push.ts';
import { createWaitingPush } from '../../../test/waiting-push.ts';
import { recordEvent } from '../pushes/events.ts';

let api: TestApi;
let sending: Sending;
let shop: TestShop;
let other: TestShop;
let pushId: number;
let couponId: number;
let customers: number[];

const slot = new Date('2026-11-25T10:00:00+09:00');
const address = (customerId: number) => `c${customerId}@customers.example.com`;

/** Of twelve, one has no mailbox, one a full one, one refused the message; the second used the coupon. */
beforeAll(async () => {
  api = await TestApi.create();
  api.clock.set(slot);
  sending = await startSending(api.database, api.clock);
  shop = await api.shop('はなみどり');
  other = await api.shop('よその店');
  const { db } = api.database;
  await sql`alter sequence customer_id_seq restart with 1000`.execute(db);
  const kinds = { reachable: 12, unverified: 3, muted: 2 };
  customers = (await createFellows(db, shop.shopId, kinds)).reachable ?? [];
  const logins = ['hamster77', 'HAMlet01', 'hamako', '=cmd|calc', '100%_off', 'ab', 'teruko', 'x_y_z1', 'yuki2000'];
  for (const [index, login] of logins.entries()) await rename(index, login);
  await sql`
    update customer set login_id = null, email = 'solo' || customer_id || '@customers.example.com'
     where customer_id = any(${customers.slice(9)}::bigint[])`.execute(db);
  const [unknown = 0, full = 0, refused = 0] = customers;
  sending.smtp.behave(address(unknown), { at: 'rcpt', code: 550, text: `5.1.1 <${address(unknown)}> unknown` });
  sending.smtp.behave(address(full), { at: 'rcpt', code: 552, text: '5.2.2 mailbox full' });
  sending.smtp.behave(address(refused), { at: 'message', code: 554, text: '5.6.0 not this content' });
  ({ pushId, couponId } = await sending.send(shop, { slot }));
  await redeemCoupon(db, {
    pushId,
    customerId: full,
    orderNo: 'D-1',
    cartMinor: 4000,
    discountMinor: 500,
    redeemedAt: new Date('2026-11-26T09:30:00+09:00'),
  });
});
afterAll(async () => {
  await sending.stop();
  await api.close();
});

const rename = (index: number, login: string) =>
  sql`update customer set login_id = ${login} where customer_id = ${customers[index]}`.execute(api.database.db);
const url = (path: string, of = shop) => `/api/shops/${of.shopId}${path}`;
const list = async (query = '') => {
  const answer = await api.request(shop, 'GET', url(`/pushes/${pushId}/recipients${query}`));
  expect(answer.status).toBe(200);
  return recipientPage.parse(answer.body);
};
const found = async (search: string) =>
  (await list(`?search=${encodeURIComponent(search)}`)).entries.map((one) => one.who);

describe('the recipients of a push', () => {
  it('are listed masked, with what became of each message and of the coupon', async () => {
    const { entries, next } = await list();
    expect(next).toBeNull();
    expect(entries).toHaveLength(12);
    expect(entries[0]).toMatchObject({ who: 'ham******', email: { state: 'failed', failure: 'address_unknown' } });
    expect(entries[1]).toMatchObject({
      who: 'HAM******',
      email: { state: 'failed', attempts: 1, failure: 'mailbox_unavailable' },
      appPush: { state: 'none', at: null, attempts: 0, failure: null },
      usedAt: '2026-11-26T00:30:00.000Z',
    });
    expect(entries[2]).toMatchObject({ email: { state: 'failed', failure: 'message_refused' }, usedAt: null });
    expect(entries[3]).toMatchObject({ email: { state: 'sent', inDoubt: false, failure: null } });
  });

  it('never show an address, neither here nor in the push’s own figures, whatever a mail server said', async () => {
    const answers = [
      await api.request(shop, 'GET', url(`/pushes/${pushId}`)),
      await api.request(shop, 'GET', url(`/pushes/${pushId}/recipients`)),
      await api.request(shop, 'GET', url(`/pushes/${pushId}/held-back`)),
      await api.request(shop, 'GET', url('/issued-coupons')),
    ];
    for (const { body } of answers) expect(JSON.stringify(body)).not.toMatch(/@|hamster|5\.1\.1/);
  });

  it('are narrowed by what became of a channel', async () => {
    const size = async (query: string) => (await list(query)).entries.length;
    expect(await size('?channel=email&state=sent')).toBe(9);
    expect(await size('?channel=email&state=failed')).toBe(3);
    expect(await size('?channel=email&state=owed')).toBe(0);
    expect(await size('?channel=app_push&state=none')).toBe(12);
    expect(await size('?channel=app_push&state=gone')).toBe(0);
    expect(await size('?channel=email&state=failed&search=ham')).toBe(3);
    const half = await api.request(shop, 'GET', url(`/pushes/${pushId}/recipients?channel=email`));
    expect(half).toMatchObject({ status: 400, body: { fields: [{ field: 'state' }] } });
  });

  it('are found by the characters that their mask shows, in any case and width', async () => {
    expect(await found('ham')).toEqual(['ham******', 'HAM******', 'ham******']);
    expect(await found('HA')).toHaveLength(3);
    expect(await found('ｈａｍ')).toHaveLength(3);
    expect(await found(' ham****** ')).toHaveLength(3);
    expect(await found('a')).toEqual(['a******']);
  });

  it('are found by a whole ID or e-mail, and by nothing in between that would spell out the rest', async () => {
    expect(await found('hamster77')).toEqual(['ham******']);
    expect(await found(address(customers[0] ?? 0))).toEqual(['ham******']);
    expect(await found('hams')).toEqual([]);
    expect(await found('hamster')).toEqual([]);
    // Two characters, of which the mask shows one.
    expect(await found('ab')).toEqual([]);
    // Somebody with an ID is shown by it, and not found by how the e-mail begins.
    expect(await found('c10')).toEqual([]);
    expect(await found('sol')).toEqual(['sol******', 'sol******', 'sol******']);
  });

  it('are not found by what means something to SQL, and nothing breaks', async () => {
    for (const search of [
      "'",
      "' or 1=1 --",
      '%',
      '_',
      '\\',
      '\\%',
      '%%%',
      '\u0000',
      '\ud800',
      '𠮷'.repeat(60),
      '***',
    ]) {
      const answer = await api.request(
        shop,
        'GET',
        url(`/pushes/${pushId}/recipients?search=${encodeURIComponent(search.toWellFormed())}`),
      );
      expect([search, answer.status]).toEqual([search, 200]);
    }
    expect(await found('%')).toEqual([]);
    expect(await found('_')).toEqual([]);
    expect(await found('x_y')).toEqual(['x_y******']);
    expect(await found('=cm')).toEqual(['=cm******']);
    expect(await found('100')).toEqual(['100******']);
  });

  it('come page by page, each once, while others are added', async () => {
    const { db } = api.database;
    const seen: number[] = [];
    let after = '';
    for (let page = 0; after !== 'none'; page += 1) {
      const { entries, next } = await list(`?limit=5${after}`);
      seen.push(entries.length);
      after = next === null ? 'none' : `&after=${next}`;
      if (page === 0) {
        await db.transaction().execute(async (trx) => {
          // Before what has been read, as a race might put it, and after it.
          for (const customerId of [1, 9_000_000]) {
            await sql`
              insert into recipient (push_id, customer_id, email_state, app_push_state)
              values (${pushId}, ${customerId}, 'waiting', 'none')`.execute(trx);
            await sql`
              insert into issued_coupon (customer_id, push_id, coupon_id, shop_id, issued_at, valid_from, valid_until)
              values (${customerId}, ${pushId}, ${couponId}, ${shop.shopId}, ${slot}, ${slot}, ${slot})`.execute(trx);
          }
        });
      }
    }
    expect(seen).toEqual([5, 5, 3]);
    await sql`delete from recipient where customer_id in (1, 9000000)`.execute(db);
    await sql`delete from issued_coupon where customer_id in (1, 9000000)`.execute(db);
    await checkBooks(db, pushId, customers);
  });

  it('are another shop’s secret', async () => {
    for (const path of ['recipients', 'held-back']) {
      expect((await api.request(other, 'GET', url(`/pushes/${pushId}/${path}`, other))).status).toBe(404);
      expect((await api.request(other, 'GET', url(`/pushes/${pushId}/${path}`, shop))).status).toBe(404);
    }
    expect((await api.request(other, 'GET', url('/issued-coupons', shop))).status).toBe(404);
    const own = await api.request(other, 'GET', url(`/issued-coupons?pushId=${pushId}`, other));
    expect(own.body).toEqual({ entries: [], next: null });
  });
});

describe('the figures of a push', () => {
  it('tell for each channel why it did not reach somebody', async () => {
    const push = pushSchema.parse((await api.request(shop, 'GET', url(`/pushes/${pushId}`))).body);
    const [email, appPush] = push.progress.channels;
    expect(email).toMatchObject({ channel: 'email', owed: 12, sent: 9, failed: 3 });
    expect(email?.failures).toEqual([
      { kind: 'address_unknown', customers: 1 },
      { kind: 'mailbox_unavailable', customers: 1 },
      { kind: 'message_refused', customers: 1 },
    ]);
    expect(appPush?.failures).toEqual([]);
    expect(push.timeline.map((event) => [event.kind, event.detail.recipients])).toEqual([
      ['dispatched', undefined],
      ['issued', 12],
      ['finished', undefined],
    ]);
  });
});

describe('the timeline of a push', () => {
  it('tells who applied and who cancelled', async () => {
    const { db } = api.database;
    const waiting = await createWaitingPush(db, other, { slot: new Date('2026-12-09T10:00:00+09:00') });
    await api.request(other, 'POST', url(`/pushes/${waiting.pushId}/cancel`, other));
    const { body } = await api.request(other, 'GET', url(`/pushes/${waiting.pushId}`, other));
    expect(pushSchema.parse(body)).toMatchObject({
      appliedBy: 'よその店の店長',
      timeline: [{ kind: 'cancelled', by: 'よその店の店長' }],
    });
  });

  it('tells that a channel is paused, and not what a mail server said about it', async () => {
    const { db } = api.database;
    const reason = '550 5.7.1 <someone@customers.example.com> blocked';
    await sql`
      update channel_progress set paused_reason = ${reason} where push_id = ${pushId} and channel = 'email'`.execute(
      db,
    );
    await db.transaction().execute(async (trx) => {
      await recordEvent(trx, { pushId, kind: 'paused', detail: { channel: 'email', reason }, happenedAt: slot });
    });
    const { body } = await api.request(shop, 'GET', url(`/pushes/${pushId}`));
    await sql`update channel_progress set paused_reason = null where push_id = ${pushId}`.execute(db);
    const { progress, timeline } = pushSchema.parse(body);
    expect(progress.channels.map(({ channel, paused }) => [channel, paused])).toEqual([
      ['email', true],
      ['app_push', false],
    ]);
    expect(timeline.at(-1)).toMatchObject({ kind: 'paused', detail: { channel: 'email' }, by: null });
    expect(JSON.stringify(body)).not.toContain('5.7.1');
  });
});

describe('who was held back', () => {
  it('is listed masked with the reason, and narrowed by reason and search', async () => {
    const heldBack = async (query = '') =>
      heldBackPage.parse((await api.request(shop, 'GET', url(`/pushes/${pushId}/held-back${query}`))).body);
    expect((await heldBack()).entries.map((one) => one.reason).sort()).toEqual([
      'muted',
      'muted',
      'unverified',
      'unverified',
      'unverified',
    ]);
    expect((await heldBack('?reason=muted')).entries).toHaveLength(2);
    expect((await heldBack('?reason=muted&limit=1')).next).not.toBeNull();
    expect((await heldBack('?search=log')).entries.every((one) => one.who === 'log******')).toBe(true);
    expect((await heldBack('?search=zzz')).entries).toEqual([]);
  });
});

describe('the list of issued coupons', () => {
  const issued = async (query: string) =>
    issuedCouponPage.parse((await api.request(shop, 'GET', url(`/issued-coupons${query}`))).body);

  it('tells each customer’s issue and use with the order, used and unused apart', async () => {
    const used = await issued('?use=used');
    expect(used).toMatchObject({
      entries: [
        {
          pushId,
          couponId,
          who: 'HAM******',
          usedAt: '2026-11-26T00:30:00.000Z',
          orderNo: 'D-1',
          discountMinor: 500,
          salesMinor: 4000,
        },
      ],
      next: null,
    });
    expect((await issued('?use=unused')).entries).toHaveLength(11);
    expect((await issued('?search=ham')).entries).toHaveLength(3);
    expect((await issued('?search=ham&use=used')).entries).toHaveLength(1);
    expect((await issued(`?couponId=${couponId + 1}`)).entries).toEqual([]);
    expect((await issued('?until=2026-11-22')).entries).toEqual([]);
  });

  it('tells which of them can still be used', async () => {
    const states = async () => (await issued('')).entries.map((one) => one.state);
    expect((await states()).sort()).toEqual([...Array(11).fill('usable'), 'used']);
    const now = api.clock.now();
    // Usable for 30 days from the issue.
    api.clock.set(new Date(slot.getTime() + 31 * 86_400_000));
    expect((await states()).sort()).toEqual([...Array(11).fill('expired'), 'used']);
    api.clock.set(now);
  });

  it('goes through the pushes, the newest first, each coupon once', async () => {
    const second = await sending.send(shop, { slot: new Date('2026-12-02T10:00:00+09:00') });
    const pages: number[][] = [];
    for (let after = ''; after !== 'none'; ) {
      const { entries, next } = await issued(`?limit=10${after}`);
      pages.push(entries.map((one) => one.pushId));
      after = next === null ? 'none' : `&after=${next}`;
    }
    // The unknown address was suppressed meanwhile.
    expect(pages.flat()).toEqual([...Array(11).fill(second.pushId), ...Array(12).fill(pushId)]);
    expect(pages.map((page) => page.length)).toEqual([10, 10, 3]);
  });

  it('begins at its beginning when asked to go on from what is no place in it', async () => {
    for (const after of ['x', '-1', '1-', "1-1'", '99999999999999999999-1']) {
      expect((await issued(`?limit=1&after=${encodeURIComponent(after)}`)).entries).toHaveLength(1);
    }
  });
});
