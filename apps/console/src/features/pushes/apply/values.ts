import type { Banner } from '@coupon-push/contract/banners.ts';
import type { Selection } from '@coupon-push/contract/compensation.ts';
import type { Item } from '@coupon-push/contract/items.ts';
import type { BannerLink, PushApply } from '@coupon-push/contract/pushes.ts';
import { everybody, readSelection } from '../../compensation/rules.ts';

/** The application as it is typed. Chosen items and the banner are kept whole, so that a reload shows them at once. */
export interface ApplyValues {
  type: PushApply['type'];
  couponId: number | null;
  itemsMode: 'rank' | 'chosen';
  /** null: the marketplace's default. */
  rankCount: number | null;
  chosen: Item[];
  /** The upload of order numbers that a compensation is for; the server keeps it, for a week. */
  uploadId: string | null;
  selection: Selection;
  registeredMode: 'all' | 'period';
  from: string;
  until: string;
  /** Day and wall time of the slot; empty until the offered ones are known. */
  date: string;
  time: string;
  /** Days before the coupon's end; null: nobody is reminded. */
  remindDays: number | null;
  bannerOn: boolean;
  banner: Banner | null;
  linkKind: BannerLink['kind'];
  linkItem: Item | null;
  linkFeatureId: number | null;
}

export const emptyApplication: ApplyValues = {
  type: 'promotion',
  couponId: null,
  itemsMode: 'rank',
  rankCount: null,
  chosen: [],
  uploadId: null,
  selection: everybody,
  registeredMode: 'all',
  from: '',
  until: '',
  date: '',
  time: '',
  remindDays: null,
  bannerOn: false,
  banner: null,
  linkKind: 'shop',
  linkItem: null,
  linkFeatureId: null,
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isItem(value: unknown): value is Item {
  return (
    isRecord(value) &&
    typeof value.id === 'number' &&
    typeof value.name === 'string' &&
    typeof value.itemNo === 'string' &&
    typeof value.priceMinor === 'number' &&
    typeof value.imageUrl === 'string'
  );
}

function isBanner(value: unknown): value is Banner {
  return (
    isRecord(value) &&
    typeof value.id === 'number' &&
    typeof value.url === 'string' &&
    typeof value.width === 'number' &&
    typeof value.height === 'number'
  );
}

function pick<T>(value: unknown, allowed: readonly T[], fallback: T): T {
  return allowed.find((one) => one === value) ?? fallback;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
}

function matching(value: unknown, pattern: RegExp): string {
  return typeof value === 'string' && pattern.test(value) ? value : '';
}

const day = /^\d{4}-\d\d-\d\d$/;
const time = /^\d\d:\d\d$/;
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** The draft that was stored, whatever stands there; what cannot be understood is empty again. */
export function restoreDraft(stored: unknown): ApplyValues {
  if (!isRecord(stored)) return emptyApplication;
  return {
    type: pick(stored.type, ['promotion', 'compensation'] as const, 'promotion'),
    couponId: numberOrNull(stored.couponId),
    itemsMode: pick(stored.itemsMode, ['rank', 'chosen'] as const, 'rank'),
    rankCount: numberOrNull(stored.rankCount),
    chosen: Array.isArray(stored.chosen) ? stored.chosen.filter(isItem) : [],
    uploadId: matching(stored.uploadId, uuid) || null,
    selection: readSelection(stored.selection),
    registeredMode: pick(stored.registeredMode, ['all', 'period'] as const, 'all'),
    from: matching(stored.from, day),
    until: matching(stored.until, day),
    date: matching(stored.date, day),
    time: matching(stored.time, time),
    remindDays: numberOrNull(stored.remindDays),
    bannerOn: stored.bannerOn === true,
    banner: isBanner(stored.banner) ? stored.banner : null,
    linkKind: pick(stored.linkKind, ['shop', 'item', 'feature'] as const, 'shop'),
    linkItem: isItem(stored.linkItem) ? stored.linkItem : null,
    linkFeatureId: numberOrNull(stored.linkFeatureId),
  };
}
