import type { Validity } from '@coupon-push/contract/coupons.ts';
import type { Push } from '@coupon-push/contract/pushes.ts';
import type { Db, Trx } from '../../db/database.ts';
import { enqueue, remindKey } from '../../jobs/enqueue.ts';
import type { Clock } from '../../lib/clock.ts';
import { validityWindow } from '../coupons/rules.ts';
import type { Marketplace } from '../marketplace/service.ts';
import { insertReminder, selectOpenReminders, selectReminder } from './db.ts';
import { reminderMoment } from './rules.ts';

/** A push whose recipients are to be reminded; issued at its slot, as far as is known. */
export interface RemindedPush {
  issuedAt: Date;
  validity: Validity;
  remindDays: number;
}

/** When its recipients will be reminded; null when that would not be after the day of the push. */
export function plannedReminder(
  { issuedAt, validity, remindDays }: RemindedPush,
  { zone, policy }: Pick<Marketplace, 'zone' | 'policy'>,
): Date | null {
  const validUntil = validityWindow(validity, issuedAt, zone).until;
  return reminderMoment({ issuedAt, validUntil, remindDays }, { zone, quietHours: policy.quietHours });
}

/** Puts a push's reminder on the calendar, in the transaction that dispatches it. */
export async function scheduleReminder(
  trx: Trx,
  push: RemindedPush & { pushId: number },
  context: { marketplace: Marketplace; clock: Clock },
): Promise<void> {
  const dueAt = plannedReminder(push, context.marketplace);
  if (dueAt === null) return;
  await insertReminder(trx, { pushId: push.pushId, dueAt });
  await enqueueReminder(trx, { pushId: push.pushId, at: dueAt }, context.clock);
}

export async function enqueueReminder(trx: Trx, remind: { pushId: number; at: Date }, clock: Clock): Promise<void> {
  const { pushId, at } = remind;
  await enqueue(trx, 'remind', { pushId }, { key: remindKey(pushId), runAt: clock.machineTime(at) });
}

/** After the clock was moved (demo): what is still to be sent comes when the clock shows its time. */
export async function rescheduleReminders(trx: Trx, clock: Clock): Promise<void> {
  for (const { pushId, dueAt } of await selectOpenReminders(trx)) {
    await enqueueReminder(trx, { pushId, at: dueAt }, clock);
  }
}

/** What a push's page tells of its reminder; null when it has none. */
export async function reminderOf(
  db: Db | Trx,
  push: Omit<RemindedPush, 'remindDays'> & { pushId: number; remindDays: number | null },
  marketplace: Marketplace,
): Promise<Push['reminder']> {
  const { remindDays } = push;
  if (remindDays === null) return null;
  const row = await selectReminder(db, push.pushId);
  const at = row?.dueAt ?? plannedReminder({ ...push, remindDays }, marketplace);
  return {
    days: remindDays,
    at: at?.toISOString() ?? null,
    customers: row?.customers ?? 0,
    finishedAt: row?.finishedAt?.toISOString() ?? null,
  };
}
