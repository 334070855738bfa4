import { sql } from 'kysely';
import type { Trx } from '../db/database.ts';
import { recordEvent } from '../features/pushes/events.ts';
import { dispatchKey, enqueue, enqueueAll, type LedgerChannel, sendKey, sendName } from '../jobs/enqueue.ts';
import { AppError } from '../lib/app-error.ts';
import { sendPriority } from './rules.ts';
import { resumeChannel } from './send-db.ts';

/**
 * The operator's word that a push which is more than a day late may go out all the same (spec 6).
 * @throws AppError push_not_waiting when it is not held for that reason.
 */
export async function releasePush(trx: Trx, release: { pushId: number; now: Date }): Promise<void> {
  const { pushId, now } = release;
  const { rows } = await sql`
    update push set released_at = ${now}, paused_reason = null
     where id = ${pushId} and state = 'waiting' and paused_reason = 'late'
    returning id`.execute(trx);
  if (rows.length === 0) throw new AppError('push_not_waiting');
  await recordEvent(trx, { pushId, kind: 'released', happenedAt: now });
  await enqueue(trx, 'dispatch', { pushId }, { key: dispatchKey(pushId) });
}

/**
 * The operator's word that a channel of a push, paused because of us, may go on: those who are still owed are sent to.
 * @throws AppError not_found when it is not paused.
 */
export async function resumeSending(
  trx: Trx,
  resume: { pushId: number; channel: LedgerChannel; now: Date },
): Promise<void> {
  const { pushId, channel, now } = resume;
  const batches = await resumeChannel(trx, pushId, channel);
  if (batches === undefined) throw new AppError('not_found');
  await recordEvent(trx, { pushId, kind: 'resumed', detail: { channel }, happenedAt: now });
  const jobs = batches.map(({ batchNo, until }) => {
    const payload = { pushId, channel, batchNo };
    return { payload, key: sendKey(payload), priority: sendPriority({ batchNo, until }) };
  });
  await enqueueAll(trx, sendName(channel), jobs);
}
