import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../../test/database.ts';
import { createMarketplace } from '../../test/marketplace.ts';
import { enqueue, issueKey } from '../jobs/enqueue.ts';
import { systemClock } from '../lib/clock.ts';
import { sweepDelivery } from './sweep.ts';

it('the sweep lets no job of a push wait for hours because it failed, and clears away those that nobody will do', async () => {
  const database = await createTestDatabase();
  const { db } = database;
  await createMarketplace(db);
  const inAnHour = new Date(Date.now() + 3_600_000);
  const add = (pushId: number, runAt?: Date) =>
    db
      .transaction()
      .execute((trx) => enqueue(trx, 'issue', { pushId }, { key: issueKey(pushId), ...(runAt && { runAt }) }));
  await add(1, inAnHour);
  await add(2, inAnHour);
  await add(3);
  await sql`
    update graphile_worker._private_jobs set attempts = 8, last_error = 'Connection terminated unexpectedly'
     where key = ${issueKey(1)}`.execute(db);
  // As the queue leaves a job that was replaced while it ran.
  await sql`
    update graphile_worker._private_jobs set attempts = max_attempts, key = null where key = ${issueKey(3)}`.execute(
    db,
  );
  await sweepDelivery({ db, clock: systemClock, watchers: { changed: () => undefined } });
  const { rows } = await sql`
    select key, run_at <= now() as due, attempts from graphile_worker.jobs order by key`.execute(db);
  expect(rows).toEqual([
    { key: issueKey(1), due: true, attempts: 1 },
    { key: issueKey(2), due: false, attempts: 0 },
  ]);
  await database.drop();
});
