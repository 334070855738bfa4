import { beforeAll, describe, expect, it } from 'vitest';
import { checkBooks, until, untilEnded } from '../../test/books.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { createFellows, createMarketplace, createShop } from '../../test/marketplace.ts';
import { SmtpPeer } from '../../test/smtp-peer.ts';
import { createWaitingPush, dispatchNow } from '../../test/waiting-push.ts';
import { WorkerUnderTest } from '../../test/worker-process.ts';

const people = 6000;
/** Four jobs at once, each with a window of 200 handed to the wire. */
const inFlightAtMost = 4 * 200;

let database: TestDatabase;
let smtp: SmtpPeer;

beforeAll(async () => {
  database = await createTestDatabase();
  await createMarketplace(database.db);
  smtp = await SmtpPeer.start();
  return async () => {
    await smtp.stop();
    await database.drop();
  };
});

async function prepare() {
  const shop = await createShop(database.db, 'はなみどり');
  const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: people, refused: 50 });
  const { pushId } = await createWaitingPush(database.db, shop);
  return { pushId, reachable };
}

const start = () => WorkerUnderTest.start({ DATABASE_URL: database.url, SMTP_URL: smtp.url });

/** How many e-mails the peer has taken for a push. */
function taken(reachable: readonly number[]) {
  const addresses = new Set(reachable.map((id) => `c${id}@customers.example.com`));
  return smtp.received.filter((mail) => addresses.has(mail.to));
}

describe('a worker process that is killed', () => {
  it('while it issues and while it sends, and started again, loses nobody and doubles no coupon or Qpost message', async () => {
    const { pushId, reachable } = await prepare();
    let worker = await start();
    await dispatchNow(database.db, pushId);
    const ranges = () =>
      database.db.selectFrom('issue_range').where('push_id', '=', pushId).select('issued_at').execute();
    await until(
      async () => ((await ranges()).some((range) => range.issued_at !== null) ? true : undefined),
      20_000,
      'the first range',
    );
    await worker.kill();
    worker = await start();
    for (const share of [0.2, 0.6]) {
      await until(
        () => (taken(reachable).length >= people * share ? true : undefined),
        30_000,
        `${share} of the e-mails`,
      );
      await worker.kill();
      worker = await start();
    }
    try {
      expect(await untilEnded(database.db, pushId)).toBe('sent');
    } finally {
      await worker.stop();
    }
    await checkBooks(database.db, pushId, reachable);
    const mails = taken(reachable);
    expect(new Set(mails.map((mail) => mail.to)).size).toBe(people);
    expect(mails.length - people).toBeLessThanOrEqual(3 * inFlightAtMost);
    const { in_doubt: inDoubt } = await database.db
      .selectFrom('channel_progress')
      .where('push_id', '=', pushId)
      .where('channel', '=', 'email')
      .select('in_doubt')
      .executeTakeFirstOrThrow();
    expect(inDoubt).toBeGreaterThanOrEqual(mails.length - people);
    expect(inDoubt).toBeLessThanOrEqual(3 * inFlightAtMost);
  }, 90_000);

  it('that is asked to stop instead hands the rest to the next one, and sends nothing twice', async () => {
    const { pushId, reachable } = await prepare();
    const first = await start();
    await dispatchNow(database.db, pushId);
    await until(() => (taken(reachable).length >= people * 0.3 ? true : undefined), 30_000, 'a third of the e-mails');
    await first.stop();
    const second = await start();
    try {
      expect(await untilEnded(database.db, pushId)).toBe('sent');
    } finally {
      await second.stop();
    }
    await checkBooks(database.db, pushId, reachable);
    expect(taken(reachable)).toHaveLength(people);
  }, 60_000);
});
