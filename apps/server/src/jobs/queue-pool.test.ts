import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { until } from '../../test/books.ts';
import { createTestDatabase } from '../../test/database.ts';
import { DatabaseProxy } from '../../test/database-proxy.ts';
import { openDatabase } from '../db/database.ts';
import { enqueue } from './enqueue.ts';
import { startWorker, task } from './worker.ts';

it('a job that ends while the database is away counts as done once it is back, and the process goes on with the next', async () => {
  const direct = await createTestDatabase();
  const proxy = await DatabaseProxy.start(direct.url);
  const through = openDatabase(proxy.url);
  const ran: number[] = [];
  const work = task(z.object({ pushId: z.number() }), async ({ pushId }) => {
    ran.push(pushId);
    if (pushId === 1) proxy.cut();
  });
  const worker = await startWorker({
    url: proxy.url,
    pool: through.pool,
    logger: pino({ level: 'silent' }),
    groups: [{ tasks: { issue: work }, concurrency: 1 }],
    sweep: async () => {},
  });
  const add = (pushId: number) => direct.db.transaction().execute((trx) => enqueue(trx, 'issue', { pushId }));
  await add(1);
  await until(() => (ran.length === 1 ? true : undefined), 10_000, 'the first job');
  // Long enough for the queue to have said that it is done, and not to have been heard.
  await wait(200);
  await add(2);
  proxy.mend();
  await until(() => (ran.length === 2 ? true : undefined), 15_000, 'the second job');
  const left = async () => (await sql<{ id: string }>`select id from graphile_worker.jobs`.execute(direct.db)).rows;
  await until(async () => ((await left()).length === 0 ? true : undefined), 15_000, 'both to be done');
  expect(ran).toEqual([1, 2]);
  await worker.stop();
  await through.close();
  await proxy.stop();
  await direct.drop();
});
