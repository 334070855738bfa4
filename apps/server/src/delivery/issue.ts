import { type CouponTerms, couponTermsSchema } from '@coupon-push/contract/coupons.ts';
import { sql } from 'kysely';
import type { Trx } from '../db/database.ts';
import { registeredWithin } from '../features/audiences/service.ts';
import { validityWindow } from '../features/coupons/rules.ts';
import { takeRoomToIssue, useRoomToIssue } from '../features/coupons/service.ts';
import { readMarketplace } from '../features/marketplace/service.ts';
import { isWithinHours } from '../features/policy/rules.ts';
import { recordEvent, tellChanged } from '../features/pushes/events.ts';
import { countIssued } from '../features/results/service.ts';
import { wallClockOf } from '../lib/zoned-time.ts';
import type { DeliveryDeps } from './deps.ts';
import { finishPush } from './finish.ts';
import {
  type Issue,
  type IssueRange,
  insertCoupons,
  insertExclusions,
  insertQpostMessages,
  insertRecipients,
} from './issue-db.ts';
import { openBatch } from './open-batch.ts';

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
 * Issues coupon and Qpost message to the audience, range by range, each in one transaction with its ledger rows and the
 * jobs that send to it. Killed at any moment, the ranges that were committed are not touched again and the others are
 * done by the next attempt: nobody is lost and nobody gets two (spec 6).
 */
export async function issuePush(deps: DeliveryDeps, pushId: number): Promise<void> {
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
  for (;;) {
    const issued = await deps.db.transaction().execute((trx) => issueNextRange(trx, issue, zone));
    if (!issued) break;
  }
  await deps.db.transaction().execute((trx) => endIssue(trx, pushId, deps.clock.now()));
  await finishPush(deps, pushId);
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

/** False when every range is issued. The first statement takes the range: a second issuer waits there, and then skips. */
async function issueNextRange(trx: Trx, issue: Issue, zone: string): Promise<boolean> {
  const range = await takeRange(trx, issue);
  if (range === undefined) return false;
  const room = await takeRoomToIssue(trx, issue.couponId);
  const recipients = await insertRecipients(trx, issue, range, room);
  const heldBack = await insertExclusions(trx, issue, range, room);
  if (room !== null) await useRoomToIssue(trx, issue.couponId, recipients.emails);
  await insertCoupons(trx, issue, range);
  await insertQpostMessages(trx, issue, range);
  await countIssued(trx, { pushId: issue.pushId, issuedAt: issue.issuedAt, zone, coupons: recipients.emails });
  await sql`
    update push_progress
       set matching = matching + ${recipients.emails + heldBack}, recipients = recipients + ${recipients.emails},
           ranges_issued = ranges_issued + 1
     where push_id = ${issue.pushId}`.execute(trx);
  await openBatch(trx, issue.pushId, range, { channel: 'email', owed: recipients.emails });
  await openBatch(trx, issue.pushId, range, { channel: 'app_push', owed: recipients.appPushes });
  await tellChanged(trx, issue.pushId);
  return true;
}

async function takeRange(trx: Trx, issue: Issue): Promise<IssueRange | undefined> {
  const { rows } = await sql<IssueRange>`
    update issue_range
       set issued_at = ${issue.issuedAt}
     where push_id = ${issue.pushId} and issued_at is null
       and range_no = (
         select min(range_no) from issue_range where push_id = ${issue.pushId} and issued_at is null)
    returning range_no as "rangeNo", from_customer_id as "from", until_customer_id as "until"`.execute(trx);
  return rows[0];
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
