import { realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { PlainLog } from '../lib/plain-log.ts';

/** Any number that nothing else in the database "postgres" of an embedded cluster locks. */
const PRESENCE = 20_260_301;
const TIMEOUT_MS = 3_000;

export interface Server {
  pid: number;
  port: number;
  password: string;
}

export function serverUrl(server: Server, database: string): string {
  return `postgresql://postgres:${server.password}@127.0.0.1:${server.port}/${database}`;
}

export type Answer = 'ours' | 'busy' | 'silent';

/**
 * Asks a server whether it serves this cluster.
 * `busy`: it is starting, recovering or stopping, and says so. `silent`: no, or no answer within 3 s.
 */
export async function askServer(server: Server, cluster: string): Promise<Answer> {
  const client = newClient(server, 'coupon-push check');
  try {
    await client.connect();
    const { rows } = await client.query<{ dir: string }>(`select current_setting('data_directory') as dir`);
    return realpathSync(rows[0]?.dir ?? '') === realpathSync(cluster) ? 'ours' : 'silent';
  } catch (error) {
    return codeOf(error) === '57P03' ? 'busy' : 'silent';
  } finally {
    await end(client);
  }
}

/** @throws when the server does not answer or refuses */
export async function createDatabaseIfMissing(server: Server, database: string): Promise<void> {
  const client = newClient(server, 'coupon-push start');
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
  } catch (error) {
    // Another process created it at the same moment.
    if (codeOf(error) !== '42P04' && codeOf(error) !== '23505') throw error;
  } finally {
    await end(client);
  }
}

/**
 * Our presence at a server: a shared advisory lock on a connection kept open.
 * It tells, without process numbers that may be reused, who still needs the server: the kernel closes the connection of a
 * killed process at once, and its lock goes with it. The last one out stops the server.
 */
export interface Presence {
  /** Nobody else was there when we came. */
  alone: boolean;
  /** Leaves. True when nobody else is there; then nobody can come any more either, and the server is ours to stop. */
  leave(): Promise<boolean>;
}

/**
 * @param revive called again and again while the server cannot be reached: starts it if it is not there any more
 * @throws when the server is going away, so that the caller starts another one
 */
export async function enter(server: Server, log: PlainLog, revive: () => Promise<void>): Promise<Presence> {
  let leaving = false;
  let client = newClient(server, 'coupon-push presence');
  const alone = await lock(client);
  // A crash of one server process makes PostgreSQL close all connections and go on; then we come back.
  const watch = (): void => {
    client.on('error', () => {});
    client.once('end', () => {
      if (!leaving) void comeBack();
    });
  };
  const comeBack = async (): Promise<void> => {
    log.warn('The connection to the embedded database was lost; trying again.');
    for (let attempt = 0; attempt < 60 && !leaving; attempt += 1) {
      client = newClient(server, 'coupon-push presence');
      try {
        await lock(client);
        watch();
        return;
      } catch {
        await sleep(500, undefined, { ref: false });
        if (!leaving) await revive();
      }
    }
    if (!leaving) log.warn('The embedded database is gone. Stop Coupon Push and start it again.');
  };
  watch();
  return {
    alone,
    leave: async () => {
      leaving = true;
      try {
        await client.query('select pg_advisory_unlock_shared($1)', [PRESENCE]);
        const { rows } = await client.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [PRESENCE]);
        // Kept until the server is down: whoever comes now waits on it, is cut off by the shutdown, and starts anew.
        if (rows[0]?.last === true) return true;
        await end(client);
        return false;
      } catch {
        return true;
      }
    },
  };
}

async function lock(client: pg.Client): Promise<boolean> {
  try {
    await client.connect();
    const { rows } = await client.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [PRESENCE]);
    await client.query('select pg_advisory_lock_shared($1)', [PRESENCE]);
    const alone = rows[0]?.alone === true;
    if (alone) await client.query('select pg_advisory_unlock($1)', [PRESENCE]);
    return alone;
  } catch (error) {
    await end(client);
    throw error;
  }
}

function newClient(server: Server, name: string): pg.Client {
  const client = new pg.Client({
    connectionString: serverUrl(server, 'postgres'),
    application_name: name,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    keepAlive: true,
  });
  // A lost connection is also an event; without a listener it would end the process.
  client.on('error', () => {});
  return client;
}

async function end(client: pg.Client): Promise<void> {
  try {
    await client.end();
  } catch {
    // Closing a connection that is already gone.
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
