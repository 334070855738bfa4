import { sql } from 'kysely';
import type { Db } from '../src/db/database.ts';

/** What the peers' books say arrived: how often, by customer. */
export interface Arrived {
  emails: ReadonlyMap<number, number>;
  appPushes: ReadonlyMap<number, number>;
  /** Lines that name nobody whom this push could have gone to. */
  strange: readonly string[];
}

/** What repeats there were, and how many the ledger says there may have been. */
export interface Repeats {
  emailRepeats: number;
  emailsInDoubt: number;
  appPushRepeats: number;
  appPushesInDoubt: number;
}

/**
 * The books of a push that has ended: ledger, coupons, Qpost messages, counters, and what the peers took. Returns one
 * sentence for each thing that is wrong.
 */
export async function checkTortured(
  db: Db,
  pushId: number,
  audience: { reachable: readonly number[]; withDevice: readonly number[]; heldBack: number },
  arrived: Arrived,
): Promise<{ wrong: string[]; repeats: Repeats }> {
  const wrong = [...arrived.strange.slice(0, 5), ...(await checkRows(db, pushId, audience.reachable))];
  wrong.push(...(await checkCounters(db, pushId, audience)));
  wrong.push(...checkArrived('e-mail', audience.reachable, arrived.emails));
  wrong.push(...checkArrived('app push', audience.withDevice, arrived.appPushes));
  const repeats = await countRepeats(db, pushId, arrived);
  wrong.push(...(await checkDoubt(db, pushId, arrived)));
  if (repeats.emailRepeats > repeats.emailsInDoubt) wrong.push(`more e-mails repeated than in doubt`);
  if (repeats.appPushRepeats > repeats.appPushesInDoubt) wrong.push(`more app pushes repeated than in doubt`);
  return { wrong, repeats };
}

async function checkRows(db: Db, pushId: number, reachable: readonly number[]): Promise<string[]> {
  const { rows } = await sql<Record<string, number>>`
    with expected as (select unnest(${reachable}::bigint[]) as customer_id),
         ledger as (select customer_id from recipient where push_id = ${pushId}),
         coupons as (select customer_id from issued_coupon where push_id = ${pushId}),
         qpost as (select customer_id from qpost_message where source = 'push' and source_id = ${pushId})
    select (select count(*) from expected left join ledger using (customer_id) where ledger.customer_id is null) as "forgotten",
           (select count(*) from ledger left join expected using (customer_id) where expected.customer_id is null) as "strangers",
           (select count(*) from expected left join coupons using (customer_id) where coupons.customer_id is null) as "without a coupon",
           (select count(*) from coupons left join expected using (customer_id) where expected.customer_id is null) as "strangers with a coupon",
           (select count(*) - count(distinct customer_id) from coupons) as "second coupons",
           (select count(*) from expected left join qpost using (customer_id) where qpost.customer_id is null) as "without a Qpost message",
           (select count(*) from qpost left join expected using (customer_id) where expected.customer_id is null) as "strangers with a Qpost message",
           (select count(*) - count(distinct customer_id) from qpost) as "second Qpost messages",
           (select count(*) from recipient where push_id = ${pushId} and email_state <> 'sent') as "e-mails not sent",
           (select count(*) from recipient where push_id = ${pushId} and app_push_state not in ('sent', 'none')) as "app pushes not sent",
           (select count(*) from send_batch where push_id = ${pushId} and (finished_at is null or in_flight_from is not null)) as "open batches"
  `.execute(db);
  return Object.entries(rows[0] ?? { 'no books': 1 }).flatMap(([what, count]) =>
    count === 0 ? [] : [`${count} ${what}`],
  );
}

