import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../src/db/database.ts';
import { startEmbeddedPostgres } from '../src/db/embedded-postgres.ts';
import { migrate } from '../src/db/migrate.ts';
import { silentLog } from '../src/lib/plain-log.ts';
import { createDatabase, dropDatabase, listDatabases, type Source } from './server-databases.ts';
import { removeAbandoned, temporaryDataDir } from './temporary.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where and from what test databases are made, and how their names begin. */
    testServer: { url: string; source: Source; prefix: string };
    /** A database in which statements are looked at, and where it is kept which were (test/citus/setup.ts). */
    statementCheck: { url: string; folder: string };
  }
}

/** Durability is what makes a database slow, and a test database has no tomorrow. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };

/**
 * One PostgreSQL server for the whole run (that of DATABASE_URL, or an embedded one in a temporary folder), with a migrated
 * template that createTestDatabase clones.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const own = process.env.DATABASE_URL;
  const server = own ? { url: own, stop: async () => {} } : await startTemporary();
  const prefix = `coupon_push_test_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const template = `${prefix}_template`;
  const folder = mkdtempSync(join(tmpdir(), `${prefix}_statements-`));
  const tearDown = async (): Promise<void> => {
    rmSync(folder, { recursive: true, force: true });
    if (own) for (const name of await listDatabases(own, prefix)) await dropDatabase(own, name);
    await server.stop();
  };
  const url = await createDatabase(server.url, template);
  const { pool, close } = openDatabase(url);
  try {
    await migrate(pool, { log: silentLog });
  } catch (error) {
    await tearDown();
    throw error;
  } finally {
    await close();
  }
  const source: Source = own ? { template } : { template, strategy: 'file_copy' };
  project.provide('testServer', { url: server.url, source, prefix });
  project.provide('statementCheck', { url: await createDatabase(server.url, `${prefix}_statements`, source), folder });
  return tearDown;
}

async function startTemporary(): Promise<{ url: string; stop: () => Promise<void> }> {
  await removeAbandoned();
  const dataDir = temporaryDataDir();
  const postgres = await startEmbeddedPostgres({ dataDir, log: silentLog, settings: FAST });
  return {
    url: postgres.url,
    stop: async () => {
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
