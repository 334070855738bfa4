import type { Dashboard, DashboardNotice, PushResult } from '@coupon-push/contract/dashboard.ts';
import type { PushState, PushSummary } from '@coupon-push/contract/pushes.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { addDays, dayOf } from '../../lib/zoned-time.ts';
import { listCoupons } from '../coupons/service.ts';
import { summariseFellows } from '../fellows/service.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { listPushes, readProgress } from '../pushes/service.ts';
import { readResults } from '../results/service.ts';
import { listSlots } from '../slots/service.ts';
import { bySlot, isRecent, newestFirst } from './rules.ts';

/** Days of the fellows' chart, today included. */
const trendDays = 30;
const shownPushes = 3;

/**
 * What a seller sees first: the week's quota, what goes out next, what became of the last pushes, the fellows, and what
 * needs attention.
 * @throws AppError not_found when it is not the person's shop.
 */
export async function readDashboard(db: Db | Trx, scope: SellerScope, now: Date): Promise<Dashboard> {
  const { zone } = await readMarketplace(db);
  const today = dayOf(now, zone);
  const slots = await listSlots(db, scope, now);
  const pushes = async (state: PushState, limit = shownPushes) =>
    (await listPushes(db, scope, { ...everything, state, limit }, now)).entries;
  const waiting = await pushes('waiting', 20);
  const sending = await pushes('sending', 20);
  const ended = [...(await pushes('sent')), ...(await pushes('partly_sent'))];
  const last = newestFirst([...sending, ...ended]).slice(0, shownPushes);
  const fellows = await summariseFellows(db, scope, { from: addDays(today, 1 - trendDays), until: today });
  const { total, reachable, days } = fellows;
  return {
    quota: slots.thisWeek,
    nextFree: slots.nextFree,
    nextFreeFrom: slots.nextFreeFrom,
    nextPush: bySlot(waiting)[0] ?? null,
    lastPushes: await withResults(db, scope, last, { now, zone }),
    fellows: { total, reachable, days },
    notices: [
      ...(await pausedNotices(db, scope, [...waiting, ...sending])),
      ...(await pushes('not_sent'))
        .filter((push) => isRecent(push, now))
        .map(({ id: pushId, slot }) => ({ kind: 'push_not_sent' as const, pushId, slot })),
      ...(await couponNotices(db, scope, now)),
    ],
  };
}

const everything = {
  type: undefined,
  appliedFrom: undefined,
  appliedBefore: undefined,
  couponId: undefined,
  before: undefined,
};

/** Issue and use out of counters, for all of them at once. */
async function withResults(
  db: Db | Trx,
  scope: SellerScope,
  pushes: readonly PushSummary[],
  { now, zone }: { now: Date; zone: string },
): Promise<PushResult[]> {
  const first = pushes.map(({ appliedAt }) => appliedAt).sort()[0];
  if (first === undefined) return [];
  const results = await readResults(db, scope, { from: dayOf(new Date(first), zone) }, now);
  return pushes.map((push) => {
    const { issued, used } = results.pushes.find(({ pushId }) => pushId === push.id) ?? { issued: 0, used: 0 };
    return { ...push, issued, used };
  });
}

async function pausedNotices(
  db: Db | Trx,
  scope: SellerScope,
  pushes: readonly PushSummary[],
): Promise<DashboardNotice[]> {
  const notices: DashboardNotice[] = [];
  for (const { id: pushId } of pushes) {
    const { pausedReason, channels } = await readProgress(db, scope, pushId);
    if (pausedReason !== null || channels.some(({ paused }) => paused)) notices.push({ kind: 'push_paused', pushId });
  }
  return notices;
}

async function couponNotices(db: Db | Trx, scope: SellerScope, now: Date): Promise<DashboardNotice[]> {
  const { entries } = await listCoupons(db, scope, { state: 'active', before: undefined, limit: 100 }, now);
  return entries.some(({ notSendable }) => notSendable === null) ? [] : [{ kind: 'no_coupon' }];
}
