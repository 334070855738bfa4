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

/**
 * Small, read together with rows of customers or by what writes those that are, and seldom written: a copy on each node. Those
 * they refer to come first.
 */
export const onEveryNode = [
  'marketplace',
  'policy',
  'app_user',
  'shop',
  'shop_member',
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
 * Left as they are, on the coordinator: sessions, counters and the engine's plan, which are written all
 * the time, and numbers that lead to a customer. The job queue stays there, too.
 */
export const onCoordinator = [
  'api_key',
  'app_credential',
  'app_session',
  'app_two_factor',
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
  'shop_member_event',
  'test_send',
  'test_send_mail',
  'used_notification',
  'worker_process',
] as const;

/** A foreign key to a table that is copied to every node, from another one or from the coordinator. */
export interface Tie {
  table: string;
  name: string;
  to: string;
  definition: string;
}

export async function readTies(client: Pick<pg.ClientBase, 'query'>): Promise<Tie[]> {
  const { rows } = await client.query<Tie>(
    `select conrelid::regclass::text as table, conname as name, confrelid::regclass::text as to,
            pg_get_constraintdef(oid) as definition
       from pg_constraint
      where contype = 'f' and conrelid::regclass::text = any ($1) and confrelid::regclass::text = any ($2)
      order by 1, 2`,
    [[...onEveryNode, ...onCoordinator], onEveryNode],
  );
  return rows;
}

/**
 * What makes plain tables distributed ones, in order; those that Citus knows of already need nothing. Ties are torn before and
 * made again after: by a tie Citus would take all tables that hang together for the coordinator's, and let none with an
 * identity column become anything else afterwards.
 */
export function distributionStatements(
  already: ReadonlySet<string>,
  ties: readonly Tie[],
): { inOneTransaction: string[]; oneByOne: string[] } {
  const [first, ...others] = byCustomer;
  const copied = onEveryNode.filter((table) => !already.has(table));
  const torn = ties.filter(({ table, to }) => !already.has(table) || !already.has(to));
  return {
    inOneTransaction: [
      ...torn.map(({ table, name }) => `alter table ${table} drop constraint ${name}`),
      ...copied.map((table) => `select create_reference_table('${table}')`),
      ...torn.map(({ table, name, definition }) => `alter table ${table} add constraint ${name} ${definition}`),
    ],
    oneByOne: [
      { table: first, call: `create_distributed_table('${first}', 'customer_id')` },
      ...others.map((table) => ({
        table,
        call: `create_distributed_table('${table}', 'customer_id', colocate_with => '${first}')`,
      })),
    ]
      .filter(({ table }) => !already.has(table))
      .map(({ call }) => `select ${call}`),
  };
}

/**
 * Distributes the tables over the nodes of a Citus cluster. May be done again, after a migration brought new ones.
 * @returns how many statements that took.
 * @throws StartError when the server has no Citus, or the cluster is not ready for it.
 */
export async function distribute(pool: pg.Pool, log: PlainLog): Promise<number> {
  const client = await pool.connect();
  const run = async (statement: string): Promise<void> => {
    log.info(statement);
    await client.query(statement);
  };
  try {
    await checkCluster(client);
    const { rows } = await client.query<{ name: string }>('select logicalrelid::text as name from pg_dist_partition');
    const already = new Set(rows.map(({ name }) => name));
    const { inOneTransaction, oneByOne } = distributionStatements(already, await readTies(client));
    await client.query('begin');
    for (const statement of inOneTransaction) await run(statement);
    await client.query('commit');
    // For what copies held_back to fellow: both rows are the same customer's, and lie on the same node.
    await client.query('set citus.enable_unsafe_triggers = on');
    for (const statement of oneByOne) await run(statement);
    return inOneTransaction.length + oneByOne.length;
  } finally {
    // Destroyed: with the connection goes what an error left open.
    client.release(true);
  }
}

async function checkCluster(client: pg.PoolClient): Promise<void> {
  const { rowCount: offered } = await client.query(`select from pg_available_extensions where name = 'citus'`);
  if (offered === 0) {
    throw new StartError(
      'This PostgreSQL server has no Citus. Install Citus on it and on its worker nodes, and set ' +
        'shared_preload_libraries = citus (docs/operations.md); without it leave --citus out.',
    );
  }
  await client.query('create extension if not exists citus');
  const { rows: nodes } = await client.query<{ coordinators: number; workers: number }>(
    `select count(*) filter (where groupid = 0) as coordinators,
            count(*) filter (where groupid > 0 and shouldhaveshards) as workers
       from pg_dist_node where noderole = 'primary'`,
  );
  if (nodes[0]?.coordinators === 0) {
    throw new StartError(
      'This Citus cluster does not know its coordinator. Say where its nodes reach this server: ' +
        "select citus_set_coordinator_host('host', 5432)",
    );
  }
  if (nodes[0]?.workers === 0) {
    throw new StartError(
      "This Citus coordinator has no worker nodes yet. Add each with: select citus_add_node('host', 5432)",
    );
  }
  const { rows: settings } = await client.query<{ nodename: string }>(
    `select nodename from run_command_on_workers('show citus.enable_unsafe_triggers') where result <> 'on'`,
  );
  if (settings.length > 0) {
    throw new StartError(
      `These nodes allow no triggers on distributed tables: ${settings.map(({ nodename }) => nodename).join(', ')}. ` +
        'Run on each of them: alter system set citus.enable_unsafe_triggers = on; select pg_reload_conf()',
    );
  }
}
