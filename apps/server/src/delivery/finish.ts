import { sql } from 'kysely';
import { writeEventOf } from '../features/pushes/events.ts';
import type { DeliveryDeps } from './deps.ts';

/**
 * Ends a push when every row is accounted for: all ranges issued, every batch finished, and of each channel as many
 * final answers as were owed (spec 3, states). Guarded, so it may be called at any time, by anyone. One statement, and in no
 * other transaction: the last batches of two channels, finishing side by side, each see the other's end here.
 */
export async function finishPush(
  { db, clock, watchers }: Pick<DeliveryDeps, 'db' | 'clock' | 'watchers'>,
  pushId: number,
): Promise<void> {
  const now = clock.now();
  const { numAffectedRows } = await sql`
    with counts as materialized (
      select push_progress.recipients, sum(channel_progress.failed)::bigint as failed,
             bool_and(sent + channel_progress.failed + gone >= owed and batches_finished = batches) as done
        from push_progress
        join channel_progress on channel_progress.push_id = push_progress.push_id and channel <> 'reminder'
       where push_progress.push_id = ${pushId}
       group by push_progress.recipients
    ),
    finished as (
      update push
         set finished_at = ${now},
             not_sent_reason = case when counts.recipients = 0 then 'no_recipients' end,
             state = case
               when counts.recipients = 0 then 'not_sent'
               when counts.failed > 0 then 'partly_sent'
               else 'sent' end
        from counts
       where push.id = ${pushId} and push.state = 'sending' and push.issued_at is not null and counts.done
      returning push.id as push_id, push.state, counts.failed
    )
    ${writeEventOf('finished', {
      kind: 'finished',
      detail: sql`json_build_object('state', state, 'failed', failed)`,
      happenedAt: now,
    })}`.execute(db);
  if (numAffectedRows) watchers.changed(pushId);
}
