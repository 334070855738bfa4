import { beforeAll, describe, expect, it } from 'vitest';
import { until, untilEnded } from '../../test/books.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { startTestEngine, type TestEngine } from '../../test/engine.ts';
import { createFellows, createMarketplace, createShop } from '../../test/marketplace.ts';
import { PushService } from '../../test/push-service.ts';
import { SettableClock } from '../../test/settable-clock.ts';
import { SmtpPeer } from '../../test/smtp-peer.ts';
import { createWaitingPush, dispatchNow } from '../../test/waiting-push.ts';
import { createWebPushChannel, generateVapidKeys } from '../channels/web-push/channel.ts';
import { changeChoices, muteShop } from '../features/consents/service.ts';

const vapid = { subject: 'mailto:tests@example.com', ...generateVapidKeys() };
const slot = new Date('2026-12-01T10:30:00+09:00');
const said = { how: 'my_page', source: 'my page', at: slot };

let database: TestDatabase;
let smtp: SmtpPeer;
let pushService: PushService;
let engine: TestEngine;

beforeAll(async () => {
  database = await createTestDatabase();
  await createMarketplace(database.db);
  pushService = await new PushService().start();
  smtp = await SmtpPeer.start();
  const clock = new SettableClock();
  clock.set(slot);
  const webPush = createWebPushChannel({ vapid, allowPrivateNetworks: true });
  const retryDelaysMs = Array.from({ length: 500 }, () => 100);
  const peers = { smtpUrl: smtp.url, webPush, vapidPublicKey: vapid.publicKey };
  engine = await startTestEngine({ database, clock, retryDelaysMs, rangeSize: 250, ...peers });
  return async () => {
    await engine.stop();
    await webPush.close();
    await smtp.stop();
    await pushService.stop();
    await database.drop();
  };
});

async function subscribe(customerId: number): Promise<string> {
  const { endpoint, p256dh, auth } = pushService.subscribe(vapid.publicKey);
  const keys = { p256dh, auth, vapid_key: vapid.publicKey };
  await database.db
    .insertInto('subscription')
    .values({ customer_id: customerId, transport: 'web_push', endpoint, ...keys, created_at: slot })
    .execute();
  return endpoint;
}

const addressOf = (customerId: number) => `c${customerId}@customers.example.com`;

async function goneOn(pushId: number, channel: 'email_state' | 'app_push_state'): Promise<number[]> {
  const rows = await database.db
    .selectFrom('recipient')
    .where('push_id', '=', pushId)
    .where(channel, '=', 'gone')
    .select('customer_id')
    .orderBy('customer_id')
    .execute();
  return rows.map((row) => row.customer_id);
}

describe('what is withdrawn while a push is being sent', () => {
  it('holds for every message that has not left yet: mail refused, app push refused, the shop muted', async () => {
    const { db } = database;
    const shop = await createShop(db, 'はなみどり');
    const { reachable = [] } = await createFellows(db, shop.shopId, { reachable: 4 });
    const [mutes = 0, refusesAppPush = 0, refusesMail = 0, stays = 0] = reachable;
    const endpoints = await Promise.all(reachable.map(subscribe));
    smtp.otherwise = { at: 'rcpt', code: 451, text: '4.3.0 later' };
    pushService.otherwise = { status: 503 };
    const { pushId } = await createWaitingPush(db, shop, { slot });
    await dispatchNow(db, pushId);
    await until(
      async () => {
        const rows = await db.selectFrom('channel_progress').where('push_id', '=', pushId).select('retries').execute();
        return rows.length === 2 && rows.every(({ retries }) => retries >= 4) ? true : undefined;
      },
      20_000,
      'everybody to be tried once',
    );

    const { shop_no: shopNo } = await db
      .selectFrom('shop')
      .where('id', '=', shop.shopId)
      .select('shop_no')
      .executeTakeFirstOrThrow();
    await muteShop(db, { customerId: mutes, ...said }, { shopNo, muted: true });
    await changeChoices(db, { customerId: refusesAppPush, ...said }, { appPush: false });
    await changeChoices(db, { customerId: refusesMail, ...said }, { couponMail: false });
    await until(
      async () => {
        const [email, appPush] = [await goneOn(pushId, 'email_state'), await goneOn(pushId, 'app_push_state')];
        return email.length + appPush.length === 5 ? true : undefined;
      },
      20_000,
      'the refusals to be heard',
    );
    smtp.otherwise = 'accept';
    pushService.otherwise = { status: 201 };

    expect(await untilEnded(db, pushId)).toBe('sent');
    expect(await goneOn(pushId, 'email_state')).toEqual([mutes, refusesMail]);
    expect(await goneOn(pushId, 'app_push_state')).toEqual([mutes, refusesAppPush, refusesMail]);
    expect(smtp.received.map(({ to }) => to).sort()).toEqual([addressOf(refusesAppPush), addressOf(stays)].sort());
    const shown = pushService.received.filter(({ status }) => status === 201).map(({ endpoint }) => endpoint);
    expect(shown).toEqual([endpoints[3]]);
  });

  it('holds also for those of a batch whose turn has not come, when it takes long', async () => {
    const { db } = database;
    const shop = await createShop(db, 'まつかぜ');
    const { reachable = [] } = await createFellows(db, shop.shopId, { reachable: 210 });
    const last = reachable.at(-1) ?? 0;
    const before = smtp.received.length;
    smtp.manners = { slowMs: 20 };
    const { pushId } = await createWaitingPush(db, shop, { slot });
    await dispatchNow(db, pushId);
    await until(() => smtp.received[before], 20_000, 'the first e-mail');
    await changeChoices(db, { customerId: last, ...said }, { couponMail: false });
    expect(await untilEnded(db, pushId)).toBe('sent');
    smtp.manners = {};
    expect(await goneOn(pushId, 'email_state')).toEqual([last]);
    expect(smtp.received.slice(before).map(({ to }) => to)).toHaveLength(209);
    expect(smtp.received.map(({ to }) => to)).not.toContain(addressOf(last));
  });
});
