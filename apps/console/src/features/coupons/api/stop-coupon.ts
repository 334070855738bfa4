import type { Coupon } from '@coupon-push/contract/coupons.ts';
import { request } from '../../../lib/http.ts';

export function stopCoupon(shopId: number, couponId: number): Promise<Coupon> {
  return request<Coupon>(`/api/shops/${shopId}/coupons/${couponId}/stop`, { method: 'POST' });
}
