import { type CouponTerms, couponTermsSchema } from '@coupon-push/contract/coupons.ts';
import { sql } from 'kysely';
import type { Trx } from '../db/database.ts';
import { registeredWithin } from '../features/audiences/service.ts';
import { validityWindow } from '../features/coupons/rules.ts';
import { couponToIssue, takeRoomToIssue, useRoomToIssue } from '../features/coupons/service.ts';
import { type Marketplace, readMarketplace } from '../features/marketplace/service.ts';
import { isWithinHours, type Policy } from '../features/policy/rules.ts';
import { writeEventOf } from '../features/pushes/events.ts';
import { countIssued } from '../features/results/service.ts';
import { enqueue, isOutranked, issueKey } from '../jobs/enqueue.ts';
import type { Clock } from '../lib/clock.ts';
import { wallClockOf } from '../lib/zoned-time.ts';
import type { DeliveryDeps } from './deps.ts';
import { finishPush } from './finish.ts';
import {
  countOwed,
  type Issue,
  insertCoupons,
  insertExclusions,
  insertQpostMessages,
  insertRecipients,
  type Owed,
  takeRanges,
} from './issue-db.ts';
import { openBatches } from './open-batch.ts';
import { afterSmallPushes } from './rules.ts';

/**
 * Ranges that are issued in one transaction: what a transaction costs by itself is shared, and the first e-mails need not
 * wait for long.
 */
const rangesAtOnce = 5;
/** One after the other they would leave PostgreSQL one core. */
const lanesOfPush = 2;

/** A push's first turn is one range: something to send. */
const firstTurn = { size: 1, lanes: 1, ms: 0 };
/** So long one push is issued before another one's turn comes. */
const turnMs = 200;
/** Whoever gave way to sending stays away for so long: even so it is issued faster than it can be sent. */
const awayMs = 1000;
/** In its first seconds it asks before a turn whether others go first, later only after each. */
const youngMs = 5000;

export interface PushToIssue {
  id: number;
  shopId: number;
  type: string;
  couponId: number;
  isLimited: boolean;
  marketplace: Marketplace;
  terms: CouponTerms;
  registeredFrom: string | null;
  registeredUntil: string | null;
  dispatchedAt: Date;
  ranges: number;
  rangesIssued: number;
}

/** Whether a push is one group of ranges: then it is issued in the transaction that dispatches it. */
export function isToFew(ranges: number): boolean {
  return ranges <= rangesAtOnce;
}

/**
 * Issues all of a push to few, in the transaction that dispatches it.
 * @returns whether nobody got anything: then nobody will be sent to, either, and the push is at its end.
 */
export async function issueToFew(trx: Trx, deps: DeliveryDeps, push: PushToIssue): Promise<{ isOver: boolean }> {
  const group = { size: rangesAtOnce, lanes: 1, lane: 0 };
  const left = await issueNextGroup(trx, issueOf(push, deps), { clock: deps.clock, group });
  if (left === 'nothing') await endIssue(trx, push.id, deps.clock.now());
  return { isOver: left !== 'owes' };
}

/**
 * Issues coupon and Qpost message to the audience, some ranges at a time, each in one transaction with its ledger rows and the
 * jobs that send to it. Killed at any moment, the ranges that were committed are not touched again and the others are
 * done by the next attempt: nobody is lost and nobody gets two (spec 6). When the process stops it is handed on.
 */
export async function issuePush(deps: DeliveryDeps, pushId: number, stopping?: AbortSignal): Promise<void> {
  const push = await selectPushToIssue(deps, pushId);
  if (push === undefined) return;
  const issue = issueOf(push, deps);
  const turn = { size: rangesAtOnce, lanes: push.isLimited ? 1 : lanesOfPush, ms: turnMs };
  const go = (by: Turn) => issueRanges(deps, issue, { stopping, turn: by });
  const isYoung = deps.clock.now().getTime() - push.dispatchedAt.getTime() < youngMs;
  let end: Awaited<ReturnType<typeof go>> = 'turn over';
  if (push.rangesIssued === 0) end = await go(firstTurn);
  else if (!isYoung) end = await go(turn);
  while (end === 'turn over') {
    if (await handsOn(deps, pushId, stopping)) return;
    end = await go(turn);
  }
  // What the last group owes is not sent yet: whoever sends it ends the push.
  if (end === 'owes') return;
  await deps.db.transaction().execute((trx) => endIssue(trx, pushId, deps.clock.now()));
  await finishPush(deps, pushId);
}

