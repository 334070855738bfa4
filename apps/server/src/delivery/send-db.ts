import { sql } from 'kysely';
import type { Trx } from '../db/database.ts';
import type { LedgerChannel } from '../jobs/enqueue.ts';
import type { BatchRange } from './channel-work.ts';
import type { Outcome } from './rules.ts';

export interface Batch extends BatchRange {
  channel: LedgerChannel;
  /** Which attempt of the batch this is: whoever wrote a higher one owns it now. */
  attempt: number;
  /** How often the channel had been paused when the batch was claimed. */
  pauses: number;
}

/** Where the ledger keeps a channel. The names come from this table and from nowhere else. */
const columns = {
  email: {
    table: sql.table('recipient'),
    state: sql.ref('email_state'),
    attempts: sql.ref('email_attempts'),
    inDoubt: sql.ref('email_in_doubt'),
    at: sql.ref('email_at'),
    error: sql.ref('email_error'),
  },
  app_push: {
    table: sql.table('recipient'),
    state: sql.ref('app_push_state'),
    attempts: sql.ref('app_push_attempts'),
    inDoubt: sql.ref('app_push_in_doubt'),
    at: sql.ref('app_push_at'),
    error: sql.ref('app_push_error'),
  },
  reminder: {
    table: sql.table('reminder_recipient'),
    state: sql.ref('state'),
    attempts: sql.ref('attempts'),
    inDoubt: sql.ref('in_doubt'),
    at: sql.ref('sent_at'),
    error: sql.ref('error'),
  },
} as const;

/**
 * Takes ownership of a batch by counting its attempt, and marks as in doubt those whom an attempt before this one had
 * handed to the wire without writing an answer: a crash. They are sent to again, with the same Message-ID (spec 6), and it
 * counts as none of their attempts: however often we crash, nobody is given up for it. Undefined when the batch is finished, its channel paused or its push ended.
 */
export async function claimBatch(
  trx: Trx,
  batch: { pushId: number; channel: LedgerChannel; batchNo: number },
): Promise<Batch | undefined> {
  const { pushId, channel, batchNo } = batch;
  const { rows } = await sql<Omit<Batch, keyof typeof batch> & { doubtFrom: number | null; doubtUntil: number | null }>`
    update send_batch
       set attempts = attempts + 1
      from channel_progress
      join push on push.id = channel_progress.push_id
     where send_batch.push_id = ${pushId} and send_batch.channel = ${channel} and send_batch.batch_no = ${batchNo}
       and send_batch.finished_at is null
       and channel_progress.push_id = ${pushId} and channel_progress.channel = ${channel}
       and channel_progress.paused_reason is null and (push.state = 'sending' or send_batch.channel = 'reminder')
    returning from_customer_id as "from", until_customer_id as "until", attempts as attempt, channel_progress.pauses,
              in_flight_from as "doubtFrom", in_flight_until as "doubtUntil"`.execute(trx);
  const claimed = rows[0];
  if (claimed === undefined) return undefined;
  const { doubtFrom, doubtUntil, ...claim } = claimed;
  if (doubtFrom !== null && doubtUntil !== null) await markInDoubt(trx, { pushId, channel, doubtFrom, doubtUntil });
  return { pushId, channel, batchNo, ...claim };
}

async function markInDoubt(
  trx: Trx,
  doubt: { pushId: number; channel: LedgerChannel; doubtFrom: number; doubtUntil: number },
): Promise<void> {
  const column = columns[doubt.channel];
  await sql`
    with doubted as (
      update ${column.table}
         set ${column.inDoubt} = true
       where push_id = ${doubt.pushId} and customer_id >= ${doubt.doubtFrom} and customer_id <= ${doubt.doubtUntil}
         and ${column.state} in ('waiting', 'retry')
      returning customer_id
    )
    update channel_progress
       set in_doubt = in_doubt + (select count(*) from doubted)
     where push_id = ${doubt.pushId} and channel = ${doubt.channel}`.execute(trx);
}

/**
 * Says which customers are handed to the wire from now on, both inclusive, or that none are. Written before the first
 * byte leaves. False when somebody else owns the batch: then nothing may be sent or written.
 */
