import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApi } from '../src/api.ts';
import { openDatabase } from '../src/db/database.ts';
import { systemClock } from '../src/lib/clock.ts';

/**
 * Writes docs/openapi.json out of the routes, so that a change of the API shows in its diff; with --check, fails when
 * the file is not what the routes say. Needs no database: no route is called.
 */
const file = join(import.meta.dirname, '../../../docs/openapi.json');

async function document(): Promise<string> {
  const database = openDatabase('postgres://127.0.0.1:1/none');
  const logger = pino({ level: 'silent' });
  const changes = { onPush: () => () => {}, onClock: () => () => {}, close: async () => {} };
  const server = await createApi({
    database,
    clock: systemClock,
    changes,
    logger,
    publicUrl: 'http://localhost:3000',
    otherOrigins: [],
    signInSecret: 'for the document only, it signs nothing',
    unsubscribeSecret: '',
    couponSecret: '',
  });
  await server.ready();
  const text = `${JSON.stringify(server.swagger(), null, 2)}\n`;
  await server.close();
  await database.close();
  return text;
}

const text = await document();
if (process.argv.includes('--check')) {
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept !== text) {
    process.stderr.write('docs/openapi.json is not what the routes say. Run "npm run api:generate".\n');
    process.exitCode = 1;
  }
} else {
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, text);
}
