import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { analyse, type Catalog, readCatalog } from './catalog.ts';
import { objections } from './rules.ts';

let database: TestDatabase;
let catalog: Catalog;

beforeAll(async () => {
  database = await createTestDatabase();
  const client = await database.pool.connect();
  catalog = await readCatalog(client);
  client.release();
  return database.drop;
});

/** The numbers of the facts that a statement breaks (docs/decisions/0018). */
async function broken(statement: string, { before = [], same = [] }: { before?: string[]; same?: number[] } = {}) {
  const client = await database.pool.connect();
  try {
    const tree = await analyse(client, statement, before);
    return objections(catalog, { tree, same }).map((sentence) => Number.parseInt(sentence, 10));
  } finally {
    client.release();
  }
}

const staged = 'create temporary table staged (customer_no text, registered_at timestamptz) on commit drop';

/** By fact: what must be objected to. */
const refused: Record<number, string[]> = {
  1: [
    'update push set not_sent_reason = gen_random_uuid()::text where id = $1',
    `update recipient set email_error = 'x' where push_id = $1 and random() < 0.5`,
    'delete from fellow where customer_id = $1 and registered_at < clock_timestamp()',
  ],
  2: [
    `update fellow set muted_at = registered_at + interval '1 day' where shop_id = $1`,
    'update customer set name = email_verified_at::text where customer_id = $1',
    `delete from customer_order where ordered_at::date < '2026-01-01'`,
  ],
  3: [
    'update push set dispatched_at = coalesce(dispatched_at, now()) where id = $1',
    `update customer set left_at = case when refuses_coupon_mail then now() end where customer_id = $1`,
  ],
  4: [
    'insert into push_event (push_id, kind, happened_at) values ($1, $2, $3) returning pg_notify($4, $5)',
    'update channel_progress set sent = 1 where push_id = $1 returning (select count(*) from send_batch)',
    `update push set paused_reason = null where id = $1 returning to_char(slot, 'YYYY')`,
  ],
  5: [
    'insert into push_progress (push_id, ranges) values ($1, (select count(*) from issue_range where push_id = $1))',
    'insert into suppression values ($1, (select email from customer where customer_id = $1), $2, null, null, $3)',
  ],
  6: [
    `insert into email_verification values ($1, $2) on conflict (customer_id) do update set requested_at = now()`,
    `insert into bounce_count values ($1, $2, 1) on conflict (push_id, class) do update set customers = 1
      where now() > '2026-01-01'`,
  ],
  7: ['update fellow set customer_id = $1 where customer_id = $2'],
  8: [
    'select customer_id from recipient where push_id = $1 for update skip locked',
    'select held_back from customer where email = $1 for share',
  ],
  9: [
    'select from recipient join issued_coupon on issued_coupon.push_id = recipient.push_id where recipient.push_id = $1',
    'select from fellow join customer on customer.customer_id <> fellow.customer_id',
    `update fellow set muted_at = null from customer where customer.email = $1`,
  ],
  10: [
    'select id, (select count(*) from recipient where push_id = push.id) from push',
    'select from push where exists (select from recipient where push_id = push.id)',
    'select from customer where exists (select from fellow where fellow.registered_at > customer.created_at)',
    'select from fellow where exists (select from shop_invitation where shop_invitation.shop_id = fellow.shop_id)',
    `select range.no, owed.* from unnest($1::int[], $2::bigint[]) as range (no, from_id)
      cross join lateral (select count(*) from recipient where customer_id >= range.from_id) owed`,
    `select from reminder cross join lateral (
       select valid_until from issued_coupon where push_id = reminder.push_id limit 1) first`,
  ],
  11: [
    'select from redemption_order left join redemption on redemption.customer_id = redemption_order.customer_id',
    'select from push left join recipient on recipient.push_id = push.id',
    'select from recipient right join push on recipient.push_id = push.id',
    'select from unnest($1::bigint[]) as asked (id) left join customer on customer.customer_id = asked.id',
  ],
  12: [
    'select shop_id, count(*) from fellow group by rollup (shop_id)',
    `merge into fellow using customer on customer.customer_id = fellow.customer_id when matched then delete`,
  ],
  13: [
    'select count(*) + (select count(*) from push) from recipient',
    `select count(*) over (), exists (select from fellow where fellow.customer_id = customer.customer_id) from customer
      limit 9`,
  ],
  14: [
    `update push set state = 'sent' where id = $1 and not exists (select from recipient where push_id = $1)`,
    `update channel_progress set sent = done.sent
       from (select count(*) as sent from recipient where push_id = $1) done where push_id = $1`,
  ],
  15: [
    `update push set state = 'sent' where not exists (select from send_batch where send_batch.push_id = push.id)`,
    `update push set state = 'sent' from (select recipients from push_progress where push_id = $1) counts`,
  ],
  16: [
    `with opened as (update qpost_message set read_at = $1 where customer_id = $2 returning *)
     select source from qpost_message where customer_id = $2 union all select source from opened`,
  ],
  17: [
    `select from customer_number join customer on customer.customer_id = customer_number.customer_id
      where customer.email_verified_at is null`,
  ],
  18: [
    `update customer set mail_suppressed_at = $1 from unnest($2::bigint[], $3::text[]) as bounced (id, email)
      where customer_id = bounced.id and customer.email = bounced.email`,
  ],
};

