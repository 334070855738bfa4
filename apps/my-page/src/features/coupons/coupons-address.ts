import type { MyCoupon } from '@coupon-push/contract/my-page.ts';

/** Where the first page of a view of the coupon box is. */
export function couponsAddress(state: MyCoupon['state']): string {
  return `/api/my/coupons?state=${state}`;
}
