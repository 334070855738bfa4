import { sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';

/** With the operator's own values of the policy, by key. */
export async function selectMarketplace(db: Db | Trx) {
  return await db
    .selectFrom('marketplace')
    .selectAll()
    .select(sql<Record<string, unknown> | null>`(select json_object_agg(key, value) from policy)`.as('policy_values'))
    .executeTakeFirst();
}

export interface PolicyChange {
  key: string;
  oldValue: unknown;
  newValue: unknown;
  changedBy: string;
  changedAt: Date;
}

/** Writes one value and its history. */
export async function writePolicyValue(trx: Trx, change: PolicyChange): Promise<void> {
  const value = JSON.stringify(change.newValue);
  await sql`
    insert into policy (key, value) values (${change.key}, ${value}::jsonb)
    on conflict (key) do update set value = excluded.value`.execute(trx);
  await sql`
    insert into policy_change (key, old_value, new_value, changed_by, changed_at)
    values (${change.key}, ${JSON.stringify(change.oldValue)}::jsonb, ${value}::jsonb, ${change.changedBy}, ${change.changedAt})
  `.execute(trx);
}