async function checkCounters(
  db: Db,
  pushId: number,
  audience: { reachable: readonly number[]; withDevice: readonly number[]; heldBack: number },
): Promise<string[]> {
  const { rows } = await sql<{ progress: object; email: object; app_push: object; exclusions: number; listed: number }>`
    select (select json_build_object('matching', matching, 'recipients', recipients, 'left', ranges - ranges_issued)
              from push_progress where push_id = ${pushId}) as progress,
           (select json_build_object('owed', owed, 'sent', sent, 'failed', failed, 'gone', gone, 'open', batches - batches_finished)
              from channel_progress where push_id = ${pushId} and channel = 'email') as email,
           (select json_build_object('owed', owed, 'sent', sent, 'failed', failed, 'gone', gone, 'open', batches - batches_finished)
              from channel_progress where push_id = ${pushId} and channel = 'app_push') as app_push,
           (select coalesce(sum(customers), 0)::bigint from push_exclusion_count where push_id = ${pushId}) as exclusions,
           (select count(*) from exclusion where push_id = ${pushId}) as listed`.execute(db);
  const people = audience.reachable.length;
  const devices = audience.withDevice.length;
  const all = { failed: 0, gone: 0, open: 0 };
  const expected = {
    progress: { matching: people + audience.heldBack, recipients: people, left: 0 },
    email: { owed: people, sent: people, ...all },
    app_push: { owed: devices, sent: devices, ...all },
    exclusions: audience.heldBack,
    listed: audience.heldBack,
  };
  return Object.entries(expected).flatMap(([name, value]) => {
    const shown = JSON.stringify(rows[0]?.[name as keyof typeof expected]);
    return shown === JSON.stringify(value) || sorted(shown) === sorted(JSON.stringify(value))
      ? []
      : [`${name}: ${shown} is shown, ${JSON.stringify(value)} is true`];
  });
}

function sorted(json: string | undefined): string {
  return (json ?? '').replace(/[{}]/g, '').split(',').sort().join();
}

function checkArrived(what: string, owed: readonly number[], arrived: ReadonlyMap<number, number>): string[] {
  const without = owed.filter((id) => !arrived.has(id));
  const known = new Set(owed);
  const strangers = [...arrived.keys()].filter((id) => !known.has(id));
  return [
    ...(without.length > 0 ? [`${without.length} got no ${what}, such as ${without[0]}`] : []),
    ...(strangers.length > 0 ? [`${strangers.length} strangers got an ${what}, such as ${strangers[0]}`] : []),
  ];
}

function repeated(arrived: ReadonlyMap<number, number>): number[] {
  return [...arrived].flatMap(([id, count]) => (count > 1 ? [id] : []));
}

async function countRepeats(db: Db, pushId: number, arrived: Arrived): Promise<Repeats> {
  const rows = await db
    .selectFrom('channel_progress')
    .where('push_id', '=', pushId)
    .select(['channel', 'in_doubt'])
    .execute();
  const inDoubt = (name: string) => rows.find(({ channel }) => channel === name)?.in_doubt ?? 0;
  const repeats = (counts: ReadonlyMap<number, number>) => [...counts.values()].reduce((sum, n) => sum + n - 1, 0);
  return {
    emailRepeats: repeats(arrived.emails),
    emailsInDoubt: inDoubt('email'),
    appPushRepeats: repeats(arrived.appPushes),
    appPushesInDoubt: inDoubt('app_push'),
  };
}

/** Whoever got something twice is marked in the ledger as somebody who may have. */
async function checkDoubt(db: Db, pushId: number, arrived: Arrived): Promise<string[]> {
  const { rows } = await sql<{ emails: number; pushes: number }>`
    select count(*) filter (where customer_id = any(${repeated(arrived.emails)}::bigint[]) and not email_in_doubt) as emails,
           count(*) filter (where customer_id = any(${repeated(arrived.appPushes)}::bigint[]) and not app_push_in_doubt) as pushes
      from recipient where push_id = ${pushId}`.execute(db);
  const { emails = 0, pushes = 0 } = rows[0] ?? {};
  return [
    ...(emails > 0 ? [`${emails} got a second e-mail that was never in doubt`] : []),
    ...(pushes > 0 ? [`${pushes} got a second app push that was never in doubt`] : []),
  ];
}

/** For a push that does not end: its open batches and jobs, its channels, and whom the queue knows. */
export async function whatIsLeft(db: Db, pushId: number): Promise<object> {
  const batches = await sql`
    select channel, batch_no, attempts, in_flight_from, in_flight_until from send_batch
     where push_id = ${pushId} and finished_at is null`.execute(db);
  const channels = await sql`select * from channel_progress where push_id = ${pushId}`.execute(db);
  const push = await sql`select state, issued_at from push where id = ${pushId}`.execute(db);
  const jobs = await sql`
    select task_identifier, key, attempts, run_at - now() as due_in, now() - locked_at as locked_for, locked_by, last_error
      from graphile_worker.jobs`.execute(db);
  const workers = await sql`select pool_id, pid, lock_key from worker_process`.execute(db);
  const connections = await sql`
    select application_name, state, wait_event, count(*), max(now() - state_change) as since, left(max(query), 120) as query
      from pg_stat_activity where application_name like 'coupon-push%' group by 1, 2, 3`.execute(db);
  const all = { push, channels, batches, jobs, workers, connections };
  return Object.fromEntries(Object.entries(all).map(([name, { rows }]) => [name, rows]));
}
