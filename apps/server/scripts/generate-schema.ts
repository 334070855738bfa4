/**
 * Writes src/db/schema.gen.ts and schema.sql from a database that the migrations have just made, in a cluster of its own.
 * With --check it writes nothing and fails when either file differs.
 */

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../src/db/database.ts';
import { startEmbeddedPostgres } from '../src/db/embedded-postgres.ts';
import { migrate } from '../src/db/migrate.ts';
import { silentLog } from '../src/lib/plain-log.ts';
import { temporaryDataDir } from '../test/temporary.ts';
import { type Catalog, readCatalog } from './schema-catalog.ts';
import { renderSql } from './schema-sql.ts';
import { renderTypes } from './schema-types.ts';

const SERVER = fileURLToPath(new URL('..', import.meta.url));

async function readFresh(): Promise<Catalog> {
  const dataDir = temporaryDataDir();
  try {
    const postgres = await startEmbeddedPostgres({ dataDir, log: silentLog, settings: { fsync: 'off' } });
    const { pool, close } = openDatabase(postgres.url);
    try {
      await migrate(pool, { log: silentLog });
      return await readCatalog(pool);
    } finally {
      await close();
      await postgres.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const catalog = await readFresh();
const files: [string, string][] = [
  [join(SERVER, 'src/db/schema.gen.ts'), renderTypes(catalog)],
  [join(SERVER, 'schema.sql'), renderSql(catalog)],
];
for (const [file, text] of files) {
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.error(`${relative(process.cwd(), file)} is not what the migrations make. Run "npm run db:generate".`);
    process.exitCode = 1;
  }
}