/** A push, the same for every group of its ranges; whether it is night by then is each group's. */
interface PushIssue extends Omit<Issue, 'quiet'> {
  zone: string;
  quietHours: Policy['quietHours'];
}

function issueOf(push: PushToIssue, { fcm }: DeliveryDeps): PushIssue {
  const { dispatchedAt, marketplace } = push;
  const { zone, policy } = marketplace;
  return {
    pushId: push.id,
    shopId: push.shopId,
    toTargets: push.type === 'compensation',
    couponId: push.couponId,
    isLimited: push.isLimited,
    ...registeredWithin(push.registeredFrom, push.registeredUntil, zone),
    issuedAt: dispatchedAt,
    validity: validityWindow(push.terms.validity, dispatchedAt, zone),
    nativeApps: fcm !== undefined,
    zone,
    quietHours: policy.quietHours,
  };
}

/**
 * Is it another push's turn, or another process's? The more of a push is issued, the later it comes again: those with few
 * fellows are through before one with a million has gone far. And while others have not begun to be sent, the processor is
 * theirs.
 */
async function handsOn({ db }: DeliveryDeps, pushId: number, stopping?: AbortSignal): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const progress = trx.selectFrom('push_progress').where('push_id', '=', pushId).select('ranges_issued');
    const { ranges_issued: priority } = await progress.executeTakeFirstOrThrow();
    const again = { key: issueKey(pushId), priority };
    if (stopping?.aborted || (await isOutranked(trx, { names: ['dispatch', 'issue'], priority, pushId }))) {
      await enqueue(trx, 'issue', { pushId }, again);
      return true;
    }
    const isToSend = await isOutranked(trx, {
      names: ['send-email', 'send-app-push'],
      priority: afterSmallPushes,
      pushId,
    });
    if (!isToSend) return false;
    await enqueue(trx, 'issue', { pushId }, { ...again, runAt: new Date(Date.now() + awayMs) });
    return true;
  });
}

async function selectPushToIssue({ db }: DeliveryDeps, pushId: number): Promise<PushToIssue | undefined> {
  const row = await db
    .selectFrom('push')
    .innerJoin('push_progress', 'push_progress.push_id', 'push.id')
    .where('push.id', '=', pushId)
    .where('push.state', '=', 'sending')
    .selectAll('push')
    .select(['push_progress.ranges', 'push_progress.ranges_issued'])
    .executeTakeFirst();
  if (row === undefined || row.dispatched_at === null) return undefined;
  return {
    id: row.id,
    shopId: row.shop_id,
    type: row.type,
    couponId: row.coupon_id,
    isLimited: (await couponToIssue(db, row.coupon_id)).isLimited,
    marketplace: await readMarketplace(db),
    terms: couponTermsSchema.parse(row.coupon_terms),
    registeredFrom: row.registered_from,
    registeredUntil: row.registered_until,
    dispatchedAt: row.dispatched_at,
    ranges: row.ranges,
    rangesIssued: row.ranges_issued,
  };
}

interface Turn {
  /** Ranges that are issued in one transaction, lanes side by side, and how long. */
  size: number;
  lanes: number;
  ms: number;
}

/** What is left in a lane after a group, or a turn: more of it, nothing, or nothing in all of the push, whose last group owes messages. */
type Left = 'more' | 'nothing' | 'owes';

/**
 * Lanes side by side, each through groups of ranges of its own; of a coupon with a limit the first ones get it, so there is
 * one.
 */
