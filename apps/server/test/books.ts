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
}
