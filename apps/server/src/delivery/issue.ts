import { type CouponTerms, couponTermsSchema } from '@coupon-push/contract/coupons.ts';
import { sql } from 'kysely';
import type { Trx } from '../db/database.ts';
import { registeredWithin } from '../features/audiences/service.ts';
import { validityWindow } from '../features/coupons/rules.ts';
import { hasLimits, takeRoomToIssue, useRoomToIssue } from '../features/coupons/service.ts';
import { readMarketplace } from '../features/marketplace/service.ts';
import { isWithinHours } from '../features/policy/rules.ts';
import { recordEvent, tellChanged } from '../features/pushes/events.ts';
import { countIssued } from '../features/results/service.ts';
import { enqueue, isOutranked, issueKey } from '../jobs/enqueue.ts';
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

/**
 * Ranges that are issued in one transaction: what a transaction costs by itself is shared, and the first e-mails need not
 * wait for long.
 */
const rangesAtOnce = 5;
/** One after the other they would leave PostgreSQL one core. */
const lanesOfPush = 2;

/** So long one push is issued before another one's turn comes. */
const turnMs = 200;

interface PushToIssue {
  id: number;
  shopId: number;
  type: string;
  couponId: number;
  terms: CouponTerms;
  registeredFrom: string | null;
  registeredUntil: string | null;
  dispatchedAt: Date;
}

/**
 * Issues coupon and Qpost message to the audience, some ranges at a time, each in one transaction with its ledger rows and the
 * jobs that send to it. Killed at any moment, the ranges that were committed are not touched again and the others are
 * done by the next attempt: nobody is lost and nobody gets two (spec 6). When the process stops it is handed on.
 */
export async function issuePush(deps: DeliveryDeps, pushId: number, stopping?: AbortSignal): Promise<void> {
  const push = await selectPushToIssue(deps, pushId);
  if (push === undefined) return;
  const marketplace = await readMarketplace(deps.db);
  const { zone, policy } = marketplace;
  const quiet = policy.quietHours !== null && isWithinHours(wallClockOf(push.dispatchedAt, zone), policy.quietHours);
  const issue = {
    pushId,
    shopId: push.shopId,
    toTargets: push.type === 'compensation',
    couponId: push.couponId,
    ...registeredWithin(push.registeredFrom, push.registeredUntil, zone),
    issuedAt: push.dispatchedAt,
    validity: validityWindow(push.terms.validity, push.dispatchedAt, zone),
    quiet,
    nativeApps: deps.fcm !== undefined,
  };
  while (!(await issueRanges(deps, issue, { zone, stopping }))) {
    if (await handsOn(deps, pushId, stopping)) return;
  }
  await deps.db.transaction().execute((trx) => endIssue(trx, pushId, deps.clock.now()));
  await finishPush(deps, pushId);
}

/**
 * Is it another push's turn, or another process's? The more of a push is issued, the later it comes again: those with few
 * fellows are through before one with a million has gone far.
 */
async function handsOn({ db }: DeliveryDeps, pushId: number, stopping?: AbortSignal): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const progress = trx.selectFrom('push_progress').where('push_id', '=', pushId).select('ranges_issued');
    const { ranges_issued: priority } = await progress.executeTakeFirstOrThrow();
    if (!stopping?.aborted && !(await isOutranked(trx, { names: ['dispatch', 'issue'], priority }))) return false;
    await enqueue(trx, 'issue', { pushId }, { key: issueKey(pushId), priority });
    return true;
  });
}

async function selectPushToIssue({ db }: DeliveryDeps, pushId: number): Promise<PushToIssue | undefined> {
  const row = await db
    .selectFrom('push')
    .where('id', '=', pushId)
    .where('state', '=', 'sending')
    .selectAll()
    .executeTakeFirst();
  if (row === undefined || row.dispatched_at === null) return undefined;
  return {
    id: row.id,
    shopId: row.shop_id,
    type: row.type,
    couponId: row.coupon_id,
    terms: couponTermsSchema.parse(row.coupon_terms),
    registeredFrom: row.registered_from,
    registeredUntil: row.registered_until,
    dispatchedAt: row.dispatched_at,
  };
}

