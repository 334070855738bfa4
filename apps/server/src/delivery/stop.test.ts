import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkBooks, emailCounters, until, untilEnded } from '../../test/books.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { createFellows, createMarketplace, createShop } from '../../test/marketplace.ts';
import { SmtpPeer } from '../../test/smtp-peer.ts';
import { createWaitingPush, dispatchNow } from '../../test/waiting-push.ts';
import { WorkerUnderTest } from '../../test/worker-process.ts';

/** What a worker is given to stop, and what a loaded machine may add. */
const stopMs = 10_000;
const slackMs = 5_000;

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await createMarketplace(database.db);
  return database.drop;
});

async function withServer(run: (smtp: SmtpPeer, start: () => Promise<WorkerUnderTest>) => Promise<void>) {
  const smtp = await SmtpPeer.start();
  const workers: WorkerUnderTest[] = [];
  const start = async () => {
    const worker = await WorkerUnderTest.start({ DATABASE_URL: database.url, SMTP_URL: smtp.url });
    workers.push(worker);
    return worker;
  };
  try {
    await run(smtp, start);
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
    await smtp.stop();
  }
}

async function startPush(people: number) {
  const shop = await createShop(database.db, 'はなみどり');
  const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: people });
  const { pushId } = await createWaitingPush(database.db, shop);
  await dispatchNow(database.db, pushId);
  return { pushId, reachable };
}

/** Jobs that somebody holds, or that wait for a time to come. */
async function notAtHand(): Promise<number> {
  const { rows } = await sql<{ jobs: number }>`
    select count(*) as jobs from graphile_worker.jobs where locked_at is not null or run_at > now()`.execute(
    database.db,
  );
  return rows[0]?.jobs ?? 0;
}

describe('a worker that is asked to stop', () => {
  it('hands back at once what it had not begun; a rolling restart during a push doubles nothing, and nobody is in doubt', async () => {
    await withServer(async (smtp, start) => {
      smtp.manners = { slowMs: 2 };
      let worker = await start();
      const { pushId, reachable } = await startPush(1000);
      for (const share of [0.2, 0.6]) {
        await until(() => (smtp.received.length >= 1000 * share ? true : undefined), 30_000, `${share} of the e-mails`);
        // The next one is there before the last one goes, as in a rolling restart.
        const next = await start();
        expect(await worker.stop()).toBe(0);
        worker = next;
      }
      expect(await untilEnded(database.db, pushId)).toBe('sent');
      await checkBooks(database.db, pushId, reachable);
      expect(smtp.received).toHaveLength(1000);
      expect(new Set(smtp.received.map(({ to }) => to)).size).toBe(1000);
      expect(await emailCounters(database.db, pushId)).toMatchObject({ sent: 1000, failed: 0, in_doubt: 0 });
      expect(await worker.stop()).toBe(0);
    });
  }, 60_000);

  it('is not held up by a mail server that says nothing: who had no answer is in doubt, everybody else is handed back', async () => {
    await withServer(async (smtp, start) => {
      smtp.otherwise = 'mute';
      const worker = await start();
      const { pushId, reachable } = await startPush(100);
      await until(() => (smtp.received.length > 0 ? true : undefined), 20_000, 'the first e-mail');
      const began = performance.now();
      expect(await worker.stop()).toBe(0);
      expect(performance.now() - began).toBeLessThan(stopMs + slackMs);
      expect(await notAtHand()).toBe(0);
      const taken = smtp.received.length;
      expect(await emailCounters(database.db, pushId)).toMatchObject({ sent: 0, in_doubt: taken });
      smtp.otherwise = 'accept';
      const next = await start();
      expect(await untilEnded(database.db, pushId)).toBe('sent');
      await checkBooks(database.db, pushId, reachable);
      expect(smtp.received).toHaveLength(100 + taken);
      expect(await next.stop()).toBe(0);
    });
  }, 60_000);
});
