import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkBooks, until, untilEnded } from '../../test/books.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { createFellows, createMarketplace, createShop, type TestShop } from '../../test/marketplace.ts';
import { SmtpPeer } from '../../test/smtp-peer.ts';
import { createWaitingPush, dispatchNow } from '../../test/waiting-push.ts';
import { WorkerUnderTest } from '../../test/worker-process.ts';

let database: TestDatabase;
let smtp: SmtpPeer;
let shop: TestShop;
let elsewhere: TestShop;

beforeAll(async () => {
  database = await createTestDatabase();
  await createMarketplace(database.db);
  smtp = await SmtpPeer.start();
  elsewhere = await createShop(database.db, 'よその店');
  return async () => {
    await smtp.stop();
    await database.drop();
  };
});

beforeEach(async () => {
  shop = await createShop(database.db, 'はなみどり');
});

const start = () => WorkerUnderTest.start({ DATABASE_URL: database.url, SMTP_URL: smtp.url });

function mailsTo(customers: readonly number[]) {
  const addresses = new Set(customers.map((id) => `c${id}@customers.example.com`));
  return smtp.received.filter((mail) => addresses.has(mail.to));
}

async function heldBack(pushId: number) {
  return await database.db
    .selectFrom('push_exclusion_count')
    .where('push_id', '=', pushId)
    .select(['reason', 'customers'])
    .orderBy('reason')
    .execute();
}

describe('a compensation push', () => {
  it('reaches exactly the ticked customers, fellows or not, once, and counts those who may not be sent to by now', async () => {
    const kinds = { reachable: 20, left: 1, unverified: 2, refused: 3, suppressed: 4, muted: 5 };
    const fellows = await createFellows(database.db, shop.shopId, kinds);
    // No fellows of this shop; whether they muted another one does not matter here.
    const strangers = await createFellows(database.db, elsewhere.shopId, { reachable: 30, muted: 3 });
    const ticked = [
      ...(fellows.reachable ?? []).slice(0, 10),
      ...(strangers.reachable ?? []),
      ...(strangers.muted ?? []),
    ];
    const { left = [], unverified = [], refused = [], suppressed = [], muted = [] } = fellows;
    const others = [...left, ...unverified, ...refused, ...suppressed, ...muted];
    const { pushId } = await createWaitingPush(database.db, shop, { targets: [...ticked, ...others] });
    const worker = await start();
    try {
      await dispatchNow(database.db, pushId);
      expect(await untilEnded(database.db, pushId)).toBe('sent');
    } finally {
      await worker.stop();
    }
    await checkBooks(database.db, pushId, ticked);
    expect(mailsTo(ticked)).toHaveLength(ticked.length);
    expect(mailsTo([...others, ...(fellows.reachable ?? []).slice(10)])).toEqual([]);
    expect(await heldBack(pushId)).toEqual([
      { reason: 'left', customers: 1 },
      { reason: 'muted', customers: 5 },
      { reason: 'refused', customers: 3 },
      { reason: 'suppressed', customers: 4 },
      { reason: 'unverified', customers: 2 },
    ]);
  });

  it('ends as not sent when nobody of them can be reached any more', async () => {
    const { reachable = [] } = await createFellows(database.db, elsewhere.shopId, { reachable: 3 });
    const { pushId } = await createWaitingPush(database.db, shop, { targets: reachable });
    await sql`update customer set left_at = now() where customer_id = any(${reachable}::bigint[])`.execute(database.db);
    const worker = await start();
    try {
      await dispatchNow(database.db, pushId);
      expect(await untilEnded(database.db, pushId)).toBe('not_sent');
    } finally {
      await worker.stop();
    }
    await checkBooks(database.db, pushId, []);
    expect(await heldBack(pushId)).toEqual([{ reason: 'left', customers: 3 }]);
  });

  it('loses nobody and doubles nothing when its worker is killed while it issues and while it sends', async () => {
    const people = 5000;
    const { reachable = [] } = await createFellows(database.db, elsewhere.shopId, { reachable: people });
    const { pushId } = await createWaitingPush(database.db, shop, { targets: reachable });
    let worker = await start();
    await dispatchNow(database.db, pushId);
    await until(
      async () => {
        const query = database.db.selectFrom('recipient').where('push_id', '=', pushId).select('customer_id').limit(1);
        return await query.executeTakeFirst();
      },
      20_000,
      'the first range',
    );
    await worker.kill();
    worker = await start();
    await until(() => (mailsTo(reachable).length > people / 3 ? true : undefined), 30_000, 'a third of the e-mails');
    await worker.kill();
    worker = await start();
    try {
      expect(await untilEnded(database.db, pushId)).toBe('sent');
    } finally {
      await worker.stop();
    }
    await checkBooks(database.db, pushId, reachable);
    expect(new Set(mailsTo(reachable).map((mail) => mail.to)).size).toBe(people);
  }, 90_000);
});
