import type pg from 'pg';
import type { PlainLog } from '../lib/plain-log.ts';
import { StartError } from '../lib/start-error.ts';

/** Rows per customer: cut by customer_id, and what belongs to one customer lies together. The first is what others follow. */
export const byCustomer = [
  'customer',
  'bounce',
  'compensation_recipient',
  'consent_record',
  'customer_order',
  'delivery_failure',
  'email_verification',
  'exclusion',
  'fellow',
  'issued_coupon',
  'push_target',
  'qpost_message',
  'recipient',
  'redemption',
  'reminder_recipient',
  'subscription',
  'suppression',
] as const;

/** Small, read together with rows of customers, and seldom written: a copy on each node. Those they refer to come first. */
export const onEveryNode = [
  'marketplace',
  'policy',
  'shop',
  'category',
  'item',
  'image',
  'banner',
  'coupon',
  'shop_feature',
  'push',
  'push_item',
  'push_message',
  'reminder',
] as const;

/**
 * Left as they are, on the coordinator: people and their sessions, counters and the engine's plan, which are written all
 * the time, and numbers that lead to a customer. The job queue stays there, too.
 */
export const onCoordinator = [
  'api_key',
  'app_credential',
  'app_session',
  'app_two_factor',
  'app_user',
  'app_verification',
  'bounce_count',
  'captured_mail',
  'channel_progress',
  'compensation_upload',
  'compensation_upload_row',
  'coupon_daily',
  'customer_number',
  'customer_session',
  'customer_token_used',
  'delivery_failure_count',
  'demo_clock',
  'idempotency_key',
  'import_run',
  'issue_range',
  'order_number',
  'policy_change',
  'push_event',
  'push_exclusion_count',
  'push_progress',
  'redemption_order',
  'schema_migration',
  'secret',
  'send_batch',
  'sending_limit',
  'sending_limit_change',
  'shop_feature_item',
  'shop_invitation',
  'shop_invitation_token',
  'shop_member',
  'shop_member_event',
  'test_send',
  'test_send_mail',
  'used_notification',
  'worker_process',
] as const;

/** What makes plain tables distributed ones, in order; those that are already need nothing. */
export function distributionStatements(already: ReadonlySet<string>): string[] {
  const [first, ...others] = byCustomer;
  return [
    ...onEveryNode.map((table) => ({ table, call: `create_reference_table('${table}')` })),
    { table: first, call: `create_distributed_table('${first}', 'customer_id')` },
    ...others.map((table) => ({
      table,
      call: `create_distributed_table('${table}', 'customer_id', colocate_with => '${first}')`,
    })),
  ]
    .filter(({ table }) => !already.has(table))
    .map(({ call }) => `select ${call}`);
}

/**
 * Distributes the tables over the nodes of a Citus cluster. May be done again, after a migration brought new ones.
 * @returns how many tables were distributed by this call.
 * @throws StartError when the server has no Citus, or no node to distribute to.
 */
export async function distribute(pool: pg.Pool, log: PlainLog): Promise<number> {
  const client = await pool.connect();
  try {
    const { rowCount: offered } = await client.query(`select from pg_available_extensions where name = 'citus'`);
    if (offered === 0) {
      throw new StartError(
        'This PostgreSQL server has no Citus. Install Citus on it and on its worker nodes, and set ' +
          'shared_preload_libraries = citus (docs/operations.md); without it leave --citus out.',
      );
    }
    await client.query('create extension if not exists citus');
    const { rowCount: nodes } = await client.query(
      `select from pg_dist_node where groupid > 0 and noderole = 'primary' and shouldhaveshards`,
    );
    if (nodes === 0) {
      throw new StartError(
        "This Citus coordinator has no worker nodes yet. Add each with: select citus_add_node('host', 5432)",
      );
    }
    const { rows } = await client.query<{ name: string }>('select logicalrelid::text as name from pg_dist_partition');
    const statements = distributionStatements(new Set(rows.map(({ name }) => name)));
    // For what copies held_back to fellow: both rows are the same customer's, and lie on the same node.
    await client.query('set citus.enable_unsafe_triggers = on');
    for (const statement of statements) {
      log.info(statement);
      await client.query(statement);
    }
    return statements.length;
  } finally {
    client.release(true);
  }
}
