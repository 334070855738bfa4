import type { CompensationUpload } from '@coupon-push/contract/compensation.ts';
import type { Coupon, Validity } from '@coupon-push/contract/coupons.ts';
import type { PreviewRequest, PushApply } from '@coupon-push/contract/pushes.ts';
import type { Quota, Slot, Slots } from '@coupon-push/contract/slots.ts';
import { tickedCount } from '../../compensation/rules.ts';
import type { ApplyValues } from './values.ts';

const dayMs = 86_400_000;

/** Rows of the form, in its order. */
export const rows = [
  'type',
  'coupon',
  'items',
  'upload',
  'recipients',
  'registered',
  'slot',
  'reminder',
  'banner',
] as const;
export type Row = (typeof rows)[number];

export type BlockCode =
  | 'coupon_required'
  | 'coupon_stopped'
  | 'coupon_expired'
  | 'coupon_used_up'
  | 'coupon_qstore_only'
  | 'coupon_not_valid_at_slot'
  | 'items_required'
  | 'upload_required'
  | 'upload_gone'
  | 'nobody_matched'
  | 'nobody_reachable'
  | 'nobody_ticked'
  | 'period_required'
  | 'period_backwards'
  | 'slot_required'
  | 'week_full'
  | 'all_weeks_full'
  | 'banner_required'
  | 'link_item_required'
  | 'link_feature_required';

/** Why the application cannot be made yet, and where to mend it. */
export interface Blocker {
  row: Row;
  code: BlockCode;
}

/** The offered slot that is chosen, if it still is offered. */
export function chosenSlot(values: Pick<ApplyValues, 'date' | 'time'>, slots: Slots): Slot | null {
  const date = slots.dates.find((offered) => offered.date === values.date);
  return date?.slots.find((slot) => slot.time === values.time) ?? null;
}

/** The slot to begin with: the first in a free week that can still be cancelled, else the first free one. */
export function firstSlot(slots: Slots): { date: string; time: string } | null {
  const free = slots.dates
    .filter((date) => !date.weekFull)
    .flatMap((d) => d.slots.map((slot) => ({ ...slot, date: d.date })));
  const first = free.find((slot) => slot.cancellable) ?? free[0];
  return first === undefined ? null : { date: first.date, time: first.time };
}

/** The quota of the week that a day lies in. */
export function quotaOf(day: string, slots: Slots): Quota | null {
  return slots.quotas.find((quota) => quota.weekFrom <= day && day <= quota.weekUntil) ?? null;
}

/** Wall time as milliseconds, so that days can be counted without a time zone. */
function wallMs(day: string, time: string): number {
  return Date.parse(`${day}T${time}:00Z`);
}

/** How long a coupon issued at the slot can be used, ms; negative when it is over before (spec 3.1). */
export function validityLeftMs(validity: Validity, day: string, time: string): number {
  if (validity.kind === 'days') return validity.days * dayMs;
  return wallMs(validity.until, '00:00') + dayMs - wallMs(day, time);
}

/** True when less than 3 days of validity remain after the slot, and some do (spec 3.1). */
export function isValidityShort(validity: Validity, day: string, time: string): boolean {
  const left = validityLeftMs(validity, day, time);
  return left > 0 && left < 3 * dayMs;
}

/** Can a coupon issued at the slot be used from then on (spec 3.1)? */
function isValidAt(validity: Validity, day: string, time: string): boolean {
  const begun = validity.kind === 'days' || validity.from <= day;
  return begun && validityLeftMs(validity, day, time) > 0;
}

interface Known {
  coupon: Coupon | null;
  slots: Slots;
  /** The compensation's upload; null while it is not known. */
  upload: CompensationUpload | 'gone' | null;
}

function couponBlocker(values: ApplyValues, { coupon }: Known): BlockCode | null {
  if (coupon === null) return 'coupon_required';
  if (coupon.notSendable === 'not_active') return 'coupon_stopped';
  if (coupon.notSendable === 'expired') return 'coupon_expired';
  if (coupon.notSendable === 'used_up') return 'coupon_used_up';
  if (coupon.notSendable === 'qstore_only') return 'coupon_qstore_only';
  if (values.date !== '' && !isValidAt(coupon.validity, values.date, values.time)) return 'coupon_not_valid_at_slot';
  return null;
}

function uploadBlocker(values: ApplyValues, { upload }: Known): BlockCode | null {
  if (values.type !== 'compensation') return null;
  if (values.uploadId === null) return 'upload_required';
  if (upload === null) return null;
  if (upload === 'gone') return 'upload_gone';
  return upload.customers === 0 ? 'nobody_matched' : null;
}

function recipientsBlocker(values: ApplyValues, { upload }: Known): BlockCode | null {
  if (values.type !== 'compensation' || upload === null || upload === 'gone' || upload.customers === 0) return null;
  if (upload.reachable === 0) return 'nobody_reachable';
  return tickedCount(values.selection, upload) === 0 ? 'nobody_ticked' : null;
}

function periodBlocker(values: ApplyValues): BlockCode | null {
  if (values.type !== 'promotion' || values.registeredMode === 'all') return null;
  if (values.from === '' || values.until === '') return 'period_required';
  return values.until < values.from ? 'period_backwards' : null;
}

