import { sql } from 'kysely';
import type { Trx } from '../db/database.ts';
import { enqueue, type LedgerChannel, sendKey } from '../jobs/enqueue.ts';
import type { IssueRange } from './issue-db.ts';

/** One batch of a channel covers the range; its number is its priority, so that pushes of one slot take turns. */
export async function openBatch(
  trx: Trx,
  pushId: number,
  range: IssueRange,
  batch: { channel: LedgerChannel; owed: number },
): Promise<void> {
  if (batch.owed === 0) return;
  const { channel, owed } = batch;
  await sql`
    insert into send_batch (push_id, channel, batch_no, from_customer_id, until_customer_id, owed)
    values (${pushId}, ${channel}, ${range.rangeNo}, ${range.from}, ${range.until}, ${owed})`.execute(trx);
  await sql`
    update channel_progress set owed = owed + ${owed}, batches = batches + 1
     where push_id = ${pushId} and channel = ${channel}`.execute(trx);
  const job = { pushId, channel, batchNo: range.rangeNo };
  await enqueue(trx, 'send', job, { key: sendKey(job), priority: range.rangeNo });
}
