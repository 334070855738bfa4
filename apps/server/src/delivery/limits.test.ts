import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkBooks, untilEnded } from '../../test/books.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { startTestEngine, type TestEngine } from '../../test/engine.ts';
import { createFellows, createMarketplace, createShop, type TestShop } from '../../test/marketplace.ts';
import { SmtpPeer } from '../../test/smtp-peer.ts';
import { createWaitingPush, dispatchNow, terms } from '../../test/waiting-push.ts';
import { createWebPushChannel, generateVapidKeys } from '../channels/web-push/channel.ts';
import { systemClock } from '../lib/clock.ts';

const vapid = { subject: 'mailto:tests@example.com', ...generateVapidKeys() };

let database: TestDatabase;
let smtp: SmtpPeer;
let engine: TestEngine;
let shop: TestShop;

beforeAll(async () => {
  database = await createTestDatabase();
  await createMarketplace(database.db);
  smtp = await SmtpPeer.start();
  const webPush = createWebPushChannel({ vapid });
  const keys = { webPush, vapidPublicKey: vapid.publicKey };
  engine = await startTestEngine({ database, clock: systemClock, smtpUrl: smtp.url, ...keys });
  return webPush.close;
});
afterAll(async () => {
  await engine.stop();
  await smtp.stop();
  await database.drop();
});
beforeEach(async () => {
  shop = await createShop(database.db, 'はなみどり');
});

async function send(pushId: number): Promise<string> {
  await dispatchNow(database.db, pushId);
  return await untilEnded(database.db, pushId);
}

async function coupon(id: number) {
  return await database.db.selectFrom('coupon').where('id', '=', id).selectAll().executeTakeFirstOrThrow();
}

async function heldBack(pushId: number) {
  return await database.db
    .selectFrom('push_exclusion_count')
    .where('push_id', '=', pushId)
    .select(['reason', 'customers'])
    .orderBy('customers')
    .execute();
}

async function issuedTo(pushId: number): Promise<number[]> {
  const rows = await database.db
    .selectFrom('issued_coupon')
    .where('push_id', '=', pushId)
    .select('customer_id')
    .orderBy('customer_id')
    .execute();
  return rows.map((row) => row.customer_id);
}

/** A push of the same coupon, in another week; it may go out all the same. */
async function another(couponId: number): Promise<number> {
  const slot = new Date(Date.now() - 7 * 86_400_000);
  const { pushId } = await createWaitingPush(database.db, shop, { slot });
  await sql`update push set coupon_id = ${couponId}, released_at = now() where id = ${pushId}`.execute(database.db);
  return pushId;
}

describe('a coupon that may be used so many times in all', () => {
  it('is issued so many times; whoever there is no room for is held back, counted and listed', async () => {
    const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: 100, refused: 3, muted: 2 });
    const { pushId, couponId } = await createWaitingPush(database.db, shop, { terms: { ...terms, useLimit: 60 } });
    expect(await send(pushId)).toBe('sent');
    await checkBooks(database.db, pushId, reachable.slice(0, 60));
    expect(await heldBack(pushId)).toEqual([
      { reason: 'muted', customers: 2 },
      { reason: 'refused', customers: 3 },
      { reason: 'limit_reached', customers: 40 },
    ]);
    expect((await coupon(couponId)).issued_count).toBe(60);
    const again = await another(couponId);
    expect(await send(again)).toBe('not_sent');
    expect(await issuedTo(again)).toEqual([]);
  });

  it('is issued exactly so many times by pushes that go out at the same moment', async () => {
    await createFellows(database.db, shop.shopId, { reachable: 170 });
    const { pushId, couponId } = await createWaitingPush(database.db, shop, { terms: { ...terms, useLimit: 230 } });
    const pushes = [pushId, await another(couponId)];
    await Promise.all(pushes.map((id) => dispatchNow(database.db, id)));
    for (const id of pushes) expect(await untilEnded(database.db, id)).toBe('sent');
    const issued = await Promise.all(pushes.map(issuedTo));
    expect(issued.flat()).toHaveLength(230);
    expect((await coupon(couponId)).issued_count).toBe(230);
    for (const [index, id] of pushes.entries()) await checkBooks(database.db, id, issued[index] ?? []);
  });
});

describe('a coupon with a budget', () => {
  it('is issued to everyone while something of it is left, and to nobody once it is used up', async () => {
    const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: 50 });
    const { pushId, couponId } = await createWaitingPush(database.db, shop, { terms: { ...terms, budgetMinor: 1000 } });
    expect(await send(pushId)).toBe('sent');
    await checkBooks(database.db, pushId, reachable);
    await sql`update coupon set used_count = 2, spent_minor = 1000 where id = ${couponId}`.execute(database.db);
    const again = await another(couponId);
    expect(await send(again)).toBe('not_sent');
    expect(await heldBack(again)).toEqual([{ reason: 'limit_reached', customers: 50 }]);
  });

  it('and one without limits counts nothing on its own row, which every checkout would have to write', async () => {
    await createFellows(database.db, shop.shopId, { reachable: 5 });
    const { pushId, couponId } = await createWaitingPush(database.db, shop);
    expect(await send(pushId)).toBe('sent');
    expect(await coupon(couponId)).toMatchObject({ issued_count: 0, used_count: 0, spent_minor: 0 });
  });
});
