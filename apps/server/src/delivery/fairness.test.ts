import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkBooks, until, untilEnded } from '../../test/books.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { startTestEngine, type TestEngine } from '../../test/engine.ts';
import { createFellows, createMarketplace, createShop } from '../../test/marketplace.ts';
import { SettableClock } from '../../test/settable-clock.ts';
import { SmtpPeer } from '../../test/smtp-peer.ts';
import { createWaitingPush, dispatchNow } from '../../test/waiting-push.ts';
import { createWebPushChannel, generateVapidKeys } from '../channels/web-push/channel.ts';

const many = 1500;
const few = 20;

let database: TestDatabase;
let smtp: SmtpPeer;
let engine: TestEngine | undefined;
const vapid = { subject: 'mailto:tests@example.com', ...generateVapidKeys() };
const webPush = createWebPushChannel({ vapid });

beforeEach(async () => {
  database = await createTestDatabase();
  await createMarketplace(database.db);
  smtp = await SmtpPeer.start();
  // One after the other: how quick the machine is does not matter.
  smtp.manners = { slowMs: 3 };
});
afterEach(async () => {
  smtp.manners = {};
  await engine?.stop();
  await smtp.stop();
  await database.drop();
});

async function prepare(people: number): Promise<{ pushId: number; reachable: number[] }> {
  const shop = await createShop(database.db, `${people}人の店`);
  const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: people });
  return { pushId: (await createWaitingPush(database.db, shop)).pushId, reachable };
}

async function start(rangeSize: number): Promise<void> {
  const options = { database, clock: new SettableClock(), smtpUrl: smtp.url, webPush };
  engine = await startTestEngine({ ...options, vapidPublicKey: vapid.publicKey, rangeSize });
}

describe('a push to few', () => {
  it('of the same slot as one to many is done long before it, and nobody of either is lost', async () => {
    const big = await prepare(many);
    const small = [await prepare(few), await prepare(few), await prepare(few)];
    for (const { pushId } of [big, ...small]) await dispatchNow(database.db, pushId);
    await start(20);
    for (const { pushId } of small) expect(await untilEnded(database.db, pushId)).toBe('sent');
    expect(smtp.received.length).toBeLessThan(many / 2);
    smtp.manners = {};
    expect(await untilEnded(database.db, big.pushId)).toBe('sent');
    for (const { pushId, reachable } of [big, ...small]) await checkBooks(database.db, pushId, reachable);
    expect(smtp.received).toHaveLength(many + 3 * few);
  }, 40_000);

  it('that comes while one to many has all places is let in, and doubles nobody of that one', async () => {
    const big = await prepare(many);
    await start(many / 4);
    await dispatchNow(database.db, big.pushId);
    await until(() => (smtp.received.length >= 20 ? true : undefined), 20_000, 'the first e-mails');
    const small = await prepare(few);
    await dispatchNow(database.db, small.pushId);
    expect(await untilEnded(database.db, small.pushId)).toBe('sent');
    expect(smtp.received.length).toBeLessThan(many * 0.8);
    smtp.manners = {};
    expect(await untilEnded(database.db, big.pushId)).toBe('sent');
    await checkBooks(database.db, big.pushId, big.reachable);
    expect(smtp.received).toHaveLength(many + few);
  }, 40_000);
});
