import { sql } from 'kysely';
import postalMime from 'postal-mime';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkBooks, emailCounters, until, untilEnded } from '../../test/books.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { startTestEngine, type TestEngine } from '../../test/engine.ts';
import { createFellows, createMarketplace, createShop, type TestShop } from '../../test/marketplace.ts';
import { PushService } from '../../test/push-service.ts';
import { SettableClock } from '../../test/settable-clock.ts';
import { SmtpPeer } from '../../test/smtp-peer.ts';
import { createWaitingPush, dispatchNow } from '../../test/waiting-push.ts';
import type { Channel } from '../channels/answer.ts';
import { createWebPushChannel, generateVapidKeys, type OutgoingPush } from '../channels/web-push/channel.ts';
import { stopCoupon } from '../features/coupons/service.ts';
import { cancelPush } from '../features/pushes/service.ts';
import { dispatchPush } from './dispatch.ts';
import { releasePush, resumeSending } from './operator.ts';

const vapid = { subject: 'mailto:tests@example.com', ...generateVapidKeys() };
const address = (customerId: number) => `c${customerId}@customers.example.com`;

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
  smtp = await SmtpPeer.start();
  engine = await startTestEngine({ database, clock, smtpUrl: smtp.url, webPush, vapidPublicKey: vapid.publicKey });
  shop = await createShop(database.db, 'はなみどり');
});
afterEach(async () => {
  await engine.stop();
  await smtp.stop();
});

async function send(pushId: number): Promise<string> {
  await dispatchNow(database.db, pushId);
  return await untilEnded(database.db, pushId);
}

async function pushRow(pushId: number) {
  return await database.db.selectFrom('push').where('id', '=', pushId).selectAll().executeTakeFirstOrThrow();
}

async function subscribe(customerId: number, vapidKey: string | null = vapid.publicKey) {
  const subscription = pushService.subscribe(vapid.publicKey);
  await database.db
    .insertInto('subscription')
    .values({
      customer_id: customerId,
      transport: 'web_push',
      endpoint: subscription.endpoint,
      p256dh: subscription.p256dh,
      auth: subscription.auth,
      vapid_key: vapidKey,
      created_at: new Date(),
    })
    .execute();
  return subscription;
}

