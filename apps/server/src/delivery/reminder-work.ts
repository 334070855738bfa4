import { sql } from 'kysely';
import {
  appPushesInFlight,
  deliverAppPush,
  forgetDead,
  heldAtNight,
  type OwedAppPush,
  quietRule,
  subscriptionsOf,
} from './app-push-work.ts';
import type { ChannelWork } from './channel-work.ts';
import { hasMuted } from './muted.ts';

/** Reminders by app push: to the same devices, by the same service, with their own message and ledger. */
export const reminderWork: ChannelWork<OwedAppPush> = {
  channel: 'reminder',

  inFlight: appPushesInFlight,

  heldUntil: heldAtNight,

  loadOwed: async (trx, batch) => {
    const quiet = await quietRule(trx);
    const { rows } = await sql<Omit<OwedAppPush, 'quiet'>>`
      select reminder_recipient.customer_id as "customerId", reminder_recipient.attempts,
             (customer.accepts_app_push and customer.held_back is null and issued_coupon.used_at is null
              and not ${hasMuted(sql.ref('reminder_recipient.customer_id'), batch.pushId)}) as accepts,
             customer.accepts_night_messages as "atNight",
             push_message.message->'reminder'->'appPush' as message, '{}'::bigint[] as dead,
             ${subscriptionsOf(sql.ref('reminder_recipient.customer_id'))} as subscriptions
        from reminder_recipient
        join customer on customer.customer_id = reminder_recipient.customer_id
        join issued_coupon
          on issued_coupon.customer_id = reminder_recipient.customer_id and issued_coupon.push_id = ${batch.pushId}
        join push_message
          on push_message.push_id = reminder_recipient.push_id and push_message.language = customer.language
       where reminder_recipient.push_id = ${batch.pushId}
         and reminder_recipient.customer_id >= ${batch.from} and reminder_recipient.customer_id < ${batch.until}
         and reminder_recipient.state in ('waiting', 'retry')
       order by reminder_recipient.customer_id`.execute(trx);
    return rows.map((row) => ({ ...row, quiet }));
  },

  deliver: (deps, batch, owed) => deliverAppPush(deps, owed, { tag: `reminder-${batch.pushId}`, urgency: 'low' }),

  learn: (trx, _batch, results) => forgetDead(trx, results),
};
