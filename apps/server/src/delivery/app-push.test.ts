import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkBooks, until, untilEnded } from '../../test/books.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { startTestEngine } from '../../test/engine.ts';
import { FcmService } from '../../test/fcm-service.ts';
import { createFellows, createMarketplace, createShop, type TestShop } from '../../test/marketplace.ts';
import { PushService } from '../../test/push-service.ts';
import { SettableClock } from '../../test/settable-clock.ts';
import { SmtpPeer } from '../../test/smtp-peer.ts';
import { createWaitingPush, dispatchNow, remindNow } from '../../test/waiting-push.ts';
import type { Channel } from '../channels/answer.ts';
import { createFcmChannel } from '../channels/fcm/channel.ts';
import type { OutgoingFcm } from '../channels/fcm/message.ts';
import { createWebPushChannel, generateVapidKeys, type OutgoingPush } from '../channels/web-push/channel.ts';
import { registerDevice } from '../features/subscriptions/service.ts';

const vapid = { subject: 'mailto:tests@example.com', ...generateVapidKeys() };

let database: TestDatabase;
let smtp: SmtpPeer;
let pushService: PushService;
let fcmService: FcmService;
let webPush: Channel<OutgoingPush>;
let fcm: Channel<OutgoingFcm>;
let shop: TestShop;
let devices = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  await createMarketplace(database.db);
  smtp = await SmtpPeer.start();
  pushService = await new PushService().start();
  fcmService = await new FcmService().start();
  webPush = createWebPushChannel({ vapid, allowPrivateNetworks: true });
  fcm = createFcmChannel({ account: fcmService.account, server: fcmService.server });
  return async () => {
    await Promise.all([webPush.close(), fcm.close()]);
    await Promise.all([smtp.stop(), pushService.stop(), fcmService.stop()]);
    await database.drop();
  };
});
beforeEach(async () => {
  shop = await createShop(database.db, 'はなみどり');
});

/** Uses an engine that can reach native apps, or cannot. */
async function withEngine<T>(native: boolean, use: (clock: SettableClock) => Promise<T>): Promise<T> {
  const clock = new SettableClock();
  const channels = { webPush, vapidPublicKey: vapid.publicKey, ...(native ? { fcm } : {}) };
  const engine = await startTestEngine({ database, clock, smtpUrl: smtp.url, ...channels });
  try {
    return await use(clock);
  } finally {
    await engine.stop();
  }
}

/** Dispatches a push to the shop's fellows; how it ended. */
async function send(options: { native: boolean }): Promise<{ state: string; pushId: number }> {
  const { pushId } = await createWaitingPush(database.db, shop);
  return await withEngine(options.native, async () => {
    await dispatchNow(database.db, pushId);
    return { state: await untilEnded(database.db, pushId), pushId };
  });
}

async function fellows(reachable: number): Promise<number[]> {
  return (await createFellows(database.db, shop.shopId, { reachable })).reachable ?? [];
}

/** As the API registers it. */
async function nativeApp(customerId: number): Promise<string> {
  devices += 1;
  const token = `device-${devices}:APA91b`;
  const settings = { vapidPublicKey: vapid.publicKey, nativeApps: true };
  await database.db
    .transaction()
    .execute((trx) => registerDevice(trx, customerId, { transport: 'fcm', token }, { now: new Date(), settings }));
  return token;
}

/** On loopback, which the API would refuse. */
async function browser(customerId: number) {
  const subscription = pushService.subscribe(vapid.publicKey);
  const { endpoint, p256dh, auth } = subscription;
  await database.db
    .insertInto('subscription')
    .values({ customer_id: customerId, transport: 'web_push', endpoint, p256dh, auth, created_at: new Date() })
    .execute();
  return subscription;
}

async function appPushStates(pushId: number): Promise<string[]> {
  const rows = await database.db
    .selectFrom('recipient')
    .where('push_id', '=', pushId)
    .select('app_push_state')
    .orderBy('customer_id')
    .execute();
  return rows.map((row) => row.app_push_state);
}

async function endpointsOf(customers: readonly number[]): Promise<string[]> {
  const rows = await database.db
    .selectFrom('subscription')
    .where('customer_id', 'in', customers)
    .select('endpoint')
    .orderBy('id')
    .execute();
  return rows.map((row) => row.endpoint);
}

