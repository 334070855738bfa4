import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { AppError } from '../lib/app-error.ts';
import type { HttpServer } from './server.ts';

/** GET /healthz: 200 while the database answers, 503 otherwise. */
export function registerHealth(app: HttpServer, db: Db): void {
  app.get('/healthz', { schema: { hide: true } }, async () => {
    await sql`select 1`.execute(db).catch(() => {
      throw new AppError('unavailable');
    });
    return { status: 'ok' };
  });
}
