import type { ShopFeature } from '@coupon-push/contract/features.ts';
import { isShownOn } from '@coupon-push/contract/shop-limits.ts';
import type { Day } from '../../lib/zoned-time.ts';

/** Where a day lies in a feature's period; both ends are inclusive, and an end that is missing is open. */
export function featureState(period: { startsOn: Day | null; endsOn: Day | null }, day: Day): ShopFeature['state'] {
  if (isShownOn(period, day)) return 'current';
  return period.startsOn !== null && day < period.startsOn ? 'upcoming' : 'ended';
}