async function issueRanges(
  { db, clock, watchers }: DeliveryDeps,
  issue: PushIssue,
  { stopping, turn }: { stopping: AbortSignal | undefined; turn: Turn },
): Promise<'turn over' | 'owes' | 'done'> {
  const turnEnds = performance.now() + turn.ms;
  const go = async (lane: number): Promise<Left> => {
    const group = { ...turn, lane };
    let left: Left = 'more';
    do {
      if (stopping?.aborted) return 'more';
      left = await db.transaction().execute((trx) => issueNextGroup(trx, issue, { clock, group }));
      watchers.changed(issue.pushId);
    } while (left === 'more' && performance.now() < turnEnds);
    return left;
  };
  const ends = await Promise.allSettled(Array.from({ length: turn.lanes }, (_, lane) => go(lane)));
  const left = ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
  if (left.includes('more')) return 'turn over';
  return left.includes('owes') ? 'owes' : 'done';
}

/**
 * The first statement takes ranges: a second issuer waits there, and then skips. Rows that others write, too, come last and
 * in the same order everywhere, so that nobody waits long, or in a circle.
 */
async function issueNextGroup(
  trx: Trx,
  push: PushIssue,
  { clock, group }: { clock: Clock; group: Parameters<typeof takeRanges>[2] },
): Promise<Left> {
  const span = await takeRanges(trx, push, group);
  if (span === undefined) return 'nothing';
  const { pushId, couponId, issuedAt, zone, quietHours } = push;
  const quiet = quietHours !== null && isWithinHours(wallClockOf(clock.now(), zone), quietHours);
  const issue: Issue = { ...push, quiet };
  const room = issue.isLimited ? await takeRoomToIssue(trx, couponId) : null;
  const coupons = await insertRecipients(trx, issue, span, room);
  const exclusions = await insertExclusions(trx, issue, span, room);
  await insertCoupons(trx, issue, span);
  await insertQpostMessages(trx, issue, span);
  const owed = await countOwed(trx, issue, span);
  if (room !== null) await useRoomToIssue(trx, couponId, coupons);
  await countIssued(trx, { pushId, issuedAt, zone, coupons });
  const isLast = await count(trx, issue, { ranges: span.ranges.length, coupons, exclusions });
  await openBatches(trx, pushId, 'email', batchesOf(owed, 'emails'));
  await openBatches(trx, pushId, 'app_push', batchesOf(owed, 'appPushes'));
  if (isLast) await endIssue(trx, pushId, clock.now());
  return isLast && coupons > 0 ? 'owes' : 'more';
}

function batchesOf(owed: readonly Owed[], of: 'emails' | 'appPushes') {
  return owed.map((range) => ({ range, owed: range[of] }));
}

/** Were these the last ranges? */
async function count(
  trx: Trx,
  { pushId }: Issue,
  issued: { ranges: number; coupons: number; exclusions: readonly { reason: string; customers: number }[] },
): Promise<boolean> {
  const heldBack = issued.exclusions.reduce((sum, { customers }) => sum + customers, 0);
  const { rows } = await sql<{ isLast: boolean }>`
    update push_progress
       set matching = matching + ${issued.coupons + heldBack}, recipients = recipients + ${issued.coupons},
           ranges_issued = ranges_issued + ${issued.ranges}
     where push_id = ${pushId}
    returning ranges_issued = ranges as "isLast"`.execute(trx);
  for (const { reason, customers } of issued.exclusions) {
    await sql`
      insert into push_exclusion_count (push_id, reason, customers) values (${pushId}, ${reason}, ${customers})
      on conflict (push_id, reason) do update set customers = push_exclusion_count.customers + excluded.customers
    `.execute(trx);
  }
  return rows[0]?.isLast === true;
}

async function endIssue(trx: Trx, pushId: number, now: Date): Promise<void> {
  await sql`
    with issued as (
      update push set issued_at = ${now}
        from push_progress
       where push.id = ${pushId} and push.state = 'sending' and push.issued_at is null
         and push_progress.push_id = push.id and push_progress.ranges_issued = push_progress.ranges
      returning push_progress.push_id, push_progress.recipients
    )
    ${writeEventOf('issued', {
      kind: 'issued',
      detail: sql`json_build_object('recipients', recipients)`,
      happenedAt: now,
    })}`.execute(trx);
}
