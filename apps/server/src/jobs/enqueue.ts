import { sql } from 'kysely';
import type { Db, Trx } from '../db/database.ts';

/** A channel of a push's ledger: its e-mails, its app pushes, and the app pushes that remind of it later. */
export type LedgerChannel = 'email' | 'app_push' | 'reminder';

export interface SendJob {
  pushId: number;
  channel: LedgerChannel;
  batchNo: number;
}

/** The background work there is, with what each is about: ids only, never addresses or secrets. */
export interface Jobs {
  dispatch: { pushId: number };
  issue: { pushId: number };
  'send-email': SendJob;
  'send-app-push': SendJob;
  remind: { pushId: number };
  'test-send': { testSendId: number };
  'invitation-mail': { invitationId: number };
  'verification-mail': { customerId: number };
}
export type JobName = keyof Jobs;

export interface JobOptions {
  /** A job with this key that is not running yet is replaced. */
  key?: string;
  /** By the machine's clock; at once without. */
  runAt?: Date;
  /** Lower goes first. */
  priority?: number;
}

/** Enqueues in the transaction of what the job is about: both happen, or neither. */
export async function enqueue<N extends JobName>(
  trx: Trx,
  name: N,
  payload: Jobs[N],
  options: JobOptions = {},
): Promise<void> {
  await sql`
    select graphile_worker.add_job(
      identifier => ${name},
      payload => ${JSON.stringify(payload)}::json,
      job_key => ${options.key ?? null},
      run_at => ${options.runAt ?? null}::timestamptz,
      priority => ${options.priority ?? 0}::int,
      max_attempts => 1000)`.execute(trx);
}

/** Enqueues many of one kind in one statement. */
export async function enqueueAll<N extends JobName>(
  trx: Trx,
  name: N,
  jobs: readonly { payload: Jobs[N]; key: string; priority: number }[],
): Promise<void> {
  if (jobs.length === 0) return;
  await sql`
    select graphile_worker.add_job(
             identifier => ${name},
             payload => job->'payload',
             job_key => job->>'key',
             priority => (job->>'priority')::int,
             max_attempts => 1000)
      from json_array_elements(${JSON.stringify(jobs)}::json) job`.execute(trx);
}

/** Does a job of these kinds wait that goes before those of this priority? Jobs of the push itself are not asked about. */
export async function isOutranked(
  trx: Trx,
  by: { names: readonly JobName[]; priority: number; pushId: number },
): Promise<boolean> {
  const { rows } = await sql<{ outranked: boolean }>`
    select exists (
      select from graphile_worker.jobs
       where task_identifier = any(${by.names}) and priority < ${by.priority} and locked_at is null and run_at <= now()
         and key <> ${issueKey(by.pushId)} and key not like ${`send:${by.pushId}:%`}
    ) as outranked`.execute(trx);
  return rows[0]?.outranked === true;
}

/** Takes back a job that is not running yet. */
export async function withdraw(trx: Db | Trx, key: string): Promise<void> {
  await sql`select graphile_worker.remove_job(${key})`.execute(trx);
}

export const dispatchKey = (pushId: number) => `dispatch:${pushId}`;
export const issueKey = (pushId: number) => `issue:${pushId}`;
export const remindKey = (pushId: number) => `remind:${pushId}`;
export const sendKey = (job: SendJob) => `send:${job.pushId}:${job.channel}:${job.batchNo}`;
/** Work of a name of its own for each way out, so that none waits behind another's. */
export const sendName = (channel: LedgerChannel) => (channel === 'email' ? 'send-email' : 'send-app-push');
export const testSendKey = (testSendId: number) => `test-send:${testSendId}`;
export const verificationMailKey = (customerId: number) => `verification-mail:${customerId}`;
