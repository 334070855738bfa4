import type { Language } from '@coupon-push/contract/common.ts';
import { sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';

export interface AddressRow {
  email: string | null;
  language: Language;
  verified: boolean;
  /** E-mails to it came back: nothing is sent there until it is verified anew. */
  suppressed: boolean;
}

/** Undefined for nobody, and for who has left. */
export async function selectAddress(db: Db | Trx, customerId: number): Promise<AddressRow | undefined> {
  const { rows } = await sql<AddressRow>`
    select email, language, email_verified_at is not null as verified, mail_suppressed_at is not null as suppressed
      from customer
     where customer_id = ${customerId} and left_at is null`.execute(db);
  return rows[0];
}

/** False when a link was asked for too short a time ago. */
export async function insertRequest(
  trx: Trx,
  request: { customerId: number; now: Date; notSince: Date },
): Promise<boolean> {
  const { rows } = await sql`
    insert into email_verification (customer_id, requested_at) values (${request.customerId}, ${request.now})
    on conflict (customer_id) do update set requested_at = excluded.requested_at
     where email_verification.requested_at <= ${request.notSince}
    returning customer_id`.execute(trx);
  return rows.length > 0;
}

/**
 * As long as this still is the customer's address. False when it is not; verified again, it stays as it was, unless
 * e-mails had come back from it: then what is counted of those begins anew.
 */
export async function updateVerified(
  trx: Trx,
  verified: { customerId: number; email: string; now: Date },
): Promise<boolean> {
  const { rows } = await sql`
    update customer
       set email_verified_at = case
             when mail_suppressed_at is null then coalesce(email_verified_at, ${verified.now})
             else ${verified.now} end
     where customer_id = ${verified.customerId} and email = ${verified.email} and left_at is null
    returning customer_id`.execute(trx);
  return rows.length > 0;
}
