import { heldBackReasonSchema } from '@coupon-push/contract/audience.ts';
import { couponTermsSchema } from '@coupon-push/contract/coupons.ts';
import {
  type BannerLink,
  failureKindSchema,
  notSentReasonSchema,
  type PreviewRequest,
  type Push,
  type PushEventKind,
  type PushItems,
  type PushProgress,
  type PushSummary,
  pushEventKindSchema,
  pushStateSchema,
} from '@coupon-push/contract/pushes.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { dispatchKey, withdraw } from '../../jobs/enqueue.ts';
import { AppError, found } from '../../lib/app-error.ts';
import type { PushContent } from '../../messages/push-content.ts';
import { findBanner } from '../banners/service.ts';
import { isValidityShort } from '../coupons/rules.ts';
import { readCoupon, termsOf } from '../coupons/service.ts';
import { readItems } from '../items/service.ts';
import { type Marketplace, readMarketplace } from '../marketplace/service.ts';
import { reminderOf } from '../reminders/service.ts';
import { readShop } from '../shops/service.ts';
import { cancelDeadline, isCancellable } from '../slots/rules.ts';
import { resolveBanner, resolveItems } from './choices.ts';
import { pushContent } from './content.ts';
import {
  type ProgressRows,
  type PushFilter,
  type PushListRow,
  selectEvents,
  selectItemIds,
  selectProgress,
  selectPush,
  selectPushes,
  updateCancelled,
} from './db.ts';
import { recordEvent } from './events.ts';

const hour = 3_600_000;

/** What the preview renders: the choices of the form so far, as they would be sent now. */
export async function previewContent(
  db: Db | Trx,
  scope: SellerScope,
  input: PreviewRequest,
  context: { now: Date; publicUrl: string },
): Promise<PushContent> {
  const marketplace = await readMarketplace(db);
  const shop = await readShop(db, scope);
  const coupon = await readCoupon(db, scope, input.couponId, context.now);
  const { publicUrl } = context;
  return pushContent({
    pushId: null,
    marketplace,
    shop,
    couponId: coupon.id,
    terms: termsOf(coupon),
    items: await resolveItems(db, scope, input.items, { policy: marketplace.policy, publicUrl }),
    banner: await resolveBanner(db, scope, input.banner, { publicUrl, at: context.now, hold: false }),
    issuedAt: null,
    publicUrl,
  });
}

/**
 * Cancels a push that waits; its week is free again (spec 3.2, 3.4).
 * @throws AppError push_too_late_to_cancel (with the deadline), push_not_waiting, not_found
 */
export async function cancelPush(trx: Trx, scope: SellerScope, pushId: number, now: Date): Promise<void> {
  const { policy } = await readMarketplace(trx);
  const earliestSlot = new Date(now.getTime() + policy.cancelHours * hour);
  const cancelled = await updateCancelled(trx, scope, { pushId, now, earliestSlot });
  if (cancelled === undefined) {
    const push = found(await selectPush(trx, scope, pushId));
    if (push.state !== 'waiting') throw new AppError('push_not_waiting', { state: push.state });
    throw new AppError('push_too_late_to_cancel', { deadline: cancelDeadline(push.slot, policy).toISOString() });
  }
  await recordEvent(trx, { pushId, kind: 'cancelled', happenedAt: now });
  await withdraw(trx, dispatchKey(pushId));
}

export interface PushPage {
  entries: PushSummary[];
  next: string | null;
}

export async function listPushes(db: Db | Trx, scope: SellerScope, filter: PushFilter, now: Date): Promise<PushPage> {
  await readShop(db, scope);
  const marketplace = await readMarketplace(db);
  const rows = await selectPushes(db, scope, { ...filter, limit: filter.limit + 1 });
  const entries = rows.slice(0, filter.limit).map((row) => summaryOf(row, marketplace, now));
  return { entries, next: rows.length > filter.limit ? String(entries.at(-1)?.id) : null };
}

/** All of them, page by page, for whoever writes them out. @throws AppError not_found when it is not the person's shop. */
export async function allPushes(
  db: Db,
  scope: SellerScope,
  { pageSize, ...filter }: Omit<PushFilter, 'before' | 'limit'> & { pageSize: number },
  now: Date,
): Promise<AsyncIterable<PushSummary[]>> {
  await readShop(db, scope);
  const marketplace = await readMarketplace(db);
  return (async function* () {
    for (let before: number | undefined; ; ) {
      const rows = await selectPushes(db, scope, { ...filter, before, limit: pageSize });
      yield rows.map((row) => summaryOf(row, marketplace, now));
      if (rows.length < pageSize) return;
      before = rows.at(-1)?.id;
    }
  })();
}

/** @throws AppError not_found, also for another shop's push. */
export async function readPush(
  db: Db | Trx,
  scope: SellerScope,
  pushId: number,
  context: { now: Date; publicUrl: string },
): Promise<Push> {
  const marketplace = await readMarketplace(db);
  const row = found(await selectPush(db, scope, pushId));
  const itemIds = await selectItemIds(db, pushId);
  const summary = summaryOf(row, marketplace, context.now);
  return {
    ...summary,
    items: itemsOf(row, itemIds),
    chosenItems: await readItems(db, scope, itemIds, context.publicUrl),
    registered:
      row.registered_from !== null && row.registered_until !== null
        ? { from: row.registered_from, until: row.registered_until }
        : null,
    targets: targetsOf(row),
    banner: await bannerOf(db, scope, row, context.publicUrl),
    reminder: await reminderOf(db, remindedPush(row, summary), marketplace),
    appliedBy: row.applied_by_name ?? '',
    progress: await readProgress(db, scope, pushId),
    warnings: warningsOf(summary, row, marketplace),
    timeline: timelineOf(await selectEvents(db, pushId), row),
  };
}

