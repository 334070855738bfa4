import type { MyCoupon } from '@coupon-push/contract/my-page.ts';

export function couponState(coupon: { usedAt: Date | null; validUntil: Date }, now: Date): MyCoupon['state'] {
  if (coupon.usedAt !== null) return 'used';
  return coupon.validUntil.getTime() > now.getTime() ? 'usable' : 'expired';
}

/** Where a page of the coupon box ends: the moment it is sorted by, to the microsecond, and the push. */
export interface BoxPlace {
  micros: number;
  pushId: number;
}

export function writePlace({ micros, pushId }: BoxPlace): string {
  return `${micros}.${pushId}`;
}

/** Undefined for what is no place of ours: the list then begins at its beginning. */
export function readPlace(text: string | undefined): BoxPlace | undefined {
  const [, micros, pushId] = /^(-?\d{1,16})\.(\d{1,15})$/.exec(text ?? '') ?? [];
  return micros === undefined ? undefined : { micros: Number(micros), pushId: Number(pushId) };
}
