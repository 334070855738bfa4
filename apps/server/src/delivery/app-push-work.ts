import { type RawBuilder, sql } from 'kysely';
import type { Answer } from '../channels/answer.ts';
import type { Trx } from '../db/database.ts';
import { readMarketplace } from '../features/marketplace/service.ts';
import { endOfQuiet } from '../features/reminders/rules.ts';
import type { RenderedMessage } from '../messages/render.ts';
import type { ChannelWork, Owed } from './channel-work.ts';
import type { DeliveryDeps } from './deps.ts';
import { hasMuted } from './muted.ts';
import { strongestAnswer } from './rules.ts';

/** A browser's or UnifiedPush app's endpoint, or a native app's registration token. */
type Subscription =
  | {
      id: number;
      transport: 'web_push';
      endpoint: string;
      p256dh: string;
      auth: string;
      /** The key of ours that it was made with; null: not known. */
      vapidKey: string | null;
    }
  | { id: number; transport: 'fcm'; endpoint: string };

export interface OwedAppPush extends Owed {
  accepts: boolean;
  /** In the quiet hours too. */
  atNight: boolean;
  quiet: QuietRule;
  subscriptions: Subscription[];
  message: RenderedMessage['appPush'];
  /** Subscriptions that answered that they are gone; filled in while sending. */
  dead: number[];
}

/** A push service keeps the notification for a device that is off for a day; then the coupon box tells it anyway. */
const ttlSeconds = 24 * 60 * 60;

export const appPushWork: ChannelWork<OwedAppPush> = {
  channel: 'app_push',

  inFlight: appPushesInFlight,

  heldUntil: heldAtNight,

  loadOwed: async (trx, batch) => {
    const quiet = await quietRule(trx);
    const { rows } = await sql<Omit<OwedAppPush, 'quiet'>>`
      select recipient.customer_id as "customerId", recipient.app_push_attempts as attempts,
             (customer.accepts_app_push and customer.held_back is null
              and not ${hasMuted(sql.ref('recipient.customer_id'), batch.pushId)}) as accepts,
             customer.accepts_night_messages as "atNight",
             push_message.message->'appPush' as message, '{}'::bigint[] as dead,
             ${subscriptionsOf(sql.ref('recipient.customer_id'))} as subscriptions
        from recipient
        join customer on customer.customer_id = recipient.customer_id
        join push_message
          on push_message.push_id = recipient.push_id and push_message.language = customer.language
       where recipient.push_id = ${batch.pushId}
         and recipient.customer_id >= ${batch.from} and recipient.customer_id < ${batch.until}
         and recipient.app_push_state in ('waiting', 'retry')
       order by recipient.customer_id`.execute(trx);
    return rows.map((row) => ({ ...row, quiet }));
  },

  deliver: (deps, batch, owed) => deliverAppPush(deps, owed, { tag: `push-${batch.pushId}`, urgency: 'normal' }),

  learn: (trx, _batch, results) => forgetDead(trx, results),
};

/** The quiet hours of the policy, on the marketplace's clock. */
export interface QuietRule {
  zone: string;
  quietHours: { from: string; until: string } | null;
}

export async function quietRule(trx: Trx): Promise<QuietRule> {
  const { zone, policy } = await readMarketplace(trx);
  return { zone, quietHours: policy.quietHours };
}

/**
 * A push of the evening whose sending, or whose last attempts, reach into the quiet hours (policy kr): it waits for their end
 * with those who did not agree to night messages.
 */
export function heldAtNight({ clock }: DeliveryDeps, { accepts, atNight, quiet }: OwedAppPush): Date | null {
  return accepts && !atNight ? endOfQuiet(clock.now(), quiet) : null;
}

/** Of both transports together: who has which is not known beforehand. */
export function appPushesInFlight({ webPush, fcm }: DeliveryDeps): number {
  return Math.max(webPush.inFlight, fcm?.inFlight ?? 0);
}

/** Has a customer a device that can be reached? Native apps are as long as there is a service account. */
export function hasDevice(customerId: RawBuilder<unknown>, nativeApps: boolean): RawBuilder<unknown> {
  return sql`
    exists (select from subscription
             where subscription.customer_id = ${customerId}
               and (subscription.transport = 'web_push' or ${nativeApps}::boolean))`;
}

/** A customer's devices, as a list of Subscription. */
export function subscriptionsOf(customerId: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    coalesce((
      select json_agg(json_build_object('id', id, 'transport', transport, 'endpoint', endpoint, 'p256dh', p256dh,
                                        'auth', auth, 'vapidKey', vapid_key))
        from subscription
       where subscription.customer_id = ${customerId}
    ), '[]')`;
}

/** How a message is to be shown: a later one of the same tag takes the place of an earlier one. */
interface Manner {
  tag: string;
  urgency: 'low' | 'normal';
}

/** To all devices of one customer. */
export async function deliverAppPush(deps: DeliveryDeps, owed: OwedAppPush, manner: Manner): Promise<Answer> {
  if (!owed.accepts) return { kind: 'gone', reason: 'refused' };
  const payload = JSON.stringify({ ...owed.message, tag: manner.tag });
  const answers = await Promise.all(
    owed.subscriptions.map(async (subscription) => {
      const answer =
        subscription.transport === 'fcm'
          ? await deliverByFcm(deps, owed, subscription.endpoint, manner)
          : await deliverByWebPush(deps, owed.customerId, subscription, payload, manner);
      if (answer?.kind === 'gone') owed.dead.push(subscription.id);
      return answer ?? [];
    }),
  );
  return strongestAnswer(answers.flat());
}

async function deliverByWebPush(
  deps: DeliveryDeps,
  customerId: number,
  { endpoint, p256dh, auth, vapidKey }: Subscription & { transport: 'web_push' },
  payload: string,
  { tag, urgency }: Manner,
): Promise<Answer> {
  // A push service refuses it for good, and would say so as if it were about us.
  if (vapidKey !== null && vapidKey !== deps.vapidPublicKey) {
    return { kind: 'gone', reason: 'subscribed with an older key' };
  }
  const subscription = { endpoint, p256dh, auth };
  return await deps.webPush.send({ customerId, subscription, payload, topic: tag, ttlSeconds, urgency });
}

/** Undefined when there is no service account any more: then it is as if the customer had not got the app. */
async function deliverByFcm(
  deps: DeliveryDeps,
  { customerId, message }: OwedAppPush,
  token: string,
  { tag, urgency }: Manner,
): Promise<Answer | undefined> {
  return await deps.fcm?.send({ customerId, token, message, tag, ttlSeconds, urgency });
}

/** A subscription that the push service says is gone is removed (404, 410, UNREGISTERED; spec 6). */
export async function forgetDead(trx: Trx, results: readonly { owed: OwedAppPush }[]): Promise<void> {
  const dead = results.flatMap(({ owed }) => owed.dead.map((id) => ({ customerId: owed.customerId, id })));
  if (dead.length === 0) return;
  await sql`
    delete from subscription
     using (select * from unnest(${dead.map((one) => one.customerId)}::bigint[], ${dead.map((one) => one.id)}::bigint[])
                          as g (customer_id, id)) as gone
     where subscription.customer_id = gone.customer_id and subscription.id = gone.id`.execute(trx);
}
