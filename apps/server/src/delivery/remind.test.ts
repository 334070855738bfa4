import { sql } from 'kysely';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until, untilEnded } from '../../test/books.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { startTestEngine, type TestEngine } from '../../test/engine.ts';
import { createFellows, createMarketplace, createShop, type TestShop } from '../../test/marketplace.ts';
import { PushService } from '../../test/push-service.ts';
import { SettableClock } from '../../test/settable-clock.ts';
import { SmtpPeer } from '../../test/smtp-peer.ts';
import { createWaitingPush, dispatchNow, remindNow, terms } from '../../test/waiting-push.ts';
import type { Channel } from '../channels/answer.ts';
import { createWebPushChannel, generateVapidKeys, type OutgoingPush } from '../channels/web-push/channel.ts';
import { remindPush } from './remind.ts';
import { sweepDelivery } from './sweep.ts';

const vapid = { subject: 'mailto:tests@example.com', ...generateVapidKeys() };
const slot = new Date('2026-12-01T10:30:00+09:00');
/** 30 days after the slot, less three. */
const due = new Date('2026-12-28T10:30:00+09:00');

let database: TestDatabase;
let clock: SettableClock;
let smtp: SmtpPeer;
let pushService: PushService;
let webPush: Channel<OutgoingPush>;
let engine: TestEngine;
let shop: TestShop;

beforeAll(async () => {
  database = await createTestDatabase();
  await createMarketplace(database.db);
  pushService = await new PushService().start();
  webPush = createWebPushChannel({ vapid, allowPrivateNetworks: true });
  return async () => {
    await webPush.close();
    await pushService.stop();
    await database.drop();
  };
});

beforeEach(async () => {
  clock = new SettableClock();
  clock.set(slot);
  smtp = await SmtpPeer.start();
  engine = await startTestEngine({ database, clock, smtpUrl: smtp.url, webPush, vapidPublicKey: vapid.publicKey });
  shop = await createShop(database.db, 'はなみどり');
});

afterEach(async () => {
  await engine.stop();
  await smtp.stop();
});

async function subscribe(customerId: number) {
  const subscription = pushService.subscribe(vapid.publicKey);
  await database.db
    .insertInto('subscription')
    .values({
      customer_id: customerId,
      transport: 'web_push',
      endpoint: subscription.endpoint,
      p256dh: subscription.p256dh,
      auth: subscription.auth,
      vapid_key: vapid.publicKey,
      created_at: new Date(),
    })
    .execute();
  return subscription;
}

/** A push that went out and asked for a reminder three days before the end. */
async function sent(people: number, options: Partial<Parameters<typeof createWaitingPush>[2]> = {}) {
  const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: people });
  const { pushId, couponId } = await createWaitingPush(database.db, shop, { slot, remindDays: 3, ...options });
  await dispatchNow(database.db, pushId);
  expect(await untilEnded(database.db, pushId)).toBe('sent');
  return { pushId, couponId, reachable };
}

async function reminder(pushId: number) {
  return await database.db.selectFrom('reminder').where('push_id', '=', pushId).selectAll().executeTakeFirst();
}

async function remind(pushId: number) {
  await remindNow(database.db, pushId);
  return await until(
    async () => {
      const row = await reminder(pushId);
      return row?.finished_at ? row : undefined;
    },
    20_000,
    'the reminder to finish',
  );
}

async function reminded(pushId: number): Promise<number[]> {
  const rows = await database.db
    .selectFrom('qpost_message')
    .where('source', '=', 'reminder')
    .where('source_id', '=', pushId)
    .select('customer_id')
    .orderBy('customer_id')
    .execute();
  return rows.map((row) => row.customer_id);
}

async function use(pushId: number, customerId: number): Promise<void> {
  await database.db
    .updateTable('issued_coupon')
    .set({ used_at: clock.now(), used_order_no: 'order', discount_minor: 500 })
    .where('push_id', '=', pushId)
    .where('customer_id', '=', customerId)
    .execute();
}

async function jobOf(pushId: number) {
  const { rows } = await sql<{ run_at: Date }>`
    select run_at from graphile_worker.jobs where key = ${`remind:${pushId}`}`.execute(database.db);
  return rows[0];
}

