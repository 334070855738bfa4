import type { Coupon } from '@coupon-push/contract/coupons.ts';
import type { PushApply } from '@coupon-push/contract/pushes.ts';
import type { Trx } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { dispatchKey, enqueue } from '../../jobs/enqueue.ts';
import { AppError } from '../../lib/app-error.ts';
import type { Clock } from '../../lib/clock.ts';
import { checkUpload, freezeTargets } from '../compensation/service.ts';
import { isValidAt } from '../coupons/rules.ts';
import { readCoupon, termsOf } from '../coupons/service.ts';
import { type Marketplace, readMarketplace } from '../marketplace/service.ts';
import type { Policy } from '../policy/rules.ts';
import { plannedReminder } from '../reminders/service.ts';
import { readShop } from '../shops/service.ts';
import { cancelDeadline, freeQuotaPlace, isCancellable, isOffered, weekOfSlot } from '../slots/rules.ts';
import { refusedAt, resolveBanner, resolveItems } from './choices.ts';
import { insertPush, type NewPush, selectTakenPlaces, updateTargets } from './db.ts';
import { recordEvent } from './events.ts';

export interface ApplyContext {
  clock: Clock;
  publicUrl: string;
}

/**
 * Applies for a push: it waits for its slot, with its coupon's terms frozen (spec 3.12), and uses up the week.
 * Returns the push number.
 * @throws AppError with the field that is to be mended; quota_taken when the week is taken, whoever raced for it.
 */
export async function applyForPush(
  trx: Trx,
  scope: SellerScope,
  input: PushApply,
  { clock, publicUrl }: ApplyContext,
): Promise<number> {
  await readShop(trx, scope);
  const { zone, policy } = await readMarketplace(trx);
  const now = clock.now();
  const slot = new Date(input.slot);
  const coupon = await couponOf(trx, scope, input.couponId, now);
  checkCoupon(coupon, slot, zone);
  checkSlot(slot, input.confirmedUncancellable, { now, policy, zone });
  const remindDays = input.remindDays ?? null;
  checkReminder(remindDays, coupon, slot, { zone, policy });
  await resolveItems(trx, scope, input.items, { policy, publicUrl });
  await resolveBanner(trx, scope, input.banner, { publicUrl, at: slot, hold: true });
  const upload = input.type === 'compensation' ? { scope, uploadId: input.uploadId, now } : undefined;
  if (upload !== undefined) await checkUpload(trx, upload);
  const push = await takeWeek(trx, policy, {
    shopId: scope.shopId,
    couponId: coupon.id,
    terms: termsOf(coupon),
    items: input.items,
    audience: input.type === 'promotion' ? { type: 'promotion', registered: input.registered } : { type: input.type },
    slot,
    slotWeek: weekOfSlot(slot, zone),
    banner: input.banner,
    remindDays,
    appliedBy: scope.userId,
    appliedAt: now,
  });
  if (input.type === 'compensation' && upload !== undefined) {
    const targets = await freezeTargets(trx, upload, { pushId: push.id, selection: input.selection });
    await updateTargets(trx, push.id, targets);
  }
  await recordEvent(trx, { pushId: push.id, kind: 'applied', happenedAt: now });
  await enqueue(trx, 'dispatch', { pushId: push.id }, { key: dispatchKey(push.id), runAt: clock.machineTime(slot) });
  return push.id;
}

async function couponOf(trx: Trx, scope: SellerScope, couponId: number, now: Date): Promise<Coupon> {
  return await readCoupon(trx, scope, couponId, now).catch((error: unknown) => {
    throw error instanceof AppError && error.code === 'not_found' ? refusedAt('not_found', 'couponId') : error;
  });
}

function checkCoupon(coupon: Coupon, slot: Date, zone: string): void {
  if (coupon.notSendable === 'not_active') throw refusedAt('coupon_not_active', 'couponId');
  if (coupon.notSendable === 'qstore_only') throw refusedAt('coupon_qstore_only', 'couponId');
  if (coupon.notSendable === 'used_up') throw refusedAt('coupon_limit_reached', 'couponId');
  if (!isValidAt(coupon.validity, slot, zone)) throw refusedAt('coupon_not_valid_at_slot', 'couponId');
}

function checkSlot(slot: Date, confirmed: boolean, at: { now: Date; policy: Policy; zone: string }): void {
  if (!isOffered(slot, at.now, at.policy, at.zone)) throw refusedAt('slot_not_offered', 'slot');
  if (!confirmed && !isCancellable(slot, at.now, at.policy)) {
    throw refusedAt('uncancellable_not_confirmed', 'slot', {
      deadline: cancelDeadline(slot, at.policy).toISOString(),
    });
  }
}

function checkReminder(
  remindDays: number | null,
  { validity }: Coupon,
  slot: Date,
  at: Pick<Marketplace, 'zone' | 'policy'>,
): void {
  if (remindDays === null) return;
  if (plannedReminder({ issuedAt: slot, validity, remindDays }, at) === null) {
    throw refusedAt('reminder_before_slot', 'remindDays');
  }
}

/** Each turn takes the lowest free place; whoever loses it to a racing application looks again. */
async function takeWeek(trx: Trx, policy: Policy, push: Omit<NewPush, 'quotaPlace'>) {
  for (;;) {
    const quotaPlace = freeQuotaPlace(await selectTakenPlaces(trx, push.shopId, push.slotWeek), policy);
    if (quotaPlace === null) throw refusedAt('quota_taken', 'slot', { week: push.slotWeek });
    const row = await insertPush(trx, { ...push, quotaPlace });
    if (row !== undefined) return row;
  }
}
