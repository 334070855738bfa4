import { sql } from 'kysely';
import type { Trx } from '../db/database.ts';
import { enqueueAll, type LedgerChannel, sendKey, sendName } from '../jobs/enqueue.ts';
import type { IssueRange } from './issue-db.ts';
import { sendPriority } from './rules.ts';

/** One batch of a channel covers the range. */
export async function openBatch(
  trx: Trx,
  pushId: number,
  range: IssueRange,
  batch: { channel: LedgerChannel; owed: number },
): Promise<void> {
  await openBatches(trx, pushId, batch.channel, [{ range, owed: batch.owed }]);
}

/** A batch for each range that owes something, with the job that sends it. */
export async function openBatches(
  trx: Trx,
  pushId: number,
  channel: LedgerChannel,
  all: readonly { range: IssueRange; owed: number }[],
): Promise<void> {
  const batches = all.filter(({ owed }) => owed > 0);
  if (batches.length === 0) return;
  const rows = sql.join(
    batches.map(
      ({ range, owed }) => sql`(${pushId}, ${channel}, ${range.rangeNo}, ${range.from}, ${range.until}, ${owed})`,
    ),
  );
  const owed = batches.reduce((sum, batch) => sum + batch.owed, 0);
  await sql`
    with opened as (
      insert into send_batch (push_id, channel, batch_no, from_customer_id, until_customer_id, owed) values ${rows}
    )
    update channel_progress set owed = owed + ${owed}, batches = batches + ${batches.length}
     where push_id = ${pushId} and channel = ${channel}`.execute(trx);
  const jobs = batches.map(({ range }) => {
    const payload = { pushId, channel, batchNo: range.rangeNo };
    return { payload, key: sendKey(payload), priority: sendPriority({ ...payload, until: range.until }) };
  });
  await enqueueAll(trx, sendName(channel), jobs);
}
