import type { Coupon } from '@coupon-push/contract/coupons.ts';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';

export function couponQuery(shopId: number, couponId: number) {
  return queryOptions({
    queryKey: ['shops', shopId, 'coupons', 'one', couponId],
    queryFn: ({ signal }) => request<Coupon>(`/api/shops/${shopId}/coupons/${couponId}`, { signal }),
  });
}
