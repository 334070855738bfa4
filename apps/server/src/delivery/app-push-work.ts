import { sql } from 'kysely';
import type { Answer } from '../channels/answer.ts';
import type { RenderedMessage } from '../messages/render.ts';
import type { ChannelWork, Owed } from './channel-work.ts';
import { strongestAnswer } from './rules.ts';

interface Subscription {
  id: number;
  endpoint: string;
  p256dh: string;
  auth: string;
  /** The key of ours that it was made with; null: not known. */
  vapidKey: string | null;
}

interface OwedAppPush extends Owed {
  accepts: boolean;
  subscriptions: Subscription[];
  message: RenderedMessage['appPush'];
  /** Subscriptions that answered that they are gone; filled in while sending. */
  dead: number[];
}

/** A push service keeps the notification for a device that is off for a day; then the coupon box tells it anyway. */
const ttlSeconds = 24 * 60 * 60;

export const appPushWork: ChannelWork<OwedAppPush> = {
  channel: 'app_push',

  inFlight: (deps) => deps.webPush.inFlight,

  loadOwed: async ({ db }, batch) => {
    const { rows } = await sql<OwedAppPush>`
      select recipient.customer_id as "customerId", recipient.app_push_attempts as attempts,
             (customer.accepts_app_push and customer.held_back is null) as accepts,
             push_message.message->'appPush' as message, '{}'::bigint[] as dead,
             coalesce((
               select json_agg(json_build_object('id', id, 'endpoint', endpoint, 'p256dh', p256dh, 'auth', auth,
                                              'vapidKey', vapid_key))
                 from subscription
                where subscription.customer_id = recipient.customer_id and subscription.transport = 'web_push'
             ), '[]') as subscriptions
        from recipient
        join customer on customer.customer_id = recipient.customer_id
        join push_message
          on push_message.push_id = recipient.push_id and push_message.language = customer.language
       where recipient.push_id = ${batch.pushId}
         and recipient.customer_id >= ${batch.from} and recipient.customer_id < ${batch.until}
         and recipient.app_push_state in ('waiting', 'retry')
       order by recipient.customer_id`.execute(db);
    return rows;
  },

  deliver: async (deps, batch, owed): Promise<Answer> => {
    if (!owed.accepts) return { kind: 'gone', reason: 'refused' };
    const payload = JSON.stringify({ ...owed.message, tag: `push-${batch.pushId}` });
    const answers = await Promise.all(
      owed.subscriptions.map(async (subscription) => {
        const { id, endpoint, p256dh, auth, vapidKey } = subscription;
        if (vapidKey !== null && vapidKey !== deps.vapidPublicKey) {
          // A push service refuses it for good, and would say so as if it were about us.
          owed.dead.push(id);
          return { kind: 'gone', reason: 'subscribed with an older key' } as const;
        }
        const answer = await deps.webPush.send({
          subscription: { endpoint, p256dh, auth },
          payload,
          topic: `push-${batch.pushId}`,
          ttlSeconds,
          urgency: 'normal',
        });
        if (answer.kind === 'gone') owed.dead.push(id);
        return answer;
      }),
    );
    return strongestAnswer(answers);
  },

  /** A subscription that the push service says is gone is removed (404, 410; spec 6). */
  learn: async (trx, _batch, results) => {
    const dead = results.flatMap(({ owed }) => owed.dead.map((id) => ({ customerId: owed.customerId, id })));
    if (dead.length === 0) return;
    await sql`
      delete from subscription
       using unnest(${dead.map((one) => one.customerId)}::bigint[], ${dead.map((one) => one.id)}::bigint[])
             as gone (customer_id, id)
       where subscription.customer_id = gone.customer_id and subscription.id = gone.id`.execute(trx);
  },
};
