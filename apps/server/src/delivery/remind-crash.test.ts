import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { until } from '../../test/books.ts';
import { createTestDatabase } from '../../test/database.ts';
import { createFellows, createMarketplace, createShop } from '../../test/marketplace.ts';
import { createWaitingPush, remindNow } from '../../test/waiting-push.ts';
import { WorkerUnderTest } from '../../test/worker-process.ts';

const people = 12_000;
const rangeSize = 1000;

it('a reminder whose worker process is killed in the middle is finished by the next one, and nobody gets two', async () => {
  const database = await createTestDatabase();
  const { db } = database;
  await createMarketplace(db);
  const shop = await createShop(db, 'はなみどり');
  const { reachable = [] } = await createFellows(db, shop.shopId, { reachable: people });
  const { pushId, couponId } = await createWaitingPush(db, shop, { remindDays: 3 });
  // As its dispatch left it: that is not what is tried here.
  await sql`update push set state = 'sent', dispatched_at = slot, issued_at = slot where id = ${pushId}`.execute(db);
  await sql`
    with ledger as (
      insert into recipient (push_id, customer_id, email_state, app_push_state)
      select ${pushId}, customer_id, 'sent', 'none' from unnest(${reachable}::bigint[]) as customer_id
      returning push_id, customer_id
    )
    insert into issued_coupon (customer_id, push_id, coupon_id, shop_id, issued_at, valid_from, valid_until)
    select customer_id, push_id, ${couponId}, ${shop.shopId}, now(), now(), now() + interval '1 day' from ledger`.execute(
    db,
  );
  const ranges = Array.from({ length: people / rangeSize }, (_, n) => ({
    push_id: pushId,
    range_no: n,
    from_customer_id: reachable[n * rangeSize] ?? 0,
    until_customer_id: (reachable[(n + 1) * rangeSize - 1] ?? 0) + 1,
    issued_at: new Date(),
  }));
  await db.insertInto('issue_range').values(ranges).execute();
  await sql`insert into reminder (push_id, due_at) values (${pushId}, now())`.execute(db);
  const reminder = () => db.selectFrom('reminder').where('push_id', '=', pushId).selectAll().executeTakeFirstOrThrow();

  const start = () => WorkerUnderTest.start({ DATABASE_URL: database.url, SMTP_URL: 'smtp://127.0.0.1:1' });
  let worker = await start();
  await remindNow(db, pushId);
  await until(async () => ((await reminder()).next_range > 0 ? true : undefined), 20_000, 'the first range');
  await worker.kill();
  worker = await start();
  try {
    await until(async () => (await reminder()).finished_at ?? undefined, 30_000, 'the rest');
  } finally {
    await worker.stop();
  }
  const rows = await db
    .selectFrom('qpost_message')
    .where('source', '=', 'reminder')
    .where('source_id', '=', pushId)
    .select('customer_id')
    .orderBy('customer_id')
    .execute();
  expect(rows.map((row) => row.customer_id)).toEqual(reachable);
  expect((await reminder()).customers).toBe(people);
  await database.drop();
}, 90_000);
