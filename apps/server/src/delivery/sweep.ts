import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { enqueueReminder } from '../features/reminders/service.ts';
import { dispatchKey, enqueue, issueKey, type SendJob, sendKey, sendName } from '../jobs/enqueue.ts';
import type { DeliveryDeps } from './deps.ts';
import { finishPush } from './finish.ts';
import { sendPriority } from './rules.ts';

/**
 * Puts back work that has no job any more, though it should: jobs are enqueued with what they are about, so this finds
 * nothing unless the queue itself was tampered with or restored from an older backup.
 */
export async function sweepDelivery(deps: Pick<DeliveryDeps, 'db' | 'clock' | 'watchers'>): Promise<void> {
  const { db, clock } = deps;
  await tidyJobs(db);
  const keys = sql`(select key from graphile_worker.jobs where key is not null)`;
  const { rows: waiting } = await sql<{ id: number; slot: Date }>`
    select id, slot from push
     where state = 'waiting' and paused_reason is null and 'dispatch:' || id not in ${keys}`.execute(db);
  const { rows: unissued } = await sql<{ id: number }>`
    select id from push
     where state = 'sending' and issued_at is null and 'issue:' || id not in ${keys}`.execute(db);
  const { rows: unsent } = await sql<SendJob & { until: number }>`
    select send_batch.push_id as "pushId", send_batch.channel, send_batch.batch_no as "batchNo",
           send_batch.until_customer_id as "until"
      from send_batch
      join push
        on push.id = send_batch.push_id and (push.state = 'sending' or send_batch.channel = 'reminder')
      join channel_progress
        on channel_progress.push_id = send_batch.push_id and channel_progress.channel = send_batch.channel
       and channel_progress.paused_reason is null
     where send_batch.finished_at is null
       and 'send:' || send_batch.push_id || ':' || send_batch.channel || ':' || send_batch.batch_no not in ${keys}
     limit 1000`.execute(db);
  const { rows: unreminded } = await sql<{ id: number; dueAt: Date }>`
    select push_id as id, due_at as "dueAt" from reminder
     where finished_at is null and due_at <= ${clock.now()} and 'remind:' || push_id not in ${keys}`.execute(db);
  await db.transaction().execute(async (trx) => {
    for (const { id, slot } of waiting) {
      await enqueue(trx, 'dispatch', { pushId: id }, { key: dispatchKey(id), runAt: clock.machineTime(slot) });
    }
    for (const { id } of unissued) await enqueue(trx, 'issue', { pushId: id }, { key: issueKey(id) });
    for (const { id, dueAt } of unreminded) await enqueueReminder(trx, { pushId: id, at: dueAt }, clock);
    for (const { until, ...job } of unsent) {
      const priority = sendPriority({ ...job, until });
      await enqueue(trx, sendName(job.channel), job, { key: sendKey(job), priority });
    }
  });
  const { rows: sending } = await sql<{ id: number }>`
    select id from push where state = 'sending' and issued_at is not null`.execute(db);
  for (const { id } of sending) await finishPush(deps, id);
}

/**
 * The queue lets a job that failed wait longer each time, up to six hours, and counts the crashes of its workers as failures:
 * for a push that is far too long. And a job that was replaced while it ran, and whose worker then died, stays for good.
 */
async function tidyJobs(db: Db): Promise<void> {
  const names = sql`('dispatch', 'issue', 'remind', 'send-email', 'send-app-push')`;
  await sql`
    select graphile_worker.reschedule_jobs(array_agg(id), run_at => now(), attempts => 1)
      from graphile_worker.jobs
     where task_identifier in ${names} and locked_at is null and last_error is not null and attempts < max_attempts
       and run_at > now() + interval '1 minute'
    having count(*) > 0`.execute(db);
  await sql`
    select graphile_worker.complete_jobs(array_agg(id))
      from graphile_worker.jobs
     where task_identifier in ${names} and locked_at is null and key is null and attempts >= max_attempts
    having count(*) > 0`.execute(db);
}