describe('a promotion push', () => {
  it('gives everyone who can be reached one coupon, one Qpost message and one e-mail, and nobody else anything', async () => {
    const counts = { reachable: 130, left: 2, unverified: 3, refused: 4, suppressed: 5, muted: 6 };
    const { reachable = [] } = await createFellows(database.db, shop.shopId, counts);
    const { pushId, couponId } = await createWaitingPush(database.db, shop);
    expect(await send(pushId)).toBe('sent');
    await checkBooks(database.db, pushId, reachable);
    expect(smtp.received.map((mail) => mail.to).sort()).toEqual(reachable.map(address).sort());
    const heldBack = await database.db
      .selectFrom('push_exclusion_count')
      .where('push_id', '=', pushId)
      .select(['reason', 'customers'])
      .orderBy('customers')
      .execute();
    expect(heldBack).toEqual([
      { reason: 'left', customers: 2 },
      { reason: 'unverified', customers: 3 },
      { reason: 'refused', customers: 4 },
      { reason: 'suppressed', customers: 5 },
      { reason: 'muted', customers: 6 },
    ]);
    const coupon = await database.db
      .selectFrom('issued_coupon')
      .where('push_id', '=', pushId)
      .selectAll()
      .executeTakeFirstOrThrow();
    expect(coupon).toMatchObject({ coupon_id: couponId, shop_id: shop.shopId, used_at: null });
    expect(coupon.valid_until.getTime() - coupon.issued_at.getTime()).toBe(30 * 86_400_000);
  });

  it('reaches each customer in their language, with the shop’s best items by rank at dispatch', async () => {
    const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: 3 });
    const { pushId } = await createWaitingPush(database.db, shop);
    const [first, second] = shop.itemIds;
    await sql`update item set sales_rank = 21 - sales_rank where shop_id = ${shop.shopId}`.execute(database.db);
    await sql`update item set on_sale = false where id = ${shop.itemIds[19]}`.execute(database.db);
    await send(pushId);
    const subjects = [
      '[テストモール] ショップクーポンが発行されました！',
      '[テストモール] SHOP 쿠폰이 발행되었습니다!',
      '[テストモール] A shop coupon has been issued!',
    ];
    for (const [index, customerId] of reachable.entries()) {
      const [mail] = smtp.receivedBy(address(customerId));
      const parsed = await postalMime.parse(mail?.raw ?? '');
      expect(parsed.subject).toBe(subjects[index]);
      expect(parsed.messageId).toBe(`<push.${pushId}.${customerId}@localhost>`);
      for (const rank of [19, 18, 17, 16]) expect(parsed.html).toContain(`Ｃｕｐ ${rank}<`);
      for (const rank of [20, 15, 1]) expect(parsed.html).not.toContain(`Ｃｕｐ ${rank}<`);
    }
    expect([first, second]).not.toContain(undefined);
  });

  it('goes to those registered within the period, and to no one who registers while it is being sent', async () => {
    const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: 10 });
    const registered = { from: '2026-01-03', until: '2026-01-05' };
    const { pushId } = await createWaitingPush(database.db, shop, { registered });
    await send(pushId);
    await checkBooks(database.db, pushId, reachable.slice(2, 5));
  });

  it('tells app users by Web Push, encrypted for each device, and forgets devices that are gone', async () => {
    const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: 5 });
    const [two, dead, none, refuses] = reachable as [number, number, number, number];
    const devices = [
      await subscribe(two),
      await subscribe(two),
      await subscribe(dead),
      await subscribe(refuses),
    ] as const;
    pushService.answer(devices[1], { status: 410 });
    pushService.answer(devices[2], { status: 404 });
    await sql`update customer set accepts_app_push = false where customer_id = ${refuses}`.execute(database.db);
    const { pushId } = await createWaitingPush(database.db, shop);
    expect(await send(pushId)).toBe('sent');
    await checkBooks(database.db, pushId, reachable);
    const [received] = pushService.receivedBy(devices[0]);
    expect(JSON.parse(String(received?.payload))).toMatchObject({
      title: 'テストモール',
      body: '[クーポン] ショップクーポンが発行されました。',
      url: 'https://mall.example.com/my/coupons',
    });
    expect(pushService.receivedBy(devices[3])).toEqual([]);
    const states = await database.db
      .selectFrom('recipient')
      .where('push_id', '=', pushId)
      .select(['customer_id', 'app_push_state'])
      .orderBy('customer_id')
      .execute();
    expect(states.map((row) => row.app_push_state)).toEqual(['sent', 'gone', 'none', 'none', 'none']);
    const kept = await database.db
      .selectFrom('subscription')
      .where('customer_id', 'in', [two, dead, none])
      .select('endpoint')
      .execute();
    expect(kept).toEqual([{ endpoint: devices[0].endpoint }]);
  });

  it('forgets a device that subscribed with an older key of ours, and reaches the others', async () => {
    const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: 2 });
    const [moved, current] = reachable as [number, number];
    const old = await subscribe(moved, generateVapidKeys().publicKey);
    const device = await subscribe(current);
    const { pushId } = await createWaitingPush(database.db, shop);
    expect(await send(pushId)).toBe('sent');
    expect(pushService.receivedBy(old)).toEqual([]);
    expect(pushService.receivedBy(device)).toHaveLength(1);
    const kept = await database.db
      .selectFrom('subscription')
      .where('customer_id', 'in', [moved, current])
      .select('customer_id')
      .execute();
    expect(kept).toEqual([{ customer_id: current }]);
  });

  it('of a shop whose fellows can all not be reached ends as not sent, and the week is free', async () => {
    await createFellows(database.db, shop.shopId, { refused: 3 });
    const { pushId } = await createWaitingPush(database.db, shop);
    expect(await send(pushId)).toBe('not_sent');
    expect((await pushRow(pushId)).not_sent_reason).toBe('no_recipients');
    await createWaitingPush(database.db, shop);
  });

  it('whose coupon was stopped ends as not sent with that reason', async () => {
    await createFellows(database.db, shop.shopId, { reachable: 3 });
    const { pushId, couponId } = await createWaitingPush(database.db, shop);
    const scope = { userId: shop.userId, shopId: shop.shopId };
    await database.db.transaction().execute((trx) => stopCoupon(trx, scope, couponId, new Date()));
    expect(await send(pushId)).toBe('not_sent');
    expect((await pushRow(pushId)).not_sent_reason).toBe('coupon_stopped');
    expect(smtp.received).toEqual([]);
  });

  it('that is more than a day late is held until the operator releases it', async () => {
    await createFellows(database.db, shop.shopId, { reachable: 3 });
    const slot = new Date('2026-11-26T10:00:00+09:00');
    const { pushId } = await createWaitingPush(database.db, shop, { slot });
    clock.set(new Date(slot.getTime() + 25 * 3_600_000));
    await dispatchPush(engine.deps, pushId);
    expect(await pushRow(pushId)).toMatchObject({ state: 'waiting', paused_reason: 'late' });
    await database.db.transaction().execute((trx) => releasePush(trx, { pushId, now: clock.now() }));
    expect(await untilEnded(database.db, pushId)).toBe('sent');
  });

  it('that is woken before its slot goes back to waiting for it', async () => {
    const { pushId } = await createWaitingPush(database.db, shop, { slot: new Date(Date.now() + 3_600_000) });
    await dispatchPush(engine.deps, pushId);
    expect((await pushRow(pushId)).state).toBe('waiting');
  });
});

