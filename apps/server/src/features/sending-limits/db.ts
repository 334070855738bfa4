import type { LimitedChannel, SendingLimits } from '@coupon-push/contract/operator.ts';
import { sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';

export async function selectLimits(db: Db | Trx): Promise<Map<LimitedChannel, SendingLimits>> {
  const { rows } = await sql<SendingLimits & { channel: LimitedChannel }>`
    select channel, messages_per_second as "messagesPerSecond", connections,
           messages_per_connection as "messagesPerConnection"
      from sending_limit`.execute(db);
  return new Map(rows.map(({ channel, ...limits }) => [channel, limits]));
}

/** Holds the row until the transaction ends. Undefined when there is no such channel. */
export async function lockLimits(trx: Trx, channel: LimitedChannel): Promise<SendingLimits | undefined> {
  const { rows } = await sql<SendingLimits>`
    select messages_per_second as "messagesPerSecond", connections, messages_per_connection as "messagesPerConnection"
      from sending_limit
     where channel = ${channel}
       for update`.execute(trx);
  return rows[0];
}

export async function updateLimits(trx: Trx, channel: LimitedChannel, limits: SendingLimits): Promise<void> {
  await sql`
    update sending_limit
       set messages_per_second = ${limits.messagesPerSecond}, connections = ${limits.connections},
           messages_per_connection = ${limits.messagesPerConnection}
     where channel = ${channel}`.execute(trx);
}

export async function insertLimitChange(
  trx: Trx,
  change: { channel: LimitedChannel; before: SendingLimits; after: SendingLimits; changedBy: string; changedAt: Date },
): Promise<void> {
  await sql`
    insert into sending_limit_change (channel, old_value, new_value, changed_by, changed_at)
    values (${change.channel}, ${JSON.stringify(change.before)}::jsonb, ${JSON.stringify(change.after)}::jsonb,
            ${change.changedBy}, ${change.changedAt})`.execute(trx);
}