function isEveryWeekFull({ slots }: Known): boolean {
  return slots.dates.every((date) => date.weekFull);
}

function slotBlocker(values: ApplyValues, { slots }: Known): BlockCode | null {
  if (chosenSlot(values, slots) === null) return 'slot_required';
  return slots.dates.find((date) => date.date === values.date)?.weekFull === true ? 'week_full' : null;
}

function bannerBlocker(values: ApplyValues): BlockCode | null {
  if (!values.bannerOn) return null;
  if (values.banner === null) return 'banner_required';
  if (values.linkKind === 'item' && values.linkItem === null) return 'link_item_required';
  return values.linkKind === 'feature' && values.linkFeatureId === null ? 'link_feature_required' : null;
}

/** Everything that stands between the form and an application, in the order in which to mend it. */
export function blockersOf(values: ApplyValues, known: Known): Blocker[] {
  const found: [Row, BlockCode | null][] = [
    // First of all: with no week free, nothing else is worth filling in.
    ['slot', isEveryWeekFull(known) ? 'all_weeks_full' : null],
    ['coupon', couponBlocker(values, known)],
    ['items', values.itemsMode === 'chosen' && values.chosen.length === 0 ? 'items_required' : null],
    ['upload', uploadBlocker(values, known)],
    ['recipients', recipientsBlocker(values, known)],
    ['registered', periodBlocker(values)],
    ['slot', isEveryWeekFull(known) ? null : slotBlocker(values, known)],
    ['banner', bannerBlocker(values)],
  ];
  return found.flatMap(([row, code]) => (code === null ? [] : [{ row, code }]));
}

/** What the live count is asked for; null: all fellows. Undefined: the period is not filled in yet. */
export function registeredOf(values: ApplyValues): { from: string; until: string } | null | undefined {
  if (values.registeredMode === 'all') return null;
  return periodBlocker(values) === null ? { from: values.from, until: values.until } : undefined;
}

function itemsOf(values: ApplyValues, defaultCount: number): PushApply['items'] {
  return values.itemsMode === 'chosen'
    ? { mode: 'chosen', itemIds: values.chosen.map((item) => item.id) }
    : { mode: 'rank', count: values.rankCount ?? defaultCount };
}

/** The banner of the application, when one is set. */
export function bannerOf(values: ApplyValues): PushApply['banner'] {
  if (!values.bannerOn || values.banner === null) return null;
  const bannerId = values.banner.id;
  if (values.linkKind === 'item' && values.linkItem !== null) {
    return { bannerId, link: { kind: 'item', itemId: values.linkItem.id } };
  }
  if (values.linkKind === 'feature' && values.linkFeatureId !== null) {
    return { bannerId, link: { kind: 'feature', featureId: values.linkFeatureId } };
  }
  return { bannerId, link: { kind: 'shop' } };
}

/** The preview as far as the form is filled in; null while no coupon is chosen. */
export function previewOf(values: ApplyValues, defaultCount: number): PreviewRequest | null {
  if (values.couponId === null) return null;
  const items = itemsOf(values, defaultCount);
  const shown =
    items.mode === 'chosen' && items.itemIds.length === 0 ? { mode: 'rank' as const, count: defaultCount } : items;
  return { couponId: values.couponId, items: shown, banner: bannerOf(values) };
}

/** The application to send. Only for values without blockers. */
export function applicationOf(
  values: ApplyValues,
  slot: Slot,
  options: { defaultCount: number; confirmedUncancellable: boolean },
): PushApply {
  if (values.couponId === null) throw new Error('an application needs a coupon');
  const common = {
    couponId: values.couponId,
    items: itemsOf(values, options.defaultCount),
    slot: slot.slot,
    banner: bannerOf(values),
    remindDays: values.remindDays,
    confirmedUncancellable: options.confirmedUncancellable,
  };
  if (values.type === 'promotion') return { type: 'promotion', ...common, registered: registeredOf(values) ?? null };
  if (values.uploadId === null) throw new Error('a compensation needs an upload');
  return { type: 'compensation', ...common, uploadId: values.uploadId, selection: values.selection };
}

const rowOfCode: Record<string, Row> = {
  quota_taken: 'slot',
  slot_not_offered: 'slot',
  uncancellable_not_confirmed: 'slot',
  coupon_not_active: 'coupon',
  coupon_qstore_only: 'coupon',
  coupon_not_valid_at_slot: 'coupon',
  item_not_found: 'items',
  no_items: 'items',
  reminder_before_slot: 'reminder',
  banner_not_found: 'banner',
  feature_not_found: 'banner',
  upload_not_found: 'upload',
  nobody_ticked: 'recipients',
};

/** The row that a refusal of the whole application is about, if it is about one. */
export function rowOfRefusal(code: string): Row | null {
  return rowOfCode[code] ?? null;
}

/** The row that a field of the contract stands in: `banner.link.itemId` is in `banner`. */
export function rowOfField(field: string): Row | null {
  const head = field.split('.')[0] ?? '';
  const named: Record<string, Row> = {
    couponId: 'coupon',
    uploadId: 'upload',
    selection: 'recipients',
    confirmedUncancellable: 'slot',
    remindDays: 'reminder',
  };
  return named[head] ?? rows.find((row) => row === head) ?? null;
}
