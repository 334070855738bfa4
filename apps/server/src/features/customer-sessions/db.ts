import { sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';
import type { Customer } from '../../http/customer.ts';

/** By the marketplace's number; undefined for nobody, and for who has left. */
export async function selectCustomerByNo(db: Db | Trx, customerNo: string): Promise<Customer | undefined> {
  const { rows } = await sql<Customer>`
    select customer.customer_id as "customerId", customer.customer_no as "customerNo", customer.name, customer.language
      from customer_number
      join customer on customer.customer_id = customer_number.customer_id
     where customer_number.customer_no = ${customerNo} and customer.left_at is null`.execute(db);
  return rows[0];
}

/** False when the token was used before. Of two at once the second waits until the first is in or has failed. */
export async function insertUsedToken(trx: Trx, token: { jti: string; expiresAt: Date }): Promise<boolean> {
  const { rows } = await sql`
    insert into customer_token_used (jti, expires_at) values (${token.jti}, ${token.expiresAt})
    on conflict do nothing
    returning jti`.execute(trx);
  return rows.length > 0;
}

export async function insertSession(
  trx: Trx,
  session: { hash: string; customerId: number; now: Date; expiresAt: Date },
): Promise<void> {
  await sql`
    insert into customer_session (token_hash, customer_id, created_at, expires_at)
    values (${session.hash}, ${session.customerId}, ${session.now}, ${session.expiresAt})`.execute(trx);
}

export async function selectSession(
  db: Db,
  hash: string,
  now: Date,
): Promise<(Customer & { expiresAt: Date }) | undefined> {
  const { rows } = await sql<Customer & { expiresAt: Date }>`
    select customer.customer_id as "customerId", customer.customer_no as "customerNo", customer.name, customer.language,
           customer_session.expires_at as "expiresAt"
      from customer_session
      join customer on customer.customer_id = customer_session.customer_id
     where customer_session.token_hash = ${hash} and customer_session.expires_at > ${now}
       and customer.left_at is null`.execute(db);
  return rows[0];
}

export async function updateExpiry(db: Db, hash: string, expiresAt: Date): Promise<void> {
  await sql`update customer_session set expires_at = ${expiresAt} where token_hash = ${hash}`.execute(db);
}

export async function deleteSession(db: Db, hash: string): Promise<void> {
  await sql`delete from customer_session where token_hash = ${hash}`.execute(db);
}

export async function deleteExpired(db: Db, now: Date): Promise<void> {
  await sql`delete from customer_session where expires_at <= ${now}`.execute(db);
  await sql`delete from customer_token_used where expires_at <= ${now}`.execute(db);
}
