import { setTimeout as waitFor } from 'node:timers/promises';
import type { SendingLimits } from '@coupon-push/contract/operator.ts';
import fc from 'fast-check';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkBooks, until, untilEnded } from '../../test/books.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { createFellows, createMarketplace, createShop } from '../../test/marketplace.ts';
import { SmtpPeer } from '../../test/smtp-peer.ts';
import { createWaitingPush, dispatchNow } from '../../test/waiting-push.ts';
import { WorkerUnderTest } from '../../test/worker-process.ts';
import { presence, SharedLimits, shareOf } from './shared-limits.ts';
import { latestMs } from './shared-rate.ts';

/** Messages that one worker has under way over its usual four connections. */
const inFlight = 8;

let database: TestDatabase;
let smtp: SmtpPeer;
let workers: WorkerUnderTest[];

beforeEach(async () => {
  database = await createTestDatabase();
  await createMarketplace(database.db);
  smtp = await SmtpPeer.start();
  workers = [];
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.kill()));
  await smtp.stop();
  await database.drop();
});

async function limit(limits: Partial<SendingLimits>): Promise<void> {
  await database.db
    .updateTable('sending_limit')
    .set({
      messages_per_second: limits.messagesPerSecond ?? null,
      connections: limits.connections ?? null,
      messages_per_connection: limits.messagesPerConnection ?? null,
    })
    .where('channel', '=', 'email')
    .execute();
}

async function start(count: number): Promise<void> {
  const env = { DATABASE_URL: database.url, SMTP_URL: smtp.url };
  workers.push(...(await Promise.all(Array.from({ length: count }, () => WorkerUnderTest.start(env)))));
}

/** Pushes of several shops, so that every worker has something to send. */
async function dispatch(pushes: number, people: number): Promise<{ pushId: number; reachable: number[] }[]> {
  const made: { pushId: number; reachable: number[] }[] = [];
  for (let n = 0; n < pushes; n += 1) {
    const shop = await createShop(database.db, `店${n}`);
    const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: people });
    const { pushId } = await createWaitingPush(database.db, shop);
    made.push({ pushId, reachable });
  }
  for (const { pushId } of made) await dispatchNow(database.db, pushId);
  return made;
}

async function untilAllSent(pushes: readonly { pushId: number; reachable: number[] }[]): Promise<void> {
  for (const { pushId, reachable } of pushes) {
    expect(await untilEnded(database.db, pushId)).toBe('sent');
    await checkBooks(database.db, pushId, reachable);
  }
}

/** By how many messages any stretch of time had more than the rate allows for it. */
function mostAbove(perSecond: number): number {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const [index, { at }] of smtp.received.entries()) {
    const line = index - (perSecond * at) / 1000;
    least = Math.min(least, line);
    most = Math.max(most, line - least + 1);
  }
  return most;
}

describe('messages a second', () => {
  it.each([1, 4])(
    'are never more than the limit, with %i worker processes',
    async (count) => {
      const perSecond = 200;
      await limit({ messagesPerSecond: perSecond });
      await start(count);
      await untilAllSent(await dispatch(4, 100));
      expect(smtp.received).toHaveLength(4 * 100);
      expect(mostAbove(perSecond)).toBeLessThanOrEqual((perSecond * latestMs) / 1000 + count * inFlight);
    },
    90_000,
  );

  it('hold from when they are set, and no more from when they are lifted', async () => {
    await limit({ messagesPerSecond: 5 });
    await start(1);
    const pushes = await dispatch(1, 300);
    await until(() => (smtp.received.length >= 5 ? true : undefined), 30_000, 'the first e-mails');
    // At this rate the rest would take a minute.
    await limit({});
    await untilAllSent(pushes);
  }, 50_000);

  it('do not keep a worker from stopping: who was waiting for a turn was not sent to and is not in doubt', async () => {
    await limit({ messagesPerSecond: 5 });
    await start(1);
    const pushes = await dispatch(1, 200);
    await until(() => (smtp.received.length >= 3 ? true : undefined), 30_000, 'the first e-mails');
    await workers[0]?.stop();
    const taken = smtp.received.length;
    expect(taken).toBeLessThan(200);
    await limit({});
    await start(1);
    await untilAllSent(pushes);
    expect(smtp.received).toHaveLength(200);
    const { in_doubt: inDoubt } = await database.db
      .selectFrom('channel_progress')
      .where('channel', '=', 'email')
      .select('in_doubt')
      .executeTakeFirstOrThrow();
    expect(inDoubt).toBe(0);
  }, 60_000);
});

describe('connections', () => {
  it.each([2, 7])(
    'are never more than %i, with three worker processes',
    async (connections) => {
      await limit({ connections, messagesPerConnection: 20 });
      await start(3);
      await untilAllSent(await dispatch(6, 50));
      expect(smtp.mostOpen).toBeLessThanOrEqual(connections);
      expect(smtp.connections).toBeGreaterThanOrEqual((6 * 50) / 20);
    },
    90_000,
  );

  it('of a worker process that was killed are the others’ soon after', async () => {
    await limit({ connections: 6 });
    smtp.manners = { slowMs: 15 };
    await start(2);
    const pushes = await dispatch(8, 100);
    await until(() => (smtp.open === 6 ? true : undefined), 30_000, 'both to use their share');
    await workers[0]?.kill();
    await until(() => (smtp.open <= 3 ? true : undefined), 10_000, 'its connections to be gone');
    await until(() => (smtp.open === 6 ? true : undefined), 30_000, 'the other one to have them all');
    smtp.manners = {};
    await untilAllSent(pushes);
    expect(smtp.mostOpen).toBeLessThanOrEqual(6);
  }, 90_000);

  it('are shared out to the last, to each its part', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.uniqueArray(fc.nat(99_999), { minLength: 1, maxLength: 40 }),
        fc.nat(1_000_000),
        (limits, workerIds, turn) => {
          const shares = workerIds.map((me) => shareOf(limits, { workers: workerIds, me, turn }));
          expect(shares.reduce((sum, share) => sum + share, 0)).toBe(limits);
          expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe('a worker that comes back to a database which does not answer for a while', () => {
  it('counts as one worker afterwards, however often it tried', async () => {
    const limits = new SharedLimits(database.url, pino({ level: 'silent' }));
    await limits.start({});
    const { db } = database;
    const workers = async () => {
      const { rows } = await sql<{ pid: number }>`
        select pid from pg_locks
         where locktype = 'advisory' and classid = ${presence} and granted and mode = 'ShareLock'
           and database = (select oid from pg_database where datname = current_database())`.execute(db);
      return rows.map(({ pid }) => pid);
    };
    const [before] = await workers();
    await db.transaction().execute(async (trx) => {
      // It gets the lock when the worker has lost its connection, and keeps it for longer than is waited for an answer.
      const held = sql`select pg_advisory_xact_lock(${presence}, 0)`.execute(trx);
      await sql`select pg_terminate_backend(${before})`.execute(db);
      await held;
      await waitFor(8_000);
    });
    await until(async () => ((await workers()).length > 0 ? true : undefined), 10_000, 'it to come back');
    await waitFor(1_000);
    expect(await workers()).toHaveLength(1);
    await limits.stop();
    await until(async () => ((await workers()).length === 0 ? true : undefined), 5_000, 'it to be gone');
  }, 40_000);
});
