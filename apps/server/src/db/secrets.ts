import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from './database.ts';

/**
 * A secret that is made at first use and then kept; processes that start side by side agree on one.
 * @param make how a new one is made; by default 256 random bits.
 */
export async function keptSecret(
  db: Db,
  name: string,
  make: () => string = () => randomBytes(32).toString('base64url'),
): Promise<string> {
  const { rows } = await sql<{ value: string }>`
    with made as (
      insert into secret (name, value) values (${name}, ${make()}) on conflict do nothing returning value
    )
    select value from made union all select value from secret where name = ${name}`.execute(db);
  return rows[0]?.value ?? (await keptSecret(db, name, make));
}
