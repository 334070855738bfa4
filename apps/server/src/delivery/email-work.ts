import { sql } from 'kysely';
import type { Answer } from '../channels/answer.ts';
import { returnPath } from '../features/bounces/return-path.ts';
import { rememberRefusals } from '../features/bounces/service.ts';
import { unsubscribeToken } from '../features/consents/rules.ts';
import { suppressAddresses } from '../features/customers/service.ts';
import type { BatchRange, ChannelWork, Owed } from './channel-work.ts';
import type { DeliveryDeps } from './deps.ts';
import { emailTemplate } from './email-templates.ts';
import { hasMuted } from './muted.ts';

interface OwedEmail extends Owed {
  /** Null when the customer has none any more. */
  email: string | null;
  language: 'ja' | 'ko' | 'en';
  heldBack: string | null;
  /** As if it were about us; the channel was paused for it. */
  refusedBefore: boolean;
}

/** 503 was tried again like 4xx; of whoever is still owed an e-mail, no other 5xx is kept than what a channel was paused for. */
const refusal = '^5(?!03)';

export const emailWork: ChannelWork<OwedEmail> = {
  channel: 'email',

  inFlight: (deps) => deps.email.inFlight,

  mostDoubts: 50,

  loadOwed: async (trx, batch) => {
    const { rows } = await sql<OwedEmail>`
      select recipient.customer_id as "customerId", recipient.email_attempts as attempts, customer.email,
             customer.language, coalesce(recipient.email_error ~ ${refusal}, false) as "refusedBefore",
             coalesce(customer.held_back,
                      case when ${hasMuted(sql.ref('recipient.customer_id'), batch.pushId)} then 'muted' end) as "heldBack"
        from recipient
        join customer on customer.customer_id = recipient.customer_id
       where recipient.push_id = ${batch.pushId}
         and recipient.customer_id >= ${batch.from} and recipient.customer_id < ${batch.until}
         and recipient.email_state in ('waiting', 'retry')
       order by recipient.customer_id`.execute(trx);
    return rows;
  },

  deliver: async (deps, batch, owed): Promise<Answer> => {
    // Who refused, left or muted the shop since the push was issued gets no mail any more.
    if (owed.email === null || owed.heldBack !== null) return { kind: 'gone', reason: owed.heldBack ?? 'unverified' };
    const { refusedBefore } = owed;
    const template = await emailTemplate(deps, batch.pushId, owed.language);
    const raw = template.build({
      to: owed.email,
      customerId: owed.customerId,
      pushId: batch.pushId,
      token: unsubscribeToken(deps.unsubscribeSecret, owed.customerId, batch.pushId),
      date: deps.clock.now(),
    });
    return await deps.email.send({
      from: envelopeSender(deps, batch, owed, template.from),
      to: owed.email,
      raw,
      refusedBefore,
    });
  },

  /** A hard bounce suppresses the address (spec 6), other refusals of the mailbox do after repeats. */
  learn: async (trx, batch, results, now) => {
    const refusedBy = (hard: boolean) =>
      results.flatMap(({ owed, answer }) =>
        answer.kind === 'failed' && (answer.hardBounce === true) === hard && owed.email !== null
          ? [{ customerId: owed.customerId, email: owed.email, reason: answer.reason }]
          : [],
      );
    const { pushId } = batch;
    await suppressAddresses(trx, { bounced: refusedBy(true), because: 'hard_bounce', pushId, now });
    await rememberRefusals(trx, refusedBy(false), { pushId, now });
  },
};

/** Who is told when the e-mail comes back; the header names the marketplace in any case. */
function envelopeSender(
  { returnPaths }: DeliveryDeps,
  { pushId }: BatchRange,
  { customerId, email }: OwedEmail,
  headerFrom: string,
): string {
  return returnPaths === undefined || email === null
    ? headerFrom
    : returnPath(returnPaths, { pushId, customerId, email });
}