describe('a statement is objected to', () => {
  for (const [fact, statements] of Object.entries(refused)) {
    it.each(statements)(`by fact ${fact}: %s`, async (statement) => {
      expect(await broken(statement)).toContain(Number(fact));
    });
  }

  it('where it joins all of a table of the coordinator, and not where it has put that into a with before', async () => {
    const joined = `
      select c.held_back from staged s
        join customer_number n using (customer_no) join customer c on c.customer_id = n.customer_id`;
    const named = `
      with named as materialized (select n.customer_id from staged s join customer_number n using (customer_no))
      select c.held_back from named join customer c on c.customer_id = named.customer_id`;
    expect(await broken(joined, { before: [staged] })).toEqual([17]);
    expect(await broken(named, { before: [staged] })).toEqual([]);
  });
});

describe('nothing speaks against a statement', () => {
  it.each([
    // Whatever is about one customer goes to one node as it is.
    'select held_back from customer where customer_id = $1 for update',
    `select from issued_coupon left join customer on customer.customer_id = issued_coupon.customer_id
       join push on push.id = issued_coupon.push_id where issued_coupon.customer_id = $1 and push_id = $2`,
    'select shop.name, (select count(*) from fellow where customer_id = $1 and shop_id = shop.id) from shop',
    'delete from suppression where customer_id = $1 and email = $2',
    // Across customers, by customer_id.
    `insert into issued_coupon (customer_id, push_id, coupon_id, shop_id, issued_at, valid_from, valid_until)
     select customer_id, push_id, 1, 2, $1, $1, $1 from recipient where push_id = $2 and customer_id < $3
       on conflict do nothing`,
    `select recipient.customer_id, (select count(*) from subscription where customer_id = recipient.customer_id)
       from recipient join customer on customer.customer_id = recipient.customer_id where push_id = $1 order by 1 limit 9`,
    `update recipient set email_state = outcome.state
       from (select * from unnest($1::bigint[], $2::delivery_state[]) as o (id, state)) outcome
      where push_id = $3 and customer_id = outcome.id returning customer_id`,
    'select held_back from unnest($1::bigint[]) as asked (id) join customer on customer.customer_id = asked.id',
    'select shop_id, count(*) filter (where held_back is null) from fellow group by shop_id',
    `select exists (select from fellow where fellow.customer_id = customer.customer_id) as follows, count(*)
       from customer group by 1`,
    // What lies elsewhere comes in a with, or is fetched first.
    `with owed as (select count(*) as owed from recipient where push_id = $1)
     update push set state = 'sent' from owed where id = $1 and owed.owed = 0`,
    'update send_batch set finished_at = $1 where push_id = $2 and not exists (select from recipient where push_id = $2)',
    'update push set issued_at = $1 from push_progress where push.id = $2 and push_progress.push_id = push.id',
    `with written as (update recipient set email_state = 'sent' where push_id = $1 returning 1)
     update channel_progress set sent = sent + (select count(*) from written) where push_id = $1`,
    // Citus has nothing to do with it.
    `with made as (insert into secret (name, value) values ($1, $2) on conflict do nothing returning value)
     select value from made union all select value from secret where name = $1`,
    'update graphile_worker._private_jobs set locked_at = now() where id = $1 and random() < 2',
    'select pg_advisory_xact_lock($1), pg_notify($2, $3)',
  ])('%s', async (statement) => {
    expect(await broken(statement)).toEqual([]);
  });

  it('that names one customer by several parameters', async () => {
    const statement = `
      select from (select push_id from issued_coupon where customer_id = $1 limit 9) pushes
        join recipient on recipient.push_id = pushes.push_id and recipient.customer_id = $2
       where not exists (select from bounce where bounce.customer_id = $3 and bounce.push_id = pushes.push_id)`;
    expect(await broken(statement, { same: [1, 1, 1] })).toEqual([]);
    expect(await broken(statement, { same: [1, 2, 3] })).toEqual([10]);
  });
});