export async function markInFlight(
  trx: Trx,
  batch: Batch,
  range: { first: number; last: number } | null,
): Promise<boolean> {
  const { rows } = await sql`
    update send_batch
       set in_flight_from = ${range?.first ?? null}, in_flight_until = ${range?.last ?? null}
     where push_id = ${batch.pushId} and channel = ${batch.channel} and batch_no = ${batch.batchNo}
       and attempts = ${batch.attempt} and finished_at is null
    returning batch_no`.execute(trx);
  return rows.length > 0;
}

/**
 * Writes the outcomes of many at once and keeps the counters up. A row that is final already stays as it is and is
 * counted nowhere, and so does one whose attempt was counted: nobody may have heard that this was committed. Returns why the
 * channel is paused, if it is.
 */
export async function writeOutcomes(
  trx: Trx,
  batch: Batch,
  outcomes: readonly Outcome[],
  now: Date,
): Promise<string | null> {
  const column = columns[batch.channel];
  const customers = outcomes.map((outcome) => outcome.customerId);
  // A window's rows lie side by side; without its ends the plan may read all rows of the push for each.
  const [first, last] = customers.length === 0 ? [0, 0] : [Math.min(...customers), Math.max(...customers)];
  const { rows } = await sql<Written>`
    with outcome as (
      select *
        from unnest(
          ${customers}::bigint[],
          ${outcomes.map((outcome) => outcome.state)}::delivery_state[],
          ${outcomes.map((outcome) => outcome.attempts)}::smallint[],
          ${outcomes.map((outcome) => (outcome.tried ? 1 : 0))}::smallint[],
          ${outcomes.map((outcome) => outcome.inDoubt)}::boolean[],
          ${outcomes.map((outcome) => outcome.reason)}::text[],
          ${outcomes.map((outcome) => outcome.failure)}::text[])
             as o (customer_id, state, attempts, tried, in_doubt, reason, failure)
    ),
    written as (
      update ${column.table} as ledger
         set ${column.state} = outcome.state, ${column.attempts} = ledger.${column.attempts} + outcome.tried,
             ${column.inDoubt} = ledger.${column.inDoubt} or outcome.in_doubt,
             ${column.at} = ${now}, ${column.error} = outcome.reason
        from outcome
       where ledger.push_id = ${batch.pushId} and ledger.customer_id = outcome.customer_id
           and ledger.customer_id between ${first} and ${last}
         and ledger.${column.state} in ('waiting', 'retry') and ledger.${column.attempts} = outcome.attempts
      returning outcome.customer_id, outcome.state, outcome.in_doubt, outcome.failure
    ),
    failures as (
      insert into delivery_failure (push_id, customer_id, channel, state, kind)
      select ${batch.pushId}, customer_id, ${batch.channel}, state, failure
        from written
       where failure is not null
      returning kind
    ),
    counted as (
      select count(*) filter (where state = 'sent') as sent, count(*) filter (where state = 'failed') as failed,
             count(*) filter (where state = 'gone') as gone, count(*) filter (where state = 'retry') as retries,
             count(*) filter (where in_doubt) as "inDoubt"
        from written
    ),
    kinds as (
      select array_agg(kind order by kind) as failures from failures
    )
    select * from counted cross join kinds`.execute(trx);
  const [written] = rows;
  if (written === undefined) throw new Error('nothing was counted');
  await countFailures(trx, batch, written.failures ?? []);
  return await countWritten(trx, batch, written);
}

/** How many of a window were newly written with each state, and why some failed. */
interface Written {
  sent: number;
  failed: number;
  gone: number;
  retries: number;
  inDoubt: number;
  failures: string[] | null;
}

async function countWritten(trx: Trx, batch: Batch, written: Written): Promise<string | null> {
  const { rows } = await sql<{ pausedReason: string | null }>`
    update channel_progress
       set sent = sent + ${written.sent}, failed = failed + ${written.failed}, gone = gone + ${written.gone},
           retries = retries + ${written.retries}, in_doubt = in_doubt + ${written.inDoubt}
     where push_id = ${batch.pushId} and channel = ${batch.channel}
    returning paused_reason as "pausedReason"`.execute(trx);
  return rows[0]?.pausedReason ?? null;
}