describe('app pushes of one push', () => {
  it('reach native apps by FCM and browsers by Web Push, each in the customer’s language', async () => {
    const customers = await fellows(3);
    const [one = 0, two = 0, both = 0] = customers;
    const app = await nativeApp(one);
    const web = await browser(two);
    const [phone, laptop] = [await nativeApp(both), await browser(both)];
    const { state, pushId } = await send({ native: true });
    expect(state).toBe('sent');
    await checkBooks(database.db, pushId, customers);
    expect(await appPushStates(pushId)).toEqual(['sent', 'sent', 'sent']);
    expect(fcmService.receivedBy(app)).toMatchObject([
      {
        notification: { title: 'テストモール', body: '[クーポン] ショップクーポンが発行されました。' },
        data: { url: 'https://mall.example.com/my/coupons', tag: `push-${pushId}` },
        android: { collapse_key: `push-${pushId}` },
      },
    ]);
    expect(fcmService.receivedBy(phone)[0]?.notification.body).toContain('A shop coupon');
    for (const subscription of [web, laptop]) expect(pushService.receivedBy(subscription)).toHaveLength(1);
  });

  it('remove an app that was uninstalled, and come again to one that FCM has no time for', async () => {
    const customers = await fellows(2);
    const [uninstalled = 0, busy = 0] = customers;
    const [dead, alive] = [await nativeApp(uninstalled), await nativeApp(busy)];
    fcmService.answer(dead, { status: 404, errorCode: 'UNREGISTERED' });
    fcmService.answer(alive, { status: 503, errorCode: 'UNAVAILABLE' }, 1);
    const { state, pushId } = await send({ native: true });
    expect(state).toBe('sent');
    await checkBooks(database.db, pushId, customers);
    expect(await appPushStates(pushId)).toEqual(['gone', 'sent']);
    expect(fcmService.receivedBy(alive)).toHaveLength(1);
    expect(await endpointsOf(customers)).toEqual([alive]);
  });

  it('remind native apps as well, without a sound and in place of nothing else', async () => {
    const [one = 0] = await fellows(1);
    const app = await nativeApp(one);
    const slot = new Date('2026-12-01T10:30:00+09:00');
    const { pushId } = await createWaitingPush(database.db, shop, { slot, remindDays: 3 });
    await withEngine(true, async (clock) => {
      clock.set(slot);
      await dispatchNow(database.db, pushId);
      await untilEnded(database.db, pushId);
      clock.set(new Date('2026-12-28T10:31:00+09:00'));
      await remindNow(database.db, pushId);
      await until(() => fcmService.receivedBy(app)[1], 20_000, 'the reminder');
    });
    const [first, reminder] = fcmService.receivedBy(app);
    expect(first?.apns.payload.aps).toHaveProperty('sound');
    expect(reminder).toMatchObject({
      data: { tag: `reminder-${pushId}` },
      apns: { headers: { 'apns-priority': '1' } },
    });
    expect(reminder?.apns.payload.aps).not.toHaveProperty('sound');
  });

  it('go to browsers alone when there is no service account, and the apps stay known', async () => {
    const customers = await fellows(2);
    const [one = 0, onlyApp = 0] = customers;
    const [app, web, other] = [await nativeApp(one), await browser(one), await nativeApp(onlyApp)];
    const { state, pushId } = await send({ native: false });
    // Who has nothing but the app is owed nothing, as if there were no device.
    expect([state, await appPushStates(pushId)]).toEqual(['sent', ['sent', 'none']]);
    expect([fcmService.receivedBy(app).length, pushService.receivedBy(web).length]).toEqual([0, 1]);
    expect(await endpointsOf(customers)).toEqual([app, web.endpoint, other]);
  });

  it('are not paused by customers whose own endpoints refuse them', async () => {
    const customers = await fellows(8);
    const web = [];
    for (const customerId of customers) web.push(await browser(customerId));
    for (const [place, status] of [400, 401, 403, 403].entries()) {
      const subscription = web[place];
      if (subscription !== undefined) pushService.answer(subscription, { status });
    }
    const { state, pushId } = await send({ native: true });
    await checkBooks(database.db, pushId, customers);
    expect(await appPushStates(pushId)).toEqual([
      'failed',
      'failed',
      'failed',
      'failed',
      'sent',
      'sent',
      'sent',
      'sent',
    ]);
    expect(state).toBe('partly_sent');
  });
});
