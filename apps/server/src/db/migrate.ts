import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Logger, runMigrations as runJobMigrations } from 'graphile-worker';
import type pg from 'pg';
import type { PlainLog } from '../lib/plain-log.ts';
import { StartError } from '../lib/start-error.ts';

const DIRECTORY = fileURLToPath(new URL('../../migrations', import.meta.url));
/** Any number that nothing else in this database locks. */
const LOCK = 20_260_302;

interface Migration {
  version: number;
  name: string;
  sql: string;
  checksum: string;
}

interface Applied {
  version: number;
  name: string;
  checksum: string;
}

/** The number of the newest migration of this code; 0 when there is none. */
export function latestVersion(directory = DIRECTORY): number {
  return readMigrations(directory).at(-1)?.version ?? 0;
}

/**
 * Brings the schema to this code's version: the job queue's own migrations first, then ours, each in a transaction of its
 * own. Processes that do this at the same moment take turns; the later ones find nothing to do.
 * @returns the file names applied by this call, in order.
 * @throws StartError when the database is newer than the code, or a migration was changed after it had been applied.
 */
export async function migrate(
  pool: pg.Pool,
  options: { log: PlainLog; directory?: string },
): Promise<{ applied: string[] }> {
  const migrations = readMigrations(options.directory ?? DIRECTORY);
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query(`
      create table if not exists schema_migration (
        version int primary key,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null default now()
      )`);
    const { rows } = await client.query<Applied>(
      'select version, name, checksum from schema_migration order by version',
    );
    checkHistory(rows, migrations);
    await migrateJobs(pool);
    const done = new Set(rows.map((row) => row.version));
    const applied: string[] = [];
    for (const migration of migrations.filter(({ version }) => !done.has(version))) {
      await apply(client, migration);
      options.log.info(`Applied migration ${migration.name}`);
      applied.push(migration.name);
    }
    return { applied };
  } finally {
    // Destroyed, not returned: with the connection goes the lock, also after an error in the middle of a transaction.
    client.release(true);
  }
}

function readMigrations(directory: string): Migration[] {
  if (!existsSync(directory)) return [];
  const files = readdirSync(directory)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const migrations = files.map((name): Migration => {
    const version = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1];
    if (!version) throw new Error(`${name} in ${directory} is not named NNNN_name.sql`);
    // A checkout with CRLF line ends is the same migration.
    const sql = readFileSync(join(directory, name), 'utf8').replaceAll('\r\n', '\n');
    return { version: Number(version), name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
  for (const [index, { version, name }] of migrations.entries()) {
    if (version !== index + 1) throw new Error(`migration ${name} should have the number ${index + 1}`);
  }
  return migrations;
}

function checkHistory(applied: Applied[], migrations: Migration[]): void {
  const latest = migrations.at(-1)?.version ?? 0;
  const newest = applied.at(-1)?.version ?? 0;
  if (newest > latest) {
    throw new StartError(
      `The database has schema version ${newest}, and this version of Coupon Push only knows up to ${latest}. ` +
        'Start the newer version that was used with it before, or restore a backup from before the upgrade.',
    );
  }
  for (const { version, name, checksum } of applied) {
    const file = migrations[version - 1];
    if (file?.name === name && file.checksum === checksum) continue;
    throw new StartError(
      `The migration ${name} was changed after it had been applied to this database. Put the file back as it was and ` +
        'write the change as a new migration; or, if this database holds nothing of value, start with an empty one ' +
        '(another DATA_DIR or DATABASE_URL).',
    );
  }
}

async function migrateJobs(pool: pg.Pool): Promise<void> {
  const quiet = new Logger(() => () => {});
  try {
    await runJobMigrations({ pgPool: pool, logger: quiet });
  } catch (error) {
    // graphile-worker refuses a schema newer than itself, too.
    throw new StartError(
      `The job queue's tables could not be brought up to date (${error instanceof Error ? error.message : error}). ` +
        'If a newer version of Coupon Push was used with this database, start that one.',
    );
  }
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    // On a Citus cluster new tables stay plain until they are distributed (distribution.ts); elsewhere it means nothing.
    await client.query('set local citus.enable_local_reference_table_foreign_keys = off');
    await client.query(migration.sql);
    await client.query('insert into schema_migration (version, name, checksum) values ($1, $2, $3)', [
      migration.version,
      migration.name,
      migration.checksum,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`migration ${migration.name} failed: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}
