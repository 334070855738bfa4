import { sql } from 'kysely';
import type { Trx } from '../../db/database.ts';

export interface Bounced {
  customerId: number;
  email: string;
  /** What the mail server said. */
  reason: string;
}

/**
 * Suppresses addresses after hard bounces: these customers are held back from now on, as long as this is their address
 * (spec 3.9, 6).
 */
export async function suppressAddresses(
  trx: Trx,
  { bounced, pushId, now }: { bounced: readonly Bounced[]; pushId: number; now: Date },
): Promise<void> {
  if (bounced.length === 0) return;
  const customers = bounced.map((one) => one.customerId);
  const emails = bounced.map((one) => one.email);
  await sql`
    insert into suppression (customer_id, email, reason, code, push_id, suppressed_at)
    select customer_id, email, 'hard_bounce', code, ${pushId}, ${now}
      from unnest(${customers}::bigint[], ${emails}::text[], ${bounced.map((one) => one.reason.slice(0, 500))}::text[])
           as bounced (customer_id, email, code)
    on conflict do nothing`.execute(trx);
  await sql`
    update customer set mail_suppressed_at = ${now}
      from unnest(${customers}::bigint[], ${emails}::text[]) as bounced (customer_id, email)
     where customer.customer_id = bounced.customer_id and customer.email = bounced.email
       and customer.mail_suppressed_at is null`.execute(trx);
}