describe('a reminder', () => {
  it('is on the calendar from the dispatch on, at the time of day of the slot', async () => {
    const { pushId } = await sent(1);
    expect((await reminder(pushId))?.due_at.getTime()).toBeGreaterThanOrEqual(due.getTime());
    expect((await reminder(pushId))?.due_at.getTime()).toBeLessThan(due.getTime() + 60_000);
    await remindPush(engine.deps, pushId);
    expect(await reminded(pushId)).toEqual([]);
    expect(await jobOf(pushId)).toBeDefined();
  });

  it('goes to those alone who have not used the coupon and still want to hear of it', async () => {
    const { pushId, reachable } = await sent(100);
    const [used = 0, refuses = 0, left = 0, muted = 0, ...rest] = reachable;
    await use(pushId, used);
    await sql`update customer set refuses_coupon_mail = true where customer_id = ${refuses}`.execute(database.db);
    await sql`update customer set left_at = now() where customer_id = ${left}`.execute(database.db);
    await sql`update fellow set muted_at = now() where customer_id = ${muted}`.execute(database.db);
    const [device, noLonger] = [rest[0] ?? 0, rest[1] ?? 0];
    const devices = { of: await subscribe(device), ofUser: await subscribe(used), noLonger: await subscribe(noLonger) };
    await sql`update customer set accepts_app_push = false where customer_id = ${noLonger}`.execute(database.db);
    smtp.received.length = 0;
    clock.set(new Date(due.getTime() + 60_000));
    expect((await remind(pushId)).customers).toBe(rest.length);
    expect(await reminded(pushId)).toEqual(rest);
    const push = await until(() => pushService.receivedBy(devices.of)[0], 20_000, 'the app push');
    expect(push).toMatchObject({ topic: `reminder-${pushId}`, urgency: 'low' });
    expect(JSON.parse(push.payload)).toMatchObject({
      body: expect.stringContaining('500'),
      silent: true,
      tag: `reminder-${pushId}`,
    });
    expect(pushService.receivedBy(devices.ofUser)).toEqual([]);
    expect(pushService.receivedBy(devices.noLonger)).toEqual([]);
    expect(smtp.received).toEqual([]);
  });

  it('is one for each, however often and by however many its job is done', async () => {
    const { pushId, reachable } = await sent(130);
    const device = await subscribe(reachable[0] ?? 0);
    clock.set(new Date(due.getTime() + 60_000));
    await Promise.all(Array.from({ length: 4 }, () => remindPush(engine.deps, pushId)));
    await remind(pushId);
    await remindPush(engine.deps, pushId);
    expect(await reminded(pushId)).toEqual(reachable);
    expect((await reminder(pushId))?.customers).toBe(reachable.length);
    const counters = () =>
      database.db
        .selectFrom('channel_progress')
        .where('push_id', '=', pushId)
        .where('channel', '=', 'reminder')
        .select(['owed', 'sent', 'batches', 'batches_finished'])
        .executeTakeFirst();
    await until(async () => ((await counters())?.batches_finished === 1 ? true : undefined), 20_000, 'the batch');
    expect(await counters()).toEqual({ owed: 1, sent: 1, batches: 1, batches_finished: 1 });
    expect(pushService.receivedBy(device)).toHaveLength(1);
    const events = await database.db
      .selectFrom('push_event')
      .where('push_id', '=', pushId)
      .where('kind', '=', 'reminded')
      .select('detail')
      .execute();
    expect(events).toEqual([{ detail: { recipients: reachable.length } }]);
    expect(await untilEnded(database.db, pushId)).toBe('sent');
  });

  it('to a device that does not answer for now is tried again', async () => {
    const { pushId, reachable } = await sent(3);
    const device = await subscribe(reachable[1] ?? 0);
    pushService.answer(device, { status: 503 }, 2);
    clock.set(new Date(due.getTime() + 60_000));
    await remind(pushId);
    const arrived = () => pushService.receivedBy(device).find((push) => push.status === 201);
    await until(arrived, 20_000, 'the app push');
  });

  it('says in each language what the coupon is and until when it can be used', async () => {
    const { pushId } = await sent(1);
    const messages = await database.db
      .selectFrom('push_message')
      .where('push_id', '=', pushId)
      .select(['language', sql<{ qpost: { title: string; heading: string } }>`message->'reminder'`.as('reminder')])
      .orderBy('language')
      .execute();
    expect(messages.map(({ reminder: { qpost } }) => [qpost.title, qpost.heading])).toEqual([
      ['[クーポン] まもなく使用期限です', '500円 ショップクーポンは2026/12/31（木）10:30 JSTまで使用できます'],
      ['[쿠폰] 샵쿠폰의 사용기간이 곧 끝납니다', '500엔 샵쿠폰은 2026/12/31(목) 10:30 JST까지 사용할 수 있습니다'],
      [
        '[Coupon] Your shop coupon expires soon',
        'Your shop coupon (¥500) can be used until 2026/12/31 (Thu) 10:30 JST',
      ],
    ]);
  });

  it('of a push that reached nobody ends, and does not come up again and again', async () => {
    const { pushId } = await createWaitingPush(database.db, shop, { slot, remindDays: 3 });
    await dispatchNow(database.db, pushId);
    expect(await untilEnded(database.db, pushId)).toBe('not_sent');
    clock.set(due);
    expect(await remind(pushId)).toMatchObject({ customers: 0 });
    await sweepDelivery(engine.deps);
    expect(await jobOf(pushId)).toBeUndefined();
  });

  it('is not for a coupon that has expired meanwhile, or whose limit is reached', async () => {
    const late = await sent(3);
    clock.set(new Date('2027-01-01T10:30:00+09:00'));
    expect((await remind(late.pushId)).customers).toBe(0);
    clock.set(slot);
    shop = await createShop(database.db, '人気の店');
    const popular = await sent(3, { terms: { ...terms, useLimit: 3 } });
    await sql`update coupon set used_count = 3 where id = ${popular.couponId}`.execute(database.db);
    clock.set(new Date(due.getTime() + 60_000));
    expect((await remind(popular.pushId)).customers).toBe(0);
    expect([...(await reminded(late.pushId)), ...(await reminded(popular.pushId))]).toEqual([]);
  });

  it('waits for the end of the quiet hours (policy kr)', async () => {
    const { pushId, reachable } = await sent(3);
    await sql`update marketplace set policy_profile = 'kr', zone = 'Asia/Seoul'`.execute(database.db);
    try {
      clock.set(new Date('2026-12-28T21:30:00+09:00'));
      await remindPush(engine.deps, pushId);
      expect(await reminded(pushId)).toEqual([]);
      const morning = new Date('2026-12-29T08:00:00+09:00');
      const runAt = (await jobOf(pushId))?.run_at.getTime() ?? 0;
      expect(Math.abs(runAt - clock.machineTime(morning).getTime())).toBeLessThan(10);
      clock.set(morning);
      await remind(pushId);
      expect(await reminded(pushId)).toEqual(reachable);
    } finally {
      await sql`update marketplace set policy_profile = 'jp', zone = 'Asia/Tokyo'`.execute(database.db);
    }
  });
});
