import { sql } from 'kysely';
import { recordEvent } from '../features/pushes/events.ts';
import type { DeliveryDeps } from './deps.ts';

/**
 * Ends a push when every row is accounted for: all ranges issued, every batch finished, and of each channel as many
 * final answers as were owed (spec 3, states). Guarded, so it may be called at any time, by anyone. It runs in a
 * transaction of its own: the last batches of two channels, finishing side by side, each see the other's end here.
 */
export async function finishPush({ db, clock }: Pick<DeliveryDeps, 'db' | 'clock'>, pushId: number): Promise<void> {
  const now = clock.now();
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ state: string; failed: number }>`
      update push
         set finished_at = ${now},
             not_sent_reason = case when counts.recipients = 0 then 'no_recipients' end,
             state = case
               when counts.recipients = 0 then 'not_sent'
               when counts.failed > 0 then 'partly_sent'
               else 'sent' end
        from (
          select recipients, (
                   select sum(failed) from channel_progress where push_id = ${pushId} and channel <> 'reminder') as failed
            from push_progress
           where push_id = ${pushId}) counts
       where push.id = ${pushId} and push.state = 'sending' and push.issued_at is not null
         and not exists (
           select from channel_progress
            where push_id = ${pushId} and channel <> 'reminder'
              and (sent + failed + gone < owed or batches_finished < batches))
      returning push.state, counts.failed::bigint as failed`.execute(trx);
    const finished = rows[0];
    if (finished === undefined) return;
    const detail = { state: finished.state, failed: finished.failed };
    await recordEvent(trx, { pushId, kind: 'finished', detail, happenedAt: now });
  });
}
