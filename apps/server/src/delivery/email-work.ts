import { sql } from 'kysely';
import type { Answer } from '../channels/answer.ts';
import { unsubscribeToken } from '../features/consents/rules.ts';
import { suppressAddresses } from '../features/customers/service.ts';
import type { ChannelWork, Owed } from './channel-work.ts';
import { emailTemplate } from './email-templates.ts';
import { hasMuted } from './muted.ts';

interface OwedEmail extends Owed {
  /** Null when the customer has none any more. */
  email: string | null;
  language: 'ja' | 'ko' | 'en';
  heldBack: string | null;
}

export const emailWork: ChannelWork<OwedEmail> = {
  channel: 'email',

  inFlight: (deps) => deps.email.inFlight,

  loadOwed: async ({ db }, batch) => {
    const { rows } = await sql<OwedEmail>`
      select recipient.customer_id as "customerId", recipient.email_attempts as attempts, customer.email,
             customer.language,
             coalesce(customer.held_back,
                      case when ${hasMuted(sql.ref('recipient.customer_id'), batch.pushId)} then 'muted' end) as "heldBack"
        from recipient
        join customer on customer.customer_id = recipient.customer_id
       where recipient.push_id = ${batch.pushId}
         and recipient.customer_id >= ${batch.from} and recipient.customer_id < ${batch.until}
         and recipient.email_state in ('waiting', 'retry')
       order by recipient.customer_id`.execute(db);
    return rows;
  },

  deliver: async (deps, batch, owed): Promise<Answer> => {
    // Who refused, left or muted the shop since the push was issued gets no mail any more.
    if (owed.email === null || owed.heldBack !== null) return { kind: 'gone', reason: owed.heldBack ?? 'unverified' };
    const template = await emailTemplate(deps, batch.pushId, owed.language);
    const raw = template.build({
      to: owed.email,
      customerId: owed.customerId,
      pushId: batch.pushId,
      token: unsubscribeToken(deps.unsubscribeSecret, owed.customerId, batch.pushId),
      date: deps.clock.now(),
    });
    return await deps.email.send({ from: template.from, to: owed.email, raw });
  },

  /** A hard bounce suppresses the address (spec 6). */
  learn: async (trx, batch, results, now) => {
    const bounced = results.flatMap(({ owed, answer }) =>
      answer.kind === 'failed' && answer.hardBounce === true && owed.email !== null
        ? [{ customerId: owed.customerId, email: owed.email, reason: answer.reason }]
        : [],
    );
    await suppressAddresses(trx, { bounced, pushId: batch.pushId, now });
  },
};
