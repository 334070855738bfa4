import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import type { Db, Trx } from '../db/database.ts';
import { AppError } from '../lib/app-error.ts';
import type { Actor } from './actor.ts';

/**
 * Runs a creating request in one transaction; with an `Idempotency-Key` header, once per person and key. A repeat with
 * the same body gets the first answer again. The key's row is inserted in the same transaction as what it is about, so
 * two requests that race wait for each other there, and a failed one leaves no trace.
 * @throws AppError idempotency_key_reused when the key was used for another request.
 */
export async function createOnce<T>(
  db: Db,
  request: FastifyRequest,
  actor: Actor,
  create: (trx: Trx) => Promise<T>,
): Promise<T> {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return await db.transaction().execute(create);
  if (typeof key !== 'string') throw new AppError('invalid_request');
  const hash = createHash('sha256')
    .update(`${request.method} ${request.url}\n${JSON.stringify(request.body)}`)
    .digest('hex');
  return await db.transaction().execute(async (trx) => {
    const mine = await sql`
      insert into idempotency_key (user_id, key, request_hash)
      values (${actor.userId}, ${key}, ${hash})
      on conflict do nothing
      returning key`.execute(trx);
    if (mine.rows.length === 0) return await earlierAnswer<T>(trx, actor, key, hash);
    const answer = await create(trx);
    await sql`
      update idempotency_key set status = 200, response = ${JSON.stringify(answer)}::jsonb
       where user_id = ${actor.userId} and key = ${key}`.execute(trx);
    return answer;
  });
}

/** Forgets keys that no client repeats any more. */
export async function forgetOldKeys(db: Db): Promise<void> {
  await sql`delete from idempotency_key where created_at < now() - interval '2 days'`.execute(db);
}

async function earlierAnswer<T>(trx: Trx, actor: Actor, key: string, hash: string): Promise<T> {
  const { rows } = await sql<{ request_hash: string; response: T | null }>`
    select request_hash, response from idempotency_key
     where user_id = ${actor.userId} and key = ${key}`.execute(trx);
  const earlier = rows[0];
  if (earlier === undefined || earlier.response === null) throw new AppError('idempotency_key_in_progress');
  if (earlier.request_hash !== hash) throw new AppError('idempotency_key_reused');
  return earlier.response;
}
