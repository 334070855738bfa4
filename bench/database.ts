import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../apps/server/src/db/database.ts';
import { startEmbeddedPostgres } from '../apps/server/src/db/embedded-postgres.ts';
import { migrate } from '../apps/server/src/db/migrate.ts';
import { silentLog } from '../apps/server/src/lib/plain-log.ts';

export interface BenchDatabase {
  database: Database;
  url: string;
  /** Of the server's first process. */
  pid: number;
  close(): Promise<void>;
}

/** An embedded database of its own with the settings of the product: what is measured is what people get. */
export async function benchDatabase(settings: Record<string, string> = {}): Promise<BenchDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'coupon-push-bench-'));
  const server = await startEmbeddedPostgres({ dataDir, log: silentLog, settings });
  const database = openDatabase(server.url);
  await migrate(database.pool, { log: silentLog });
  return {
    database,
    url: server.url,
    pid: Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]),
    close: async () => {
      await database.close();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
