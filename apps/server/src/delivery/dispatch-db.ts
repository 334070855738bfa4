import { type CouponTerms, couponTermsSchema } from '@coupon-push/contract/coupons.ts';
import type { NotSentReason } from '@coupon-push/contract/pushes.ts';
import { type RawBuilder, sql } from 'kysely';
import type { Db, Trx } from '../db/database.ts';
import { registeredWithin } from '../features/audiences/service.ts';
import { recordEvent } from '../features/pushes/events.ts';
import type { Shop } from '../features/shops/service.ts';
import type { PushContent } from '../messages/push-content.ts';
import type { RenderedMessage } from '../messages/render.ts';
import { beyondLast } from './rules.ts';

export interface PushToDispatch {
  id: number;
  type: string;
  shop: Shop;
  slot: Date;
  couponId: number;
  terms: CouponTerms;
  itemsMode: string;
  itemsCount: number;
  registeredFrom: string | null;
  registeredUntil: string | null;
  bannerId: number | null;
  linkItemId: number | null;
  linkFeatureId: number | null;
  releasedAt: Date | null;
  remindDays: number | null;
}

export async function selectWaitingPush(db: Db, pushId: number): Promise<PushToDispatch | undefined> {
  const row = await db
    .selectFrom('push')
    .innerJoin('shop', 'shop.id', 'push.shop_id')
    .where('push.id', '=', pushId)
    .where('push.state', '=', 'waiting')
    .selectAll('push')
    .select(['shop.shop_no', 'shop.name as shop_name'])
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    id: row.id,
    type: row.type,
    shop: { id: row.shop_id, shopNo: row.shop_no, name: row.shop_name },
    slot: row.slot,
    couponId: row.coupon_id,
    terms: couponTermsSchema.parse(row.coupon_terms),
    itemsMode: row.items_mode,
    itemsCount: row.items_count,
    registeredFrom: row.registered_from,
    registeredUntil: row.registered_until,
    bannerId: row.banner_id,
    linkItemId: row.link_item_id,
    linkFeatureId: row.link_feature_id,
    releasedAt: row.released_at,
    remindDays: row.remind_days,
  };
}

/** Waiting to sending; false when it does not wait any more. */
export async function beginSending(
  trx: Trx,
  begin: { pushId: number; now: Date; content: PushContent },
): Promise<boolean> {
  const { rows } = await sql`
    update push
       set state = 'sending', dispatched_at = ${begin.now}, content = ${JSON.stringify(begin.content)}::jsonb,
           paused_reason = null
     where id = ${begin.pushId} and state = 'waiting'
    returning id`.execute(trx);
  return rows.length > 0;
}

/** Waiting to not sent; the week is free again. */
export async function endNotSent(db: Db, end: { pushId: number; reason: NotSentReason; now: Date }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql`
      update push set state = 'not_sent', not_sent_reason = ${end.reason}, finished_at = ${end.now}
       where id = ${end.pushId} and state = 'waiting'
      returning id`.execute(trx);
    if (rows.length === 0) return;
    const detail = { reason: end.reason };
    await recordEvent(trx, { pushId: end.pushId, kind: 'not_sent', detail, happenedAt: end.now });
  });
}

/** It stays waiting until the operator releases it (spec 6). */
export async function pauseLate(db: Db, pushId: number, now: Date): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql`
      update push set paused_reason = 'late'
       where id = ${pushId} and state = 'waiting' and paused_reason is null
      returning id`.execute(trx);
    if (rows.length > 0)
      await recordEvent(trx, { pushId, kind: 'paused', detail: { reason: 'late' }, happenedAt: now });
  });
}

export async function writeMessages(trx: Trx, pushId: number, messages: readonly RenderedMessage[]): Promise<void> {
  const rows = messages.map((message) => ({
    push_id: pushId,
    language: message.language,
    message: JSON.stringify(message),
  }));
  await trx.insertInto('push_message').values(rows).execute();
}

function targetsOf(push: PushToDispatch): RawBuilder<unknown> {
  return sql`from push_target where push_id = ${push.id}`;
}

function fellowsOf({ push, now, zone }: { push: PushToDispatch; now: Date; zone: string }): RawBuilder<unknown> {
  const within = registeredWithin(push.registeredFrom, push.registeredUntil, zone);
  return sql`
        from fellow
       where shop_id = ${push.shop.id}
         and registered_at >= coalesce(${within.from ?? null}::timestamptz, '-infinity')
         and registered_at < coalesce(${within.until ?? null}::timestamptz, 'infinity')
         and registered_at <= ${now}`;
}

/**
 * Cuts the fellows of this moment, or the targets of a compensation, into ranges of customers. Reads the index
 * fellow_shop, or the key of push_target, in order, and keeps each rangeSize-th. Begins the push's counters. Returns how many
 * ranges there are.
 */
export async function writeRanges(
  trx: Trx,
  cut: { push: PushToDispatch; now: Date; zone: string; rangeSize: number },
): Promise<number> {
  const { push } = cut;
  const { rows } = await sql<{ ranges: number }>`
    with numbered as (
      select customer_id, row_number() over (order by customer_id) - 1 as place
        ${push.type === 'compensation' ? targetsOf(push) : fellowsOf(cut)}
    ),
    written as (
      insert into issue_range (push_id, range_no, from_customer_id, until_customer_id)
      select ${push.id}, place / ${cut.rangeSize}, customer_id,
             coalesce(lead(customer_id) over (order by customer_id), ${beyondLast})
        from numbered
       where place % ${cut.rangeSize} = 0
      returning range_no
    ),
    channels as (
      insert into channel_progress (push_id, channel) values (${push.id}, 'email'), (${push.id}, 'app_push')
    )
    insert into push_progress (push_id, ranges)
    select ${push.id}, count(*) from written
    returning ranges`.execute(trx);
  return rows[0]?.ranges ?? 0;
}
