import { isCouponUsedUp } from '../features/coupons/service.ts';
import { readMarketplace } from '../features/marketplace/service.ts';
import { recordEvent } from '../features/pushes/events.ts';
import { endOfQuiet } from '../features/reminders/rules.ts';
import { enqueueReminder } from '../features/reminders/service.ts';
import type { DeliveryDeps } from './deps.ts';
import { openBatch } from './open-batch.ts';
import {
  finishReminder,
  insertReminders,
  openReminderChannel,
  type ReminderRound,
  selectReminderRound,
  takeReminderRange,
} from './remind-db.ts';

const hour = 3_600_000;

/**
 * Reminds those who have not used the coupon of a push, once: a Qpost message and an app push each, range by range as they
 * were issued. Killed at any moment, the ranges that were committed are not touched again; nobody is reminded twice, by the
 * keys of qpost_message and reminder_recipient. In the quiet hours it stops, and goes on when they end; when the process
 * stops it is handed on.
 */
export async function remindPush(deps: DeliveryDeps, pushId: number, stopping?: AbortSignal): Promise<void> {
  const { db, clock } = deps;
  const round = await selectReminderRound(db, pushId);
  if (round === undefined) return;
  const { zone, policy } = await readMarketplace(db);
  const { validUntil } = round;
  const isOver = async () =>
    validUntil === null || clock.now() >= validUntil || (await isCouponUsedUp(db, round.couponId));
  for (;;) {
    const later = notBefore(round, clock.now()) ?? endOfQuiet(clock.now(), { zone, quietHours: policy.quietHours });
    if (later !== null || stopping?.aborted) {
      return await db.transaction().execute((trx) => enqueueReminder(trx, { pushId, at: later ?? clock.now() }, clock));
    }
    // Whoever could not use the coupon any more is not told of it.
    if (await isOver()) break;
    if (!(await remindNextRange(deps, round))) break;
  }
  await db.transaction().execute(async (trx) => {
    const now = clock.now();
    const customers = await finishReminder(trx, { pushId, now, early: await isOver() });
    // Of a push that reached nobody there is nothing to tell.
    if (customers === undefined || validUntil === null) return;
    await recordEvent(trx, { pushId, kind: 'reminded', detail: { recipients: customers }, happenedAt: now });
  });
}

/** Woken early, or while the push is still being issued: when to look again. */
function notBefore({ dueAt, issued }: ReminderRound, now: Date): Date | null {
  if (now < dueAt) return dueAt;
  return issued ? null : new Date(now.getTime() + hour);
}

/** False when there is none left. The first statement takes the range: a second process waits there, and then skips. */
async function remindNextRange({ db, clock, fcm, watchers }: DeliveryDeps, round: ReminderRound): Promise<boolean> {
  const { pushId } = round;
  const isDone = await db.transaction().execute(async (trx) => {
    const range = await takeReminderRange(trx, pushId);
    if (range === undefined) return false;
    await openReminderChannel(trx, pushId);
    const { appPushes } = await insertReminders(trx, round, range, { now: clock.now(), nativeApps: fcm !== undefined });
    await openBatch(trx, pushId, range, { channel: 'reminder', owed: appPushes });
    return true;
  });
  watchers.changed(pushId);
  return isDone;
}
