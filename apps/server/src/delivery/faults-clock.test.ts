import { beforeAll, expect, it } from 'vitest';
import { checkBooks, until, untilEnded } from '../../test/books.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { startTestEngine, type TestEngine } from '../../test/engine.ts';
import { createFellows, createMarketplace, createShop } from '../../test/marketplace.ts';
import { SettableClock } from '../../test/settable-clock.ts';
import { SmtpPeer } from '../../test/smtp-peer.ts';
import { createWaitingPush, dispatchNow } from '../../test/waiting-push.ts';
import { createWebPushChannel, generateVapidKeys } from '../channels/web-push/channel.ts';

const hour = 3_600_000;
const slot = new Date('2026-12-01T10:30:00+09:00');
const after = (ms: number) => new Date(slot.getTime() + ms);

let database: TestDatabase;
let clock: SettableClock;
let smtp: SmtpPeer;
let engine: TestEngine;

beforeAll(async () => {
  database = await createTestDatabase();
  await createMarketplace(database.db);
  clock = new SettableClock();
  smtp = await SmtpPeer.start();
  const vapid = { subject: 'mailto:tests@example.com', ...generateVapidKeys() };
  const webPush = createWebPushChannel({ vapid });
  const retryDelaysMs = Array.from({ length: 500 }, () => 150);
  const peers = { smtpUrl: smtp.url, webPush, vapidPublicKey: vapid.publicKey };
  engine = await startTestEngine({ database, clock, retryDelaysMs, ...peers });
  return async () => {
    await engine.stop();
    await webPush.close();
    await smtp.stop();
    await database.drop();
  };
});

async function prepare(people: number) {
  const shop = await createShop(database.db, 'はなみどり');
  const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: people });
  const { pushId } = await createWaitingPush(database.db, shop, { slot });
  return { pushId, reachable };
}

async function pushRow(pushId: number) {
  return await database.db.selectFrom('push').where('id', '=', pushId).selectAll().executeTakeFirstOrThrow();
}

function expectOneEach(reachable: readonly number[]): void {
  const addresses = new Set(reachable.map((id) => `c${id}@customers.example.com`));
  const got = smtp.received.filter(({ to }) => addresses.has(to));
  expect([got.length, new Set(got.map(({ to }) => to)).size]).toEqual([reachable.length, reachable.length]);
}

it('a clock that jumps back before a dispatch begins has the push wait for its slot, and go out once', async () => {
  const { pushId, reachable } = await prepare(10);
  clock.set(after(-1500));
  await dispatchNow(database.db, pushId);
  expect((await pushRow(pushId)).state).toBe('waiting');
  expect(await untilEnded(database.db, pushId)).toBe('sent');
  const { dispatched_at: dispatchedAt } = await pushRow(pushId);
  expect(dispatchedAt?.getTime()).toBeGreaterThanOrEqual(slot.getTime());
  // Woken again by whatever: it is over.
  await dispatchNow(database.db, pushId);
  await checkBooks(database.db, pushId, reachable);
  expectOneEach(reachable);
});

it('a clock that jumps more than a day ahead before a dispatch begins has the push held for the operator, not sent', async () => {
  const { pushId } = await prepare(3);
  clock.set(after(25 * hour));
  await dispatchNow(database.db, pushId);
  await until(async () => (await pushRow(pushId)).paused_reason ?? undefined, 10_000, 'the push to be held');
  expect(await pushRow(pushId)).toMatchObject({ state: 'waiting', paused_reason: 'late' });
});

it.each([
  { jump: 'a week ahead', ms: 7 * 24 * hour },
  { jump: 'a week back', ms: -7 * 24 * hour },
])(
  'a clock that jumps $jump in the middle of a push changes nothing: everybody gets everything once',
  async ({ ms }) => {
    const { pushId, reachable } = await prepare(100);
    clock.set(slot);
    smtp.otherwise = { at: 'rcpt', code: 451, text: '4.3.0 later' };
    for (const id of reachable.slice(0, 30)) smtp.behave(`c${id}@customers.example.com`, 'accept');
    await dispatchNow(database.db, pushId);
    await until(
      async () => {
        const row = await database.db
          .selectFrom('channel_progress')
          .where('push_id', '=', pushId)
          .where('channel', '=', 'email')
          .select(['sent', 'retries'])
          .executeTakeFirst();
        return row !== undefined && row.sent === 30 && row.retries >= 70 ? true : undefined;
      },
      20_000,
      'the first attempts',
    );
    clock.set(after(ms));
    smtp.otherwise = 'accept';
    expect(await untilEnded(database.db, pushId)).toBe('sent');
    await checkBooks(database.db, pushId, reachable);
    expectOneEach(reachable);
    const coupon = await database.db
      .selectFrom('issued_coupon')
      .where('push_id', '=', pushId)
      .selectAll()
      .executeTakeFirstOrThrow();
    // Counted from the moment of issue, on the clock as it then was.
    expect(coupon.valid_until.getTime() - coupon.issued_at.getTime()).toBe(30 * 24 * hour);
    expect(Math.abs(coupon.issued_at.getTime() - slot.getTime())).toBeLessThan(hour);
  },
);