/** Until it is dispatched, as if it were at its slot. */
function remindedPush(row: PushListRow, { terms }: PushSummary) {
  const issuedAt = row.dispatched_at ?? row.slot;
  return { pushId: row.id, issuedAt, validity: terms.validity, remindDays: row.remind_days };
}

/** Details by name: what else an event holds, as a mail server's words, is for the operator. */
const shownDetails = new Set(['recipients', 'failed', 'channel', 'ranges']);

function timelineOf(events: Awaited<ReturnType<typeof selectEvents>>, row: PushListRow): Push['timeline'] {
  const actors: Partial<Record<PushEventKind, string | null>> = {
    applied: row.applied_by_name,
    cancelled: row.cancelled_by_name,
  };
  return events.map((event) => {
    const kind = pushEventKindSchema.parse(event.kind);
    const detail = Object.entries(event.detail as Record<string, unknown>).filter(([name]) => shownDetails.has(name));
    return {
      kind,
      detail: Object.fromEntries(detail),
      by: actors[kind] ?? null,
      happenedAt: event.happened_at.toISOString(),
    };
  });
}

/** For the engine: the items that the seller chose, in the seller's order. */
export async function chosenItemIds(db: Db | Trx, pushId: number): Promise<number[]> {
  return await selectItemIds(db, pushId);
}

/** @throws AppError not_found */
export async function readProgress(db: Db | Trx, scope: SellerScope, pushId: number): Promise<PushProgress> {
  return progressOf(found(await selectProgress(db, scope, pushId)));
}

function progressOf({ push, channels, failures, heldBack, bounces }: ProgressRows): PushProgress {
  const sum = (rows: typeof bounces) => rows.reduce((total, { customers }) => total + customers, 0);
  const came = {
    bounced: sum(bounces.filter((row) => row.class !== 'complaint')),
    complaints: sum(bounces.filter((row) => row.class === 'complaint')),
  };
  return {
    state: pushStateSchema.parse(push.state),
    notSentReason: notSentReasonSchema.nullable().parse(push.not_sent_reason),
    pausedReason: push.paused_reason,
    matching: push.matching ?? 0,
    recipients: push.recipients ?? 0,
    issuing: { ranges: push.ranges ?? 0, issued: push.ranges_issued ?? 0 },
    heldBack: heldBack.map((row) => ({ reason: heldBackReasonSchema.parse(row.reason), customers: row.customers })),
    channels: channels.map(({ in_doubt: inDoubt, paused_reason: pausedReason, ...counts }) => ({
      ...counts,
      ...(counts.channel === 'email' ? came : { bounced: 0, complaints: 0 }),
      inDoubt,
      failures: failures.flatMap(({ channel, kind, customers }) =>
        channel === counts.channel ? [{ kind: failureKindSchema.parse(kind), customers }] : [],
      ),
      // The reason itself is the operator's: a server's words can carry addresses.
      paused: pausedReason !== null,
    })),
    dispatchedAt: push.dispatched_at?.toISOString() ?? null,
    finishedAt: push.finished_at?.toISOString() ?? null,
  };
}

function summaryOf(row: PushListRow, { policy }: Marketplace, now: Date): PushSummary {
  const state = pushStateSchema.parse(row.state);
  return {
    id: row.id,
    type: row.type === 'compensation' ? 'compensation' : 'promotion',
    couponId: row.coupon_id,
    terms: couponTermsSchema.parse(row.coupon_terms),
    state,
    notSentReason: notSentReasonSchema.nullable().parse(row.not_sent_reason),
    appliedAt: row.applied_at.toISOString(),
    slot: row.slot.toISOString(),
    cancelUntil: cancelDeadline(row.slot, policy).toISOString(),
    cancellable: state === 'waiting' && isCancellable(row.slot, now, policy),
    cancelledAt: row.cancelled_at?.toISOString() ?? null,
    recipients: row.recipients,
    emailsSent: row.emails_sent,
  };
}

function itemsOf(row: PushListRow, itemIds: number[]): PushItems {
  return row.items_mode === 'rank' ? { mode: 'rank', count: row.items_count } : { mode: 'chosen', itemIds };
}

function targetsOf({ target_customers: customers, target_orders: orders }: PushListRow): Push['targets'] {
  return customers === null || orders === null ? null : { customers, orders };
}

function linkOf(row: PushListRow): BannerLink {
  if (row.link_item_id !== null) return { kind: 'item', itemId: row.link_item_id };
  if (row.link_feature_id !== null) return { kind: 'feature', featureId: row.link_feature_id };
  return { kind: 'shop' };
}

async function bannerOf(
  db: Db | Trx,
  scope: SellerScope,
  row: PushListRow,
  publicUrl: string,
): Promise<Push['banner']> {
  if (row.banner_id === null) return null;
  const banner = await findBanner(db, scope, row.banner_id, publicUrl);
  return banner === undefined ? null : { banner, link: linkOf(row) };
}

function warningsOf(summary: PushSummary, row: PushListRow, { zone, policy }: Marketplace): Push['warnings'] {
  const warnings: Push['warnings'] = [];
  if (isValidityShort(summary.terms.validity, row.slot, zone, policy.validityWarningDays)) {
    warnings.push('validity_short');
  }
  if (row.applied_at.getTime() > cancelDeadline(row.slot, policy).getTime()) warnings.push('uncancellable');
  return warnings;
}
