import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Db } from '../src/db/database.ts';

const finalStates = ['sent', 'partly_sent', 'not_sent', 'cancelled'];

/** Waits until a push has ended, and returns how. */
export async function untilEnded(db: Db, pushId: number, timeoutMs = 60_000): Promise<string> {
  return await until(
    async () => {
      const push = await db.selectFrom('push').where('id', '=', pushId).select('state').executeTakeFirstOrThrow();
      return finalStates.includes(push.state) ? push.state : undefined;
    },
    timeoutMs,
    `push ${pushId} to end`,
  );
}

/** Waits until something is there. */
export async function until<T>(
  look: () => Promise<T | undefined> | T | undefined,
  timeoutMs: number,
  what: string,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/**
 * The books of a push: whoever is in the ledger has one coupon and one Qpost message, nobody else has any, and the
 * counters that people see equal the ledger.
 */
export async function checkBooks(db: Db, pushId: number, audience: readonly number[]): Promise<void> {
  const ids = async (table: 'recipient' | 'issued_coupon') => {
    const rows = await db
      .selectFrom(table)
      .where('push_id', '=', pushId)
      .select('customer_id')
      .orderBy('customer_id')
      .execute();
    return rows.map((row) => row.customer_id);
  };
  const expected = [...audience].sort((a, b) => a - b);
  expect(await ids('recipient')).toEqual(expected);
  expect(await ids('issued_coupon')).toEqual(expected);
  const qpost = await db
    .selectFrom('qpost_message')
    .where('source', '=', 'push')
    .where('source_id', '=', pushId)
    .select('customer_id')
    .orderBy('customer_id')
    .execute();
  expect(qpost.map((row) => row.customer_id)).toEqual(expected);
  await checkCounters(db, pushId);
  await checkTargets(db, pushId);
}

/** A compensation reaches its targets and nobody else, and each of them is accounted for. */
async function checkTargets(db: Db, pushId: number): Promise<void> {
  const { rows } = await sql`
    select count(*) filter (where recipient.customer_id is not null) as reached,
           count(*) filter (where exclusion.customer_id is not null) as held_back,
           count(*) filter (where push_target.customer_id is null) as strangers,
           count(*) filter (where recipient.customer_id is null and exclusion.customer_id is null) as forgotten
      from push_target
      full join recipient on recipient.push_id = push_target.push_id and recipient.customer_id = push_target.customer_id
      full join exclusion on exclusion.push_id = push_target.push_id and exclusion.customer_id = push_target.customer_id
     where coalesce(push_target.push_id, recipient.push_id, exclusion.push_id) = ${pushId}`.execute(db);
  const push = await db.selectFrom('push').where('id', '=', pushId).selectAll().executeTakeFirstOrThrow();
  if (push.type !== 'compensation') return;
  const [counted] = rows as Record<string, number>[];
  expect(counted).toMatchObject({ strangers: 0, forgotten: 0 });
  expect((counted?.reached ?? 0) + (counted?.held_back ?? 0)).toBe(push.target_customers);
}

async function checkCounters(db: Db, pushId: number): Promise<void> {
  const { rows: ledger } = await sql`
    select 'email' as channel, count(*) filter (where email_state <> 'none') as owed,
           count(*) filter (where email_state = 'sent') as sent, count(*) filter (where email_state = 'failed') as failed,
           count(*) filter (where email_state = 'gone') as gone
      from recipient where push_id = ${pushId}
    union all
    select 'app_push', count(*) filter (where app_push_state <> 'none'),
           count(*) filter (where app_push_state = 'sent'), count(*) filter (where app_push_state = 'failed'),
           count(*) filter (where app_push_state = 'gone')
      from recipient where push_id = ${pushId}
     order by channel`.execute(db);
  const { rows: counters } = await sql`
    select channel::text, owed, sent, failed, gone from channel_progress where push_id = ${pushId}
     order by channel::text`.execute(db);
  expect(counters).toEqual(ledger);
  const { rows: totals } = await sql`
    select matching, recipients, ranges = ranges_issued as issued,
           (select count(*) from recipient where push_id = ${pushId}) as in_ledger,
           (select count(*) from exclusion where push_id = ${pushId}) as held_back,
           (select coalesce(sum(customers), 0)::bigint from push_exclusion_count where push_id = ${pushId}) as held_back_counted
      from push_progress where push_id = ${pushId}`.execute(db);
  const [total] = totals as Record<string, number>[];
  expect(total).toMatchObject({ issued: true, recipients: total?.in_ledger, held_back_counted: total?.held_back });
  expect(total?.matching).toBe((total?.in_ledger ?? 0) + (total?.held_back ?? 0));
  await checkFailureCounters(db, pushId);
  await checkBounceCounters(db, pushId);
  await checkDailyCounters(db, pushId);
}

async function checkFailureCounters(db: Db, pushId: number): Promise<void> {
  const { rows: ledger } = await sql`
    select channel::text, state::text, count(*) as customers
      from (select 'email' as channel, email_state as state from recipient where push_id = ${pushId}
             union all
            select 'app_push', app_push_state from recipient where push_id = ${pushId}) states
     where state in ('failed', 'gone')
     group by 1, 2 order by 1, 2`.execute(db);
  const { rows: failures } = await sql`
    select channel::text, state::text, count(*) as customers from delivery_failure where push_id = ${pushId}
     group by 1, 2 order by 1, 2`.execute(db);
  expect(failures).toEqual(ledger);
  const { rows: kinds } = await sql`
    select channel, kind, count(*) as customers from delivery_failure where push_id = ${pushId}
     group by 1, 2 order by 1, 2`.execute(db);
  const { rows: counters } = await sql`
    select channel, kind, customers from delivery_failure_count where push_id = ${pushId} order by 1, 2`.execute(db);
  expect(counters).toEqual(kinds);
}

/** What came back is counted by what it means; refusals at once are among the failures. */
/** The counters of a push's e-mails; undefined until it is dispatched. */
export async function emailCounters(db: Db, pushId: number) {
  return await db
    .selectFrom('channel_progress')
    .where('push_id', '=', pushId)
    .where('channel', '=', 'email')
    .selectAll()
    .executeTakeFirst();
}

export async function checkBounceCounters(db: Db, pushId: number): Promise<void> {
  const { rows: bounces } = await sql`
    select class, count(*) as customers from bounce where push_id = ${pushId} and heard_from <> 'refusal'
     group by 1 order by 1`.execute(db);
  const { rows: counters } = await sql`
    select class, customers from bounce_count where push_id = ${pushId} and customers <> 0 order by 1`.execute(db);
  expect(counters).toEqual(bounces);
}

/** What coupon_daily says of issue and use, by day, is what the coupons and redemptions of the ledger add up to. */
export async function checkDailyCounters(db: Db, pushId: number): Promise<void> {
  const { rows: ledger } = await sql`
    select day, sum(issued)::bigint as issued, sum(used)::bigint as used, sum(discount)::bigint as discount_minor,
           sum(sales)::bigint as sales_minor
      from (select (issued_at at time zone zone)::date as day, 1 as issued, 0 as used, 0 as discount, 0 as sales
              from issued_coupon cross join marketplace
             where push_id = ${pushId}
             union all
            select (redeemed_at at time zone zone)::date, 0, 1, discount_minor, cart_minor
              from redemption cross join marketplace
             where push_id = ${pushId} and rolled_back_at is null) booked
     group by day order by day`.execute(db);
  const { rows: counters } = await sql`
    select day, sum(issued)::bigint as issued, sum(used)::bigint as used,
           sum(discount_minor)::bigint as discount_minor, sum(sales_minor)::bigint as sales_minor
      from coupon_daily where push_id = ${pushId}
     group by day
    having bool_or(issued <> 0 or used <> 0 or discount_minor <> 0 or sales_minor <> 0)
     order by day`.execute(db);
  expect(counters).toEqual(ledger);
}
