import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type { PlainLog } from '../lib/plain-log.ts';
import type { Schema } from './schema.gen.ts';

/** Outside a transaction. */
export type Db = Kysely<Schema>;
/** Inside one. Functions that may run in either take `Db | Trx` as their first parameter. */
export type Trx = Transaction<Schema>;

export interface Database {
  /** For what Kysely does not do: COPY, LISTEN, the job queue. */
  pool: pg.Pool;
  db: Db;
  /** Waits for the queries under way and closes every connection. Idempotent. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** The most connections that this pool opens. */
  max?: number;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  /** Hears of connections that were lost while idle; the pool replaces them by itself. */
  log?: PlainLog;
}

/**
 * Settings of a connection whose ends hear of it when they are cut off from each other, a host or a cable gone, within so many
 * seconds, at least 4. The server then lets go of what the client had locked; after twice as many when it was about to answer.
 * Without them it would be the kernel that says so, which by default begins to wonder after two hours; and a client that
 * waits for an answer would wait for ever when only the server had given it up.
 */
export function noticesCutOff(
  seconds: number,
): Required<Pick<pg.ClientConfig, 'options' | 'keepAlive' | 'keepAliveInitialDelayMillis'>> {
  const settings = [`idle=${seconds - 3}`, 'interval=1', 'count=3'].map((setting) => `-c tcp_keepalives_${setting}`);
  return {
    options: [...settings, `-c tcp_user_timeout=${seconds * 2000}`].join(' '),
    keepAlive: true,
    keepAliveInitialDelayMillis: seconds * 1000,
  };
}

/** Rows that it had locked keep all other workers of a push waiting. */
const cutOffAfterSeconds = 5;

/**
 * Opens a pool of connections; none is made before the first query.
 * bigint arrives as number, numeric and date as string, timestamptz as Date.
 */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'coupon-push',
    ...noticesCutOff(cutOffAfterSeconds),
    connectionTimeoutMillis: 30_000,
    types: valueTypes(),
  });
  // Without listeners the loss of a connection would end the process: of an idle one, and of one that is lent out (its
  // borrower hears of it from the query).
  pool.on('error', (error) => options.log?.warn(`A database connection was lost: ${error.message}`));
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  let closing: Promise<void> | undefined;
  return {
    pool,
    db,
    close: () => {
      closing ??= db.destroy().then(() => (pool.ended ? undefined : pool.end()));
      return closing;
    },
  };
}

/**
 * bigint as a number.
 * @throws RangeError beyond Number.MAX_SAFE_INTEGER, rather than returning a neighbouring number.
 */
function parseBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint out of range for a number: ${text}`);
  return value;
}

/** Held by the pool and not set globally, so that libraries with pools of their own keep what they expect. */
function valueTypes(): pg.CustomTypesConfig {
  const types = new pg.TypeOverrides();
  const texts: (text: string) => (string | null)[] = pg.types.getTypeParser(
    TEXT_ARRAY as Parameters<typeof pg.types.getTypeParser>[0],
  );
  const asText = (text: string): string => text;
  types.setTypeParser(pg.types.builtins.INT8, parseBigint);
  types.setTypeParser(pg.types.builtins.DATE, asText);
  types.setTypeParser(pg.types.builtins.NUMERIC, asText);
  types.setTypeParser(INT8_ARRAY, (text) => texts(text).map((item) => (item === null ? null : parseBigint(item))));
  types.setTypeParser(DATE_ARRAY, texts);
  types.setTypeParser(NUMERIC_ARRAY, texts);
  return types;
}

// Object identifiers from PostgreSQL's pg_type.dat.
const TEXT_ARRAY: number = 1009;
const INT8_ARRAY = 1016;
const DATE_ARRAY = 1182;
const NUMERIC_ARRAY = 1231;