describe('policy kr', () => {
  it('labels advertising, and at night sends app push and Qpost to those alone who agreed to it', async () => {
    const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: 4 });
    const [agreed, asleep] = reachable as [number, number];
    const devices = [await subscribe(agreed), await subscribe(asleep)] as const;
    await sql`update customer set accepts_night_messages = true where customer_id = ${agreed}`.execute(database.db);
    await sql`update marketplace set policy_profile = 'kr', zone = 'Asia/Seoul'`.execute(database.db);
    const slot = new Date('2026-12-01T21:30:00+09:00');
    clock.set(slot);
    const { pushId } = await createWaitingPush(database.db, shop, { slot });
    const state = await send(pushId);
    await sql`update marketplace set policy_profile = 'jp', zone = 'Asia/Tokyo'`.execute(database.db);
    expect(state).toBe('sent');
    const qpost = await database.db
      .selectFrom('qpost_message')
      .where('source_id', '=', pushId)
      .select('customer_id')
      .execute();
    expect(qpost).toEqual([{ customer_id: agreed }]);
    expect(devices.map((device) => pushService.receivedBy(device).length)).toEqual([1, 0]);
    const coupons = await database.db
      .selectFrom('issued_coupon')
      .where('push_id', '=', pushId)
      .select('customer_id')
      .execute();
    expect(coupons).toHaveLength(4);
    expect(smtp.received).toHaveLength(4);
    const subjects = await Promise.all(smtp.received.map(async (mail) => (await postalMime.parse(mail.raw)).subject));
    expect(subjects.every((subject) => subject?.startsWith('(광고)'))).toBe(true);
  });
});

