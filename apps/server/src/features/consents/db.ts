import type { Language } from '@coupon-push/contract/common.ts';
import { sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';

export interface MailConsent {
  email: string | null;
  language: Language;
  refuses: boolean;
}

export async function selectMailConsent(db: Db | Trx, customerId: number): Promise<MailConsent | undefined> {
  return await db
    .selectFrom('customer')
    .select(['email', 'language', 'refuses_coupon_mail as refuses'])
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
}

/**
 * The change and its proof in one statement: of two refusals at once the second waits for the row, sees that there is
 * nothing left to change, and writes no second record.
 */
export async function writeRefusal(
  db: Db | Trx,
  refusal: { customerId: number; how: string; source: string; at: Date },
): Promise<boolean> {
  const { rows } = await sql`
    with refused as (
      update customer
         set refuses_coupon_mail = true
       where customer_id = ${refusal.customerId}
         and not refuses_coupon_mail
      returning customer_id
    )
    insert into consent_record (customer_id, kind, given, how, source, recorded_at)
    select customer_id, 'coupon_mail', false, ${refusal.how}, ${refusal.source}, ${refusal.at}
      from refused
    returning customer_id`.execute(db);
  return rows.length > 0;
}
