import type { CouponTerms } from '@coupon-push/contract/coupons.ts';
import type { BannerLink, PushItems } from '@coupon-push/contract/pushes.ts';
import { type Selectable, type SqlBool, sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';
import type { PushTable } from '../../db/schema.gen.ts';
import { ownedBy, type SellerScope } from '../../http/actor.ts';

export type PushRow = Selectable<PushTable>;
export type PushListRow = PushRow & {
  recipients: number | null;
  emails_sent: number | null;
  applied_by_name: string | null;
  cancelled_by_name: string | null;
};

/** To fellows registered within a period (null: all of them), or to the targets that are frozen with the push. */
export type NewAudience =
  | { type: 'promotion'; registered: { from: string; until: string } | null }
  | { type: 'compensation' };

export interface NewPush {
  shopId: number;
  couponId: number;
  terms: CouponTerms;
  items: PushItems;
  audience: NewAudience;
  slot: Date;
  slotWeek: string;
  quotaPlace: number;
  banner: { bannerId: number; link: BannerLink } | null;
  remindDays?: number | null;
  appliedBy: string;
  appliedAt: Date;
}

/** The places of the week's quota that are taken (spec 3.2). */
export async function selectTakenPlaces(trx: Trx, shopId: number, slotWeek: string): Promise<number[]> {
  const rows = await trx
    .selectFrom('push')
    .where('shop_id', '=', shopId)
    .where('slot_week', '=', slotWeek)
    .where('state', 'not in', ['cancelled', 'not_sent'])
    .select('quota_place')
    .execute();
  return rows.map((row) => row.quota_place);
}

/**
 * Undefined when somebody else took that place of the week: the unique index push_week decides, after waiting for a
 * transaction that is about to take it.
 */
export async function insertPush(trx: Trx, push: NewPush): Promise<PushRow | undefined> {
  const link = push.banner?.link;
  const registered = push.audience.type === 'promotion' ? push.audience.registered : null;
  const row = await trx
    .insertInto('push')
    .values({
      shop_id: push.shopId,
      type: push.audience.type,
      coupon_id: push.couponId,
      coupon_terms: JSON.stringify(push.terms),
      items_mode: push.items.mode,
      items_count: push.items.mode === 'rank' ? push.items.count : push.items.itemIds.length,
      registered_from: registered?.from ?? null,
      registered_until: registered?.until ?? null,
      slot: push.slot,
      slot_week: push.slotWeek,
      quota_place: push.quotaPlace,
      banner_id: push.banner?.bannerId ?? null,
      link_kind: link?.kind ?? null,
      link_item_id: link?.kind === 'item' ? link.itemId : null,
      link_feature_id: link?.kind === 'feature' ? link.featureId : null,
      remind_days: push.remindDays ?? null,
      applied_by: push.appliedBy,
      applied_at: push.appliedAt,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['shop_id', 'slot_week', 'quota_place'])
        .where(sql<SqlBool>`state not in ('cancelled', 'not_sent')`)
        .doNothing(),
    )
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (push.items.mode === 'chosen') {
    const rows = push.items.itemIds.map((itemId, index) => ({ push_id: row.id, position: index + 1, item_id: itemId }));
    await trx.insertInto('push_item').values(rows).execute();
  }
  return row;
}

/** How many customers were ticked for a compensation, and how many orders of the file are theirs. */
export async function updateTargets(
  trx: Trx,
  pushId: number,
  targets: { customers: number; orders: number },
): Promise<void> {
  await trx
    .updateTable('push')
    .set({ target_customers: targets.customers, target_orders: targets.orders })
    .where('id', '=', pushId)
    .execute();
}

export async function selectPush(db: Db | Trx, scope: SellerScope, pushId: number): Promise<PushListRow | undefined> {
  return await listQuery(db, scope).where('push.id', '=', pushId).executeTakeFirst();
}

function listQuery(db: Db | Trx, scope: SellerScope) {
  return db
    .selectFrom('push')
    .leftJoin('app_user', 'app_user.id', 'push.applied_by')
    .leftJoin('app_user as canceller', 'canceller.id', 'push.cancelled_by')
    .leftJoin('push_progress', 'push_progress.push_id', 'push.id')
    .leftJoin('channel_progress', (join) =>
      join.onRef('channel_progress.push_id', '=', 'push.id').on('channel_progress.channel', '=', 'email'),
    )
    .where(ownedBy(scope, 'push.shop_id'))
    .selectAll('push')
    .select([
      'push_progress.recipients',
      'channel_progress.sent as emails_sent',
      'app_user.name as applied_by_name',
      'canceller.name as cancelled_by_name',
    ]);
}

export interface PushFilter {
  type: 'promotion' | 'compensation' | undefined;
  state: PushRow['state'] | undefined;
  appliedFrom: Date | undefined;
  appliedBefore: Date | undefined;
  couponId: number | undefined;
  before: number | undefined;
  limit: number;
}

/** Newest first. */
export async function selectPushes(db: Db | Trx, scope: SellerScope, filter: PushFilter): Promise<PushListRow[]> {
  let query = listQuery(db, scope);
  if (filter.type !== undefined) query = query.where('push.type', '=', filter.type);
  if (filter.state !== undefined) query = query.where('push.state', '=', filter.state);
  if (filter.appliedFrom !== undefined) query = query.where('push.applied_at', '>=', filter.appliedFrom);
  if (filter.appliedBefore !== undefined) query = query.where('push.applied_at', '<', filter.appliedBefore);
  if (filter.couponId !== undefined) query = query.where('push.coupon_id', '=', filter.couponId);
  if (filter.before !== undefined) query = query.where('push.id', '<', filter.before);
  return await query.orderBy('push.id', 'desc').limit(filter.limit).execute();
}

/**
 * Waiting to cancelled, decided by one statement: a dispatch that has begun, or a slot closer than the deadline, leaves
 * nothing to update (spec 3.4).
 */
export async function updateCancelled(
  trx: Trx,
  scope: SellerScope,
  cancel: { pushId: number; now: Date; earliestSlot: Date },
): Promise<PushRow | undefined> {
  return await trx
    .updateTable('push')
    .set({ state: 'cancelled', cancelled_at: cancel.now, cancelled_by: scope.userId })
    .where(ownedBy(scope, 'push.shop_id'))
    .where('push.id', '=', cancel.pushId)
    .where('push.state', '=', 'waiting')
    .where('push.slot', '>=', cancel.earliestSlot)
    .returningAll()
    .executeTakeFirst();
}

export async function selectEvents(db: Db | Trx, pushId: number) {
  return await db
    .selectFrom('push_event')
    .where('push_id', '=', pushId)
    .select(['kind', 'detail', 'happened_at'])
    .orderBy('id')
    .execute();
}

export async function selectItemIds(db: Db | Trx, pushId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('push_item')
    .where('push_id', '=', pushId)
    .select('item_id')
    .orderBy('position')
    .execute();
  return rows.map((row) => row.item_id);
}

export interface ProgressRows {
  push: {
    state: string;
    not_sent_reason: string | null;
    paused_reason: string | null;
    dispatched_at: Date | null;
    finished_at: Date | null;
    matching: number | null;
    recipients: number | null;
    ranges: number | null;
    ranges_issued: number | null;
  };
  channels: {
    channel: 'email' | 'app_push';
    owed: number;
    sent: number;
    failed: number;
    gone: number;
    retries: number;
    in_doubt: number;
    paused_reason: string | null;
  }[];
  failures: { channel: 'email' | 'app_push'; kind: string; customers: number }[];
  heldBack: { reason: string; customers: number }[];
  /** Of e-mails. */
  bounces: { class: string; customers: number }[];
}

/** Counters that are kept up as results are written: the same few rows at ten recipients and at a million. */
export async function selectProgress(
  db: Db | Trx,
  scope: SellerScope,
  pushId: number,
): Promise<ProgressRows | undefined> {
  const push = await db
    .selectFrom('push')
    .leftJoin('push_progress', 'push_progress.push_id', 'push.id')
    .where(ownedBy(scope, 'push.shop_id'))
    .where('push.id', '=', pushId)
    .select([
      'push.state',
      'push.not_sent_reason',
      'push.paused_reason',
      'push.dispatched_at',
      'push.finished_at',
      'push_progress.matching',
      'push_progress.recipients',
      'push_progress.ranges',
      'push_progress.ranges_issued',
    ])
    .executeTakeFirst();
  if (push === undefined) return undefined;
  const channels = await db
    .selectFrom('channel_progress')
    .where('push_id', '=', pushId)
    .where('channel', '<>', 'reminder')
    .select(['channel', 'owed', 'sent', 'failed', 'gone', 'retries', 'in_doubt', 'paused_reason'])
    .$narrowType<{ channel: 'email' | 'app_push' }>()
    .orderBy('channel')
    .execute();
  const failures = await db
    .selectFrom('delivery_failure_count')
    .where('push_id', '=', pushId)
    .where('channel', '<>', 'reminder')
    .select(['channel', 'kind', 'customers'])
    .$narrowType<{ channel: 'email' | 'app_push' }>()
    .orderBy('customers', 'desc')
    .orderBy('kind')
    .execute();
  const heldBack = await db
    .selectFrom('push_exclusion_count')
    .where('push_id', '=', pushId)
    .where(sql<SqlBool>`customers > 0`)
    .select(['reason', 'customers'])
    .execute();
  const bounces = await db
    .selectFrom('bounce_count')
    .where('push_id', '=', pushId)
    .select(['class', 'customers'])
    .execute();
  return { push, channels, failures, heldBack, bounces };
}