describe('a mail server that refuses', () => {
  it('for now is tried again with the same Message-ID, until it accepts', async () => {
    const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: 4 });
    const [greylisted] = reachable as [number];
    smtp.behave(address(greylisted), { at: 'rcpt', code: 450, text: '4.7.1 greylisted' }, 2);
    const { pushId } = await createWaitingPush(database.db, shop);
    expect(await send(pushId)).toBe('sent');
    await checkBooks(database.db, pushId, reachable);
    expect(smtp.receivedBy(address(greylisted))).toHaveLength(1);
    expect(await emailCounters(database.db, pushId)).toMatchObject({ sent: 4, retries: 2, in_doubt: 0 });
  });

  it('for good fails that recipient alone; a hard bounce suppresses the address, another failure does not', async () => {
    const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: 4 });
    const [unknown, full] = reachable as [number, number];
    smtp.behave(address(unknown), { at: 'rcpt', code: 550, text: '5.1.1 no such user' });
    smtp.behave(address(full), { at: 'message', code: 554, text: '5.6.0 not this content' });
    const { pushId } = await createWaitingPush(database.db, shop);
    expect(await send(pushId)).toBe('partly_sent');
    await checkBooks(database.db, pushId, reachable);
    expect(await emailCounters(database.db, pushId)).toMatchObject({ sent: 2, failed: 2 });
    const held = await database.db
      .selectFrom('customer')
      .where('held_back', 'is not', null)
      .where('customer_id', 'in', reachable)
      .select(['customer_id', 'held_back'])
      .execute();
    expect(held).toEqual([{ customer_id: unknown, held_back: 'suppressed' }]);
    expect(smtp.receivedBy(address(unknown))).toEqual([]);
  });

  it('again and again fails the recipient when the attempts are used up', async () => {
    const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: 2 });
    const [never] = reachable as [number];
    smtp.behave(address(never), { at: 'rcpt', code: 451, text: '4.3.0 later' });
    const { pushId } = await createWaitingPush(database.db, shop);
    expect(await send(pushId)).toBe('partly_sent');
    expect(await emailCounters(database.db, pushId)).toMatchObject({ sent: 1, failed: 1, retries: 3 });
  });

  it('because of us pauses the push, fails and suppresses nobody, and goes on when the operator says so', async () => {
    const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: 100 });
    smtp.otherwise = { at: 'mail', code: 550, text: '5.7.1 your network is blocked' };
    const { pushId } = await createWaitingPush(database.db, shop);
    await dispatchNow(database.db, pushId);
    const paused = await until(
      async () => (await emailCounters(database.db, pushId))?.paused_reason ?? undefined,
      20_000,
      'the pause',
    );
    expect(paused).toContain('5.7.1');
    expect(await emailCounters(database.db, pushId)).toMatchObject({ sent: 0, failed: 0 });
    expect((await pushRow(pushId)).state).toBe('sending');
    smtp.otherwise = 'accept';
    await database.db
      .transaction()
      .execute((trx) => resumeSending(trx, { pushId, channel: 'email', now: clock.now() }));
    expect(await untilEnded(database.db, pushId)).toBe('sent');
    await checkBooks(database.db, pushId, reachable);
  });

  it('by going away after the message leaves it in doubt: it is sent again with the same Message-ID, and counted', async () => {
    const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: 3 });
    const [doubted] = reachable as [number];
    smtp.behave(address(doubted), 'drop_after_message', 1);
    const { pushId } = await createWaitingPush(database.db, shop);
    expect(await send(pushId)).toBe('sent');
    await checkBooks(database.db, pushId, reachable);
    const twice = smtp.receivedBy(address(doubted));
    expect(twice.map((mail) => mail.answered)).toEqual([false, true]);
    const ids = await Promise.all(twice.map(async (mail) => (await postalMime.parse(mail.raw)).messageId));
    expect(ids).toEqual([`<push.${pushId}.${doubted}@localhost>`, `<push.${pushId}.${doubted}@localhost>`]);
    expect(await emailCounters(database.db, pushId)).toMatchObject({ in_doubt: 1 });
  });

  it('does not hold up the app pushes of the same push', async () => {
    const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: 3 });
    const device = await subscribe(reachable[0] ?? 0);
    smtp.otherwise = { at: 'mail', code: 451, text: '4.3.2 not now' };
    const { pushId } = await createWaitingPush(database.db, shop);
    await dispatchNow(database.db, pushId);
    await until(() => (pushService.receivedBy(device).length > 0 ? true : undefined), 10_000, 'the app push');
    expect((await emailCounters(database.db, pushId))?.sent).toBe(0);
    smtp.otherwise = 'accept';
    expect(await untilEnded(database.db, pushId)).toBe('sent');
  });
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

describe('a cancel that races the dispatch', () => {
  it('and the dispatch: exactly one wins, each time', async () => {
    await createFellows(database.db, shop.shopId, { reachable: 3 });
    const scope = { userId: shop.userId, shopId: shop.shopId };
    const ends = new Set<string>();
    const slotOf = (round: number) => new Date(Date.UTC(2027, 0, 4 + 7 * round, 1));
    // The first goes out alone and shows how long a dispatch takes here. Then the cancel comes long before the dispatch,
    // ever closer to it, at all its moments, and at last long after.
    const rounds = 16;
    const alone = await createWaitingPush(database.db, shop, { slot: slotOf(rounds) });
    clock.freeze(slotOf(rounds));
    const began = performance.now();
    await dispatchPush(engine.deps, alone.pushId);
    const dispatchMs = performance.now() - began;
    for (let round = 0; round < rounds; round += 1) {
      const slot = slotOf(round);
      const { pushId } = await createWaitingPush(database.db, shop, { slot });
      // The cancel was asked for in time, and its transaction meets the dispatch's.
      const lead = (dispatchMs + 50) * 3 * (round / (rounds - 1) - 0.5);
      clock.freeze(slot);
      const inTime = new Date(slot.getTime() - 24 * 3_600_000);
      const cancel = database.db
        .transaction()
        .execute(async (trx) => {
          await pause(lead);
          await cancelPush(trx, scope, pushId, inTime);
        })
        .then(
          () => 'cancelled',
          () => 'too late',
        );
      await pause(-lead);
      await dispatchPush(engine.deps, pushId);
      const cancelled = await cancel;
      const state = await untilEnded(database.db, pushId);
      expect([cancelled, state]).toEqual(cancelled === 'cancelled' ? ['cancelled', 'cancelled'] : ['too late', 'sent']);
      const coupons = await database.db
        .selectFrom('issued_coupon')
        .where('push_id', '=', pushId)
        .select('customer_id')
        .execute();
      expect(coupons).toHaveLength(state === 'sent' ? 3 : 0);
      ends.add(state);
    }
    expect([...ends].sort()).toEqual(['cancelled', 'sent']);
  });
});