/** False when the turn is over before the push. Two lanes side by side, each through groups of ranges of its own; of a coupon with a limit the first ones get it, so one. */
async function issueRanges(
  { db }: DeliveryDeps,
  issue: Issue,
  { zone, stopping }: { zone: string; stopping: AbortSignal | undefined },
): Promise<boolean> {
  const turnEnds = performance.now() + turnMs;
  const lanes = (await hasLimits(db, issue.couponId)) ? 1 : lanesOfPush;
  const go = async (lane: number) => {
    const group = { size: rangesAtOnce, lanes, lane };
    do {
      if (stopping?.aborted) return false;
      if (!(await db.transaction().execute((trx) => issueNextGroup(trx, issue, { zone, group })))) return true;
    } while (performance.now() < turnEnds);
    return false;
  };
  const ends = await Promise.allSettled(Array.from({ length: lanes }, (_, lane) => go(lane)));
  return ends
    .map((end) => {
      if (end.status === 'rejected') throw end.reason;
      return end.value;
    })
    .every((done) => done);
}

/**
 * False when every range of the lane is issued. The first statement takes ranges: a second issuer waits there, and then
 * skips. Rows that others write, too, come last and in the same order everywhere, so that nobody waits long, or in a circle.
 */
async function issueNextGroup(
  trx: Trx,
  issue: Issue,
  { zone, group }: { zone: string; group: Parameters<typeof takeRanges>[2] },
): Promise<boolean> {
  const span = await takeRanges(trx, issue, group);
  if (span === undefined) return false;
  const { pushId, couponId, issuedAt } = issue;
  const room = await takeRoomToIssue(trx, couponId);
  const coupons = await insertRecipients(trx, issue, span, room);
  const exclusions = await insertExclusions(trx, issue, span, room);
  await insertCoupons(trx, issue, span);
  await insertQpostMessages(trx, issue, span);
  const owed = await countOwed(trx, issue, span);
  if (room !== null) await useRoomToIssue(trx, couponId, coupons);
  await countIssued(trx, { pushId, issuedAt, zone, coupons });
  await count(trx, issue, { ranges: span.ranges.length, coupons, exclusions });
  await openBatches(trx, pushId, 'email', batchesOf(owed, 'emails'));
  await openBatches(trx, pushId, 'app_push', batchesOf(owed, 'appPushes'));
  await tellChanged(trx, pushId);
  return true;
}

function batchesOf(owed: readonly Owed[], of: 'emails' | 'appPushes') {
  return owed.map((range) => ({ range, owed: range[of] }));
}

async function count(
  trx: Trx,
  { pushId }: Issue,
  issued: { ranges: number; coupons: number; exclusions: readonly { reason: string; customers: number }[] },
): Promise<void> {
  const heldBack = issued.exclusions.reduce((sum, { customers }) => sum + customers, 0);
  await sql`
    update push_progress
       set matching = matching + ${issued.coupons + heldBack}, recipients = recipients + ${issued.coupons},
           ranges_issued = ranges_issued + ${issued.ranges}
     where push_id = ${pushId}`.execute(trx);
  for (const { reason, customers } of issued.exclusions) {
    await sql`
      insert into push_exclusion_count (push_id, reason, customers) values (${pushId}, ${reason}, ${customers})
      on conflict (push_id, reason) do update set customers = push_exclusion_count.customers + excluded.customers
    `.execute(trx);
  }
}

async function endIssue(trx: Trx, pushId: number, now: Date): Promise<void> {
  const { rows } = await sql<{ recipients: number }>`
    update push set issued_at = ${now}
      from push_progress
     where push.id = ${pushId} and push.state = 'sending' and push.issued_at is null
       and push_progress.push_id = push.id and push_progress.ranges_issued = push_progress.ranges
    returning push_progress.recipients`.execute(trx);
  const issued = rows[0];
  if (issued === undefined) return;
  await recordEvent(trx, { pushId, kind: 'issued', detail: { recipients: issued.recipients }, happenedAt: now });
}
