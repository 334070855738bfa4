import type { Coupon, CouponCreate } from '@coupon-push/contract/coupons.ts';
import { request } from '../../../lib/http.ts';

export function createCoupon(shopId: number, coupon: CouponCreate): Promise<Coupon> {
  return request<Coupon>(`/api/shops/${shopId}/coupons`, { method: 'POST', body: coupon });
}
