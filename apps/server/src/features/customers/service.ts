import { sql } from 'kysely';
import type { Trx } from '../../db/database.ts';

export interface Bounced {
  customerId: number;
  email: string;
  /** What the mail server said. */
  reason: string;
}

/** Why: the address does not exist, its mailbox is disabled, or it was full or out of order too often. */
export type SuppressionReason = 'hard_bounce' | 'mailbox_disabled' | 'soft_bounces';

/**
 * Suppresses addresses after bounces: these customers are held back from now on, as long as this is their address
 * (spec 3.9, 6) and until they verify it anew.
 */
export async function suppressAddresses(
  trx: Trx,
  suppression: { bounced: readonly Bounced[]; because: SuppressionReason; pushId: number; now: Date },
): Promise<void> {
  const { bounced, because, pushId, now } = suppression;
  if (bounced.length === 0) return;
  const customers = bounced.map((one) => one.customerId);
  const emails = bounced.map((one) => one.email);
  await sql`
    insert into suppression (customer_id, email, reason, code, push_id, suppressed_at)
    select customer_id, email, ${because}, code, ${pushId}, ${now}
      from unnest(${customers}::bigint[], ${emails}::text[], ${bounced.map((one) => one.reason.slice(0, 500))}::text[])
           as bounced (customer_id, email, code)
    on conflict do nothing`.execute(trx);
  await sql`
    update customer set mail_suppressed_at = ${now}
      from (select * from unnest(${customers}::bigint[], ${emails}::text[]) as b (customer_id, email)) as bounced
     where customer.customer_id = bounced.customer_id and customer.email = bounced.email
       and customer.mail_suppressed_at is null`.execute(trx);
}

/** The customer has shown that mail reaches this address: it is sent to again. */
export async function liftSuppression(
  trx: Trx,
  { customerId, email }: { customerId: number; email: string },
): Promise<void> {
  await sql`delete from suppression where customer_id = ${customerId} and email = ${email}`.execute(trx);
  await sql`
    update customer set mail_suppressed_at = null
     where customer_id = ${customerId} and email = ${email} and mail_suppressed_at is not null`.execute(trx);
}
