import { setTimeout as waitFor } from 'node:timers/promises';
import { sql } from 'kysely';
import { pino } from 'pino';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { until } from '../../test/books.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { enqueue } from './enqueue.ts';
import { startWorker, task } from './worker.ts';
import { WorkerProcess } from './worker-process.ts';

const logger = pino({ level: 'silent' });
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  return database.drop;
});
beforeEach(async () => {
  await sql`delete from graphile_worker._private_jobs`.execute(database.db);
});

/** A job that this pool took long ago. */
async function lockedJob(poolId: string, key: string): Promise<void> {
  await database.db.transaction().execute((trx) => enqueue(trx, 'issue', { pushId: 1 }, { key }));
  await sql`
    update graphile_worker._private_jobs set locked_by = ${poolId}, locked_at = now() - interval '1 hour'
     where key = ${key}`.execute(database.db);
}

async function lockedBy(key: string): Promise<string | null> {
  const { rows } = await sql<{ locked_by: string | null }>`
    select locked_by from graphile_worker.jobs where key = ${key}`.execute(database.db);
  return rows[0]?.locked_by ?? null;
}

it('hands back the jobs of a process that is gone, and leaves those of one that lives alone, however long they take', async () => {
  const living = new WorkerProcess(database.url, logger);
  await living.start();
  living.ownPool('pool-living');
  const named = () =>
    database.db.selectFrom('worker_process').where('pool_id', '=', 'pool-living').selectAll().executeTakeFirst();
  await until(named, 5000, 'the living process to name its pool');
  await sql`insert into worker_process (pool_id, host, pid) values ('pool-dead', 'elsewhere', 1)`.execute(database.db);
  await lockedJob('pool-living', 'of the living');
  await lockedJob('pool-dead', 'of the dead');
  await lockedJob('pool-unheard-of', 'of nobody');
  const other = new WorkerProcess(database.url, logger);
  await other.start();
  expect(await lockedBy('of the dead')).toBeNull();
  expect(await lockedBy('of nobody')).toBeNull();
  expect(await lockedBy('of the living')).toBe('pool-living');
  await other.stop();
  await living.stop();
  expect(await database.db.selectFrom('worker_process').selectAll().execute()).toEqual([]);
});

it('hands back a job that it was given without hearing of it, and none that it works on', async () => {
  const process = new WorkerProcess(database.url, logger);
  process.ownPool('pool-own');
  await lockedJob('pool-own', 'unheard of');
  await lockedJob('pool-own', 'worked on');
  const { rows } = await sql<{ id: string }>`
    select id::text from graphile_worker.jobs where key = 'worked on'`.execute(database.db);
  process.began(rows[0]?.id ?? '');
  await process.start();
  expect(await lockedBy('unheard of')).toBeNull();
  expect(await lockedBy('worked on')).toBe('pool-own');
  await process.stop();
});

it('that lost its connection and came back keeps its jobs, and others see that it lives', async () => {
  const process = new WorkerProcess(database.url, logger);
  process.ownPool('pool-back');
  await process.start();
  await lockedJob('pool-back', 'kept');
  const { rows } = await sql<{ id: string }>`
    select id::text from graphile_worker.jobs where key = 'kept'`.execute(database.db);
  process.began(rows[0]?.id ?? '');
  const keys = async () =>
    (
      await database.db.selectFrom('worker_process').where('pool_id', '=', 'pool-back').select('lock_key').execute()
    ).map((row) => row.lock_key);
  const [before] = await keys();
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'coupon-push worker'`.execute(database.db);
  await until(async () => ((await keys()).some((key) => key !== before) ? true : undefined), 5000, 'it to come back');
  const other = new WorkerProcess(database.url, logger);
  await other.start();
  expect(await keys()).not.toContain(before);
  expect(await lockedBy('kept')).toBe('pool-back');
  await other.stop();
  await process.stop();
});

/** What the database answers to a process that names a pool: its disk is full. */
async function refuseNames(): Promise<() => Promise<void>> {
  await sql`
    create function refuse_name() returns trigger language plpgsql as
      $$ begin raise exception 'no space left on device' using errcode = 'disk_full'; end $$`.execute(database.db);
  await sql`create trigger refuse_name before insert on worker_process for each row execute function refuse_name()`.execute(
    database.db,
  );
  return async () => {
    await sql`drop function refuse_name cascade`.execute(database.db);
  };
}

const connections = async () => {
  const { rows } = await sql`
    select from pg_stat_activity
     where datname = current_database() and application_name = 'coupon-push worker'`.execute(database.db);
  return rows.length;
};

const isNamed = (poolId: string) => () =>
  database.db.selectFrom('worker_process').where('pool_id', '=', poolId).selectAll().executeTakeFirst();

it('that could not name a pool, as the disk was full, names it as soon as there is space', async () => {
  const process = new WorkerProcess(database.url, logger);
  await process.start();
  const relieve = await refuseNames();
  process.ownPool('pool-late');
  process.ownPool('pool-later');
  await waitFor(500);
  await relieve();
  await until(isNamed('pool-late'), 10_000, 'the first name');
  await until(isNamed('pool-later'), 10_000, 'the second name');
  await process.stop();
});

it('that comes back to a full disk tries again, and takes no connection more for it', async () => {
  const process = new WorkerProcess(database.url, logger);
  await process.start();
  process.ownPool('pool-again');
  const { lock_key: before } = await until(isNamed('pool-again'), 5000, 'the name');
  const relieve = await refuseNames();
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'coupon-push worker'`.execute(database.db);
  await waitFor(3000);
  expect(await connections()).toBeLessThanOrEqual(1);
  await relieve();
  const isNew = async () => {
    const { rows } = await sql`
      select from worker_process where pool_id = 'pool-again' and lock_key <> ${before}`.execute(database.db);
    return rows[0];
  };
  await until(isNew, 10_000, 'its coming back');
  expect(await connections()).toBe(1);
  await process.stop();
});

it('names the pool that the queue really locks jobs by', async () => {
  const taken = Promise.withResolvers<string | null>();
  const released = Promise.withResolvers<void>();
  const slow = task(z.unknown(), async () => {
    taken.resolve(await lockedBy('slow'));
    await released.promise;
  });
  const worker = await startWorker({
    url: database.url,
    pool: database.pool,
    logger,
    groups: [{ tasks: { issue: slow }, concurrency: 1 }],
    sweep: async () => {},
  });
  await database.db.transaction().execute((trx) => enqueue(trx, 'issue', { pushId: 1 }, { key: 'slow' }));
  const pool = await taken.promise;
  const rows = await database.db.selectFrom('worker_process').select('pool_id').execute();
  released.resolve();
  await worker.stop();
  expect(pool).not.toBeNull();
  expect(rows).toEqual([{ pool_id: pool }]);
});
