import type { CouponTerms } from '@coupon-push/contract/coupons.ts';
import { sql } from 'kysely';
import type { Trx } from '../db/database.ts';
import type { SellerScope } from '../http/actor.ts';
import type { PushContent } from '../messages/push-content.ts';
import type { RenderedMessage } from '../messages/render.ts';

/** A push of the demo's past, as its statements need it. */
export interface SentPush {
  pushId: number;
  couponId: number;
  shopId: number;
  type: 'promotion' | 'compensation';
  /** When it was dispatched and issued, too. */
  slot: Date;
  zone: string;
  validity: { from: Date; until: Date };
  failures: boolean;
}

/** The application alone. Returns the push number. */
export async function insertPast(
  trx: Trx,
  push: {
    scope: SellerScope;
    type: SentPush['type'];
    couponId: number;
    terms: CouponTerms;
    slot: Date;
    slotWeek: string;
    appliedAt: Date;
  },
): Promise<number> {
  const { id } = await trx
    .insertInto('push')
    .values({
      shop_id: push.scope.shopId,
      type: push.type,
      coupon_id: push.couponId,
      coupon_terms: JSON.stringify(push.terms),
      items_mode: 'rank',
      items_count: 4,
      slot: push.slot,
      slot_week: push.slotWeek,
      applied_by: push.scope.userId,
      applied_at: push.appliedAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Who matched, into ledger or exclusions. A compensation is for those who ordered in the week before. */
export async function writeRecipients(trx: Trx, push: SentPush): Promise<{ recipients: number; failed: number }> {
  const { pushId, shopId, slot } = push;
  if (push.type === 'compensation') {
    await sql`
      insert into push_target (push_id, customer_id, order_nos)
      select ${pushId}, customer_id, array_agg(order_no order by order_no)
        from customer_order
       where shop_id = ${shopId} and ordered_at < ${slot}::timestamptz - interval '3 days'
         and ordered_at >= ${slot}::timestamptz - interval '11 days'
       group by customer_id`.execute(trx);
    await sql`
      update push set target_customers = targets.customers, target_orders = targets.orders
        from (select count(*) as customers, sum(cardinality(order_nos)) as orders
                from push_target where push_id = ${pushId}) targets
       where id = ${pushId}`.execute(trx);
  }
  const matching =
    push.type === 'compensation'
      ? sql`
        select target.customer_id, coalesce(customer.held_back, case when fellow.muted_at is not null then 'muted' end) as held_back
          from push_target target
          join customer on customer.customer_id = target.customer_id
          left join fellow on fellow.customer_id = target.customer_id and fellow.shop_id = ${shopId}
         where target.push_id = ${pushId}`
      : sql`
        select customer_id, held_back from fellow where shop_id = ${shopId} and registered_at <= ${slot}`;
  // Each 89th has no e-mail in a push with failures, each 150th got it at the second attempt, a fifth has the app.
  await sql`
    with matching as (${matching}),
    placed as (
      select customer_id, row_number() over (order by customer_id) as place from matching where held_back is null
    ),
    excluded as (
      insert into exclusion (push_id, customer_id, reason)
      select ${pushId}, customer_id, held_back from matching where held_back is not null
      returning reason
    ),
    counted as (
      insert into push_exclusion_count (push_id, reason, customers)
      select ${pushId}, reason, count(*) from excluded group by reason
    )
    insert into recipient (push_id, customer_id, email_state, email_attempts, email_in_doubt, email_at, email_error,
                           app_push_state, app_push_attempts, app_push_at)
    select ${pushId}, customer_id,
           case when ${push.failures} and place % 89 = 2 then 'failed' else 'sent' end::delivery_state,
           case when place % 150 = 7 then 2 else 1 end, place % 150 = 7,
           ${slot}::timestamptz + interval '20 seconds' + place * interval '12 milliseconds',
           case when ${push.failures} and place % 89 = 2 then '552 5.2.2 mailbox full' end,
           case when place % 5 > 0 then 'none' when ${push.failures} and place % 85 = 0 then 'gone' else 'sent' end::delivery_state,
           case when place % 5 > 0 then 0 else 1 end,
           case when place % 5 = 0 then ${slot}::timestamptz + interval '30 seconds' end
      from placed`.execute(trx);
  const { rows } = await sql<{ recipients: number; failed: number; heldBack: number }>`
    select count(*) as recipients, count(*) filter (where email_state = 'failed') as failed,
           (select count(*) from exclusion where push_id = ${pushId}) as "heldBack"
      from recipient
     where push_id = ${pushId}`.execute(trx);
  const [{ recipients, failed, heldBack } = { recipients: 0, failed: 0, heldBack: 0 }] = rows;
  await sql`
    insert into push_progress (push_id, matching, recipients, ranges, ranges_issued)
    values (${pushId}, ${recipients + heldBack}, ${recipients}, 1, 1)`.execute(trx);
  return { recipients, failed };
}

/** Coupon, Qpost message, batches and counters, all out of the ledger. */
export async function writeDelivery(trx: Trx, push: SentPush): Promise<void> {
  const { pushId, slot } = push;
  await sql`
    insert into issued_coupon (customer_id, push_id, coupon_id, shop_id, issued_at, valid_from, valid_until)
    select customer_id, push_id, ${push.couponId}, ${push.shopId}, ${slot}, ${push.validity.from}, ${push.validity.until}
      from recipient where push_id = ${pushId}`.execute(trx);
  await sql`
    insert into qpost_message (customer_id, source, source_id, tab, shop_id, sent_at)
    select customer_id, 'push', push_id, 'shop_event', ${push.shopId}, ${slot} from recipient where push_id = ${pushId}
  `.execute(trx);
  await sql`
    insert into issue_range (push_id, range_no, from_customer_id, until_customer_id, issued_at)
    select ${pushId}, 0, min(customer_id), max(customer_id) + 1, ${slot} from recipient where push_id = ${pushId}
    having count(*) > 0`.execute(trx);
  await sql`
    insert into delivery_failure (push_id, customer_id, channel, state, kind)
    select push_id, customer_id, 'email'::channel, email_state, 'mailbox_unavailable'
      from recipient where push_id = ${pushId} and email_state = 'failed'
    union all
    select push_id, customer_id, 'app_push', app_push_state, 'device_gone'
      from recipient where push_id = ${pushId} and app_push_state = 'gone'`.execute(trx);
  await sql`
    insert into delivery_failure_count (push_id, channel, kind, customers)
    select push_id, channel, kind, count(*) from delivery_failure where push_id = ${pushId} group by 1, 2, 3`.execute(
    trx,
  );
  for (const channel of ['email', 'app_push'] as const) {
    const state = sql.ref(`${channel}_state`);
    await sql`
      insert into channel_progress (push_id, channel, owed, sent, failed, gone, in_doubt, batches, batches_finished)
      select ${pushId}, ${channel}, count(*) filter (where ${state} <> 'none'), count(*) filter (where ${state} = 'sent'),
             count(*) filter (where ${state} = 'failed'), count(*) filter (where ${state} = 'gone'),
             count(*) filter (where ${sql.ref(`${channel}_in_doubt`)}),
             least(1, count(*) filter (where ${state} <> 'none')), least(1, count(*) filter (where ${state} <> 'none'))
        from recipient where push_id = ${pushId}`.execute(trx);
    await sql`
      insert into send_batch (push_id, channel, batch_no, from_customer_id, until_customer_id, owed, attempts, finished_at)
      select ${pushId}, ${channel}, 0, min(customer_id), max(customer_id) + 1, count(*), 1, ${slot}
        from recipient where push_id = ${pushId} and ${state} <> 'none'
      having count(*) > 0`.execute(trx);
  }
}

/**
 * The two small shops had few orders in these weeks: some recipients place one more because of the coupon. Their
 * numbers look like the shop's others.
 */
export async function writeOrders(
  trx: Trx,
  push: SentPush,
  { now, share, prefix }: { now: Date; share: number; prefix: string },
): Promise<void> {
  await sql`
    with buyers as (
      select customer_id, row_number() over (order by customer_id) as place
        from recipient
       where push_id = ${push.pushId} and customer_id * 104729 % 1000 < ${share * 1000}
    ),
    placed as (
      select ${prefix} || (900000 + ${push.pushId}::bigint % 100 * 1000 + place) as order_no, customer_id,
             ${push.slot}::timestamptz + interval '40 minutes' + (customer_id * 31 % 1000)::float ^ 1.5 * interval '40 seconds'
               as ordered_at,
             1500 + customer_id * 7919 % 60 * 110 as total_minor
        from buyers
    ),
    numbered as (
      insert into order_number (order_no, shop_id, customer_id)
      select order_no, ${push.shopId}, customer_id from placed where ordered_at < ${now}
      on conflict do nothing
      returning order_no, customer_id
    )
    insert into customer_order (customer_id, order_no, shop_id, ordered_at, total_minor, state)
    select numbered.customer_id, numbered.order_no, ${push.shopId}, ordered_at, total_minor, 'delivered'
      from numbered
      join placed on placed.order_no = numbered.order_no`.execute(trx);
}

/** The coupon is used for real orders that its owners placed in the shop since; each order takes one coupon. */
export async function writeRedemptions(
  trx: Trx,
  push: SentPush,
  use: { now: Date; terms: CouponTerms; share: number },
): Promise<void> {
  const { pushId, shopId, zone } = push;
  const { discount, minPurchaseMinor } = use.terms;
  const off =
    discount.kind === 'amount'
      ? sql`least(total_minor, ${discount.amountMinor})`
      : sql`least(total_minor * ${discount.percent} / 100, ${discount.maxAmountMinor ?? Number.MAX_SAFE_INTEGER})`;
  await sql`
    insert into redemption (customer_id, push_id, order_no, coupon_id, shop_id, cart_minor, discount_minor, redeemed_at)
    select distinct on (ordered.customer_id) ordered.customer_id, ${pushId}, order_no, ${push.couponId}, ${shopId},
           total_minor, ${off}, ordered_at
      from customer_order ordered
      join issued_coupon on issued_coupon.customer_id = ordered.customer_id and issued_coupon.push_id = ${pushId}
     where ordered.shop_id = ${shopId} and state <> 'cancelled' and total_minor >= ${minPurchaseMinor} and total_minor > 0
       and ordered_at > issued_coupon.valid_from and ordered_at < issued_coupon.valid_until and ordered_at < ${use.now}
       and ordered.customer_id * 7919 % 100 < ${use.share * 100}
       and not exists (
         select from redemption_order where redemption_order.order_no = ordered.order_no)
     order by ordered.customer_id, ordered_at`.execute(trx);
  await sql`
    insert into redemption_order (order_no, customer_id, push_id)
    select order_no, customer_id, push_id from redemption where push_id = ${pushId}`.execute(trx);
  await sql`
    update issued_coupon
       set used_at = redeemed_at, used_order_no = order_no, discount_minor = redemption.discount_minor
      from redemption
     where issued_coupon.push_id = ${pushId} and redemption.push_id = ${pushId}
       and redemption.customer_id = issued_coupon.customer_id`.execute(trx);
  await sql`
    insert into coupon_daily (push_id, day, slot, issued, used, discount_minor, sales_minor)
    select push_id, (issued_at at time zone ${zone})::date, 16, count(*), 0, 0, 0
      from issued_coupon where push_id = ${pushId} group by 1, 2
    union all
    select push_id, (redeemed_at at time zone ${zone})::date, customer_id % 16, 0, count(*), sum(discount_minor), sum(cart_minor)
      from redemption where push_id = ${pushId} group by 1, 2, 3`.execute(trx);
}

/** The push itself: sent, with what it carried. */
export async function writeSent(
  trx: Trx,
  push: SentPush,
  sent: { content: PushContent; messages: readonly RenderedMessage[]; issuedAt: Date; finishedAt: Date },
): Promise<void> {
  await sql`
    update push
       set state = case when exists (select from recipient where push_id = ${push.pushId} and email_state = 'failed')
                   then 'partly_sent' else 'sent' end,
           dispatched_at = ${push.slot}, issued_at = ${sent.issuedAt}, finished_at = ${sent.finishedAt},
           content = ${JSON.stringify(sent.content)}::jsonb
     where id = ${push.pushId}`.execute(trx);
  await trx
    .insertInto('push_message')
    .values(
      sent.messages.map((message) => ({
        push_id: push.pushId,
        language: message.language,
        message: JSON.stringify(message),
      })),
    )
    .execute();
}