/** In order of kind, so that two batches of a push never wait for each other. */
async function countFailures(trx: Trx, batch: Batch, kinds: readonly string[]): Promise<void> {
  if (kinds.length === 0) return;
  await sql`
    insert into delivery_failure_count (push_id, channel, kind, customers)
    select ${batch.pushId}, ${batch.channel}, kind, count(*)
      from unnest(${kinds}::text[]) as kind
     group by kind
     order by kind
    on conflict (push_id, channel, kind)
    do update set customers = delivery_failure_count.customers + excluded.customers`.execute(trx);
}

/** Ends the batch when nobody of it is owed anything any more. */
export async function finishBatch(trx: Trx, batch: Batch, now: Date): Promise<void> {
  const column = columns[batch.channel];
  await sql`
    with finished as (
      update send_batch
         set finished_at = ${now}
       where push_id = ${batch.pushId} and channel = ${batch.channel} and batch_no = ${batch.batchNo}
         and attempts = ${batch.attempt} and finished_at is null
         and not exists (
           select from ${column.table} as ledger
            where ledger.push_id = ${batch.pushId}
              and ledger.customer_id >= ${batch.from} and ledger.customer_id < ${batch.until}
              and ledger.${column.state} in ('waiting', 'retry'))
      returning batch_no
    )
    update channel_progress
       set batches_finished = batches_finished + (select count(*) from finished)
     where push_id = ${batch.pushId} and channel = ${batch.channel}`.execute(trx);
}

/** Keeps what those were told for whom the channel is paused: they stay owed, and it tells that they were refused before. */
export async function keepRefusals(
  trx: Trx,
  batch: Batch,
  refusals: readonly { customerId: number; reason: string }[],
): Promise<void> {
  if (refusals.length === 0) return;
  const column = columns[batch.channel];
  await sql`
    with refused as (
      select *
        from unnest(${refusals.map((one) => one.customerId)}::bigint[], ${refusals.map((one) => one.reason)}::text[])
             as r (customer_id, reason)
    )
    update ${column.table} as ledger
       set ${column.error} = refused.reason
      from refused
     where ledger.push_id = ${batch.pushId} and ledger.customer_id = refused.customer_id
       and ledger.${column.state} in ('waiting', 'retry')`.execute(trx);
}

/**
 * Stops the channel of one push, and nothing else. True for whoever stopped it: not for a batch that began before the
 * channel was paused and released again, whose answers are of the time before.
 */
export async function pauseChannel(trx: Trx, batch: Batch, reason: string): Promise<boolean> {
  const { rows } = await sql`
    update channel_progress set paused_reason = ${reason}, pauses = pauses + 1
     where push_id = ${batch.pushId} and channel = ${batch.channel} and paused_reason is null
       and pauses = ${batch.pauses}
    returning push_id`.execute(trx);
  return rows.length > 0;
}

/**
 * Lets a paused channel go on. Returns the batches that wait for that; undefined when it is not paused. Whoever is at one still,
 * with messages that were on their way when it was paused, sees that it goes on when those are answered, and hands the rest on: a
 * second job would send them again.
 */
export async function resumeChannel(
  trx: Trx,
  pushId: number,
  channel: LedgerChannel,
): Promise<{ batchNo: number; until: number }[] | undefined> {
  const { rows: resumed } = await sql`
    update channel_progress set paused_reason = null
     where push_id = ${pushId} and channel = ${channel} and paused_reason is not null
    returning push_id`.execute(trx);
  if (resumed.length === 0) return undefined;
  const { rows: waiting } = await sql<{ batchNo: number; until: number }>`
    select batch_no as "batchNo", until_customer_id as "until"
      from send_batch
     where push_id = ${pushId} and channel = ${channel} and finished_at is null
       and (in_flight_from is null
            or 'send:' || push_id || ':' || channel || ':' || batch_no not in (
              select key from graphile_worker.jobs where key is not null and locked_at is not null))
     order by batch_no`.execute(trx);
  return waiting;
}
