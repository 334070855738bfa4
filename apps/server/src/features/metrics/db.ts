import { sql } from 'kysely';
import type { Db } from '../../db/database.ts';
import { lockSpace } from '../../jobs/worker-process.ts';

export interface Deployment {
  workers: number;
  lagSeconds: number;
  pushes: { state: string; pushes: number }[];
  messages: { channel: string; outcome: string; messages: number }[];
  channels: { channel: string; paused: number; batchesInFlight: number }[];
  bounces: { class: string; customers: number }[];
  /** In the same days. */
  emailsSent: number;
  jobs: { task: string; state: string; jobs: number; oldestSeconds: number }[];
}

/** Jobs that are looked at: enough to see that there are too many. */
const mostJobs = 100_000;

/**
 * What the whole deployment is doing, out of counters that are kept up as results are written and out of indexes on what
 * is unfinished or recent: the ledger is not read, and old pushes are not either.
 */
export async function readDeployment(db: Db, now: Date): Promise<Deployment> {
  const [state, messages, channels, bounces, emailsSent, jobs] = [
    await selectState(db, now),
    await selectMessages(db, now),
    await selectChannels(db, now),
    await selectBounces(db, now),
    await selectEmailsSent(db, now),
    await selectJobs(db),
  ];
  const { workers, lagSeconds, sending, late, held } = state;
  const pushes = [
    { state: 'sending', pushes: sending },
    { state: 'late', pushes: late },
    { state: 'held', pushes: held },
  ];
  return { workers, lagSeconds, pushes, messages, channels, bounces, emailsSent, jobs };
}

/** Those that hold a lock of theirs: a row that a dead one has left counts as nobody. One process has several. */
const livingWorkers = sql`
  select count(distinct (host, worker_process.pid))
    from worker_process
    join pg_locks
      on locktype = 'advisory' and classid = ${lockSpace} and objid = lock_key and granted
     and database = (select oid from pg_database where datname = current_database())`;

async function selectState(db: Db, now: Date) {
  const { rows } = await sql<{ workers: number; lagSeconds: number; sending: number; late: number; held: number }>`
    with unfinished as (
      select slot, state, paused_reason from push where state = 'sending'
       union all
      select slot, state, paused_reason from push where state = 'waiting' and slot <= ${now}
    )
    select (${livingWorkers}) as workers,
           greatest(coalesce(extract(epoch from ${now}::timestamptz - min(slot)), 0), 0)::float8 as "lagSeconds",
           count(*) filter (where state = 'sending') as sending,
           count(*) filter (where state = 'waiting' and paused_reason is null) as late,
           count(*) filter (where state = 'waiting' and paused_reason is not null) as held
      from unfinished`.execute(db);
  return rows[0] ?? { workers: 0, lagSeconds: 0, sending: 0, late: 0, held: 0 };
}

async function selectMessages(db: Db, now: Date): Promise<Deployment['messages']> {
  const { rows } = await sql<Deployment['messages'][number]>`
    with recent as (
      select id from push where state = 'sending'
       union
      select id from push where dispatched_at > ${now}::timestamptz - interval '24 hours'
       union
      ${reminding(now)}
    )
    select channel::text, outcome, sum(messages)::bigint as messages
      from recent
      join channel_progress on channel_progress.push_id = recent.id
     cross join lateral (
       values ('owed', owed - sent - failed - gone), ('sent', sent), ('failed', failed), ('gone', gone),
              ('retries', retries), ('in_doubt', in_doubt)) as counted (outcome, messages)
     group by channel, outcome`.execute(db);
  return rows;
}

/** Pushes whose reminders are under way: long after the push itself. */
const reminding = (now: Date) => sql`select push_id from reminder where finished_at is null and due_at <= ${now}`;

async function selectChannels(db: Db, now: Date): Promise<Deployment['channels']> {
  const { rows } = await sql<Deployment['channels'][number]>`
    with active as (
      select id from push where state = 'sending'
       union
      ${reminding(now)}
    )
    select channel::text, (
             select count(*)
               from active
               join channel_progress on channel_progress.push_id = active.id
              where channel_progress.channel = channels.channel
                and channel_progress.paused_reason is not null) as paused, (
             select count(*)
               from active
               join send_batch on send_batch.push_id = active.id
              where send_batch.channel = channels.channel
                and send_batch.finished_at is null and send_batch.in_flight_from is not null) as "batchesInFlight"
      from unnest(enum_range(null::channel)) as channels (channel)`.execute(db);
  return rows;
}

async function selectBounces(db: Db, now: Date): Promise<Deployment['bounces']> {
  const { rows } = await sql<Deployment['bounces'][number]>`
    select class, sum(customers)::bigint as customers
      from push
      join bounce_count on bounce_count.push_id = push.id
     where push.dispatched_at > ${now}::timestamptz - interval '7 days'
     group by class`.execute(db);
  return rows;
}

async function selectEmailsSent(db: Db, now: Date): Promise<number> {
  const { rows } = await sql<{ sent: number }>`
    select coalesce(sum(channel_progress.sent), 0)::bigint as sent
      from push
      join channel_progress on channel_progress.push_id = push.id and channel_progress.channel = 'email'
     where push.dispatched_at > ${now}::timestamptz - interval '7 days'`.execute(db);
  return rows[0]?.sent ?? 0;
}

/** Jobs wait by the machine's clock, not by the demo's. */
async function selectJobs(db: Db): Promise<Deployment['jobs']> {
  const { rows } = await sql<Deployment['jobs'][number]>`
    select task_identifier as task, state, count(*) as jobs,
           greatest(extract(epoch from now() - min(run_at)), 0)::float8 as "oldestSeconds"
      from (
        select task_identifier, run_at,
               case when locked_at is not null then 'running'
                    when attempts >= max_attempts then 'given_up'
                    when run_at > now() then 'scheduled'
                    else 'ready' end as state
          from graphile_worker.jobs
         limit ${mostJobs}) jobs
     group by task_identifier, state`.execute(db);
  return rows;
}
