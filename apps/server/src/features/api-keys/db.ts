import { sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';

export interface ApiKeyRow {
  id: number;
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

/** Undefined when a living key has that name. */
export async function insertKey(db: Db | Trx, key: { name: string; hash: string }): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    insert into api_key (name, hash) values (${key.name}, ${key.hash})
    on conflict (name) where revoked_at is null do nothing
    returning id`.execute(db);
  return rows[0]?.id;
}

export async function selectKeys(db: Db | Trx): Promise<ApiKeyRow[]> {
  const { rows } = await sql<ApiKeyRow>`
    select id, name, created_at as "createdAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt"
      from api_key
     order by id`.execute(db);
  return rows;
}

export async function updateRevoked(db: Db | Trx, name: string): Promise<boolean> {
  const { rows } = await sql`
    update api_key set revoked_at = now() where name = ${name} and revoked_at is null returning id`.execute(db);
  return rows.length > 0;
}

/** The keys that are good now. Those that were used since are noted, to the minute. */
export async function selectLivingKeys(
  db: Db | Trx,
  used: readonly number[],
): Promise<{ id: number; name: string; hash: string }[]> {
  if (used.length > 0) {
    await sql`
      update api_key set last_used_at = now()
       where id = any (${used}::bigint[])
         and (last_used_at is null or last_used_at < now() - interval '1 minute')`.execute(db);
  }
  return await db.selectFrom('api_key').where('revoked_at', 'is', null).select(['id', 'name', 'hash']).execute();
}
