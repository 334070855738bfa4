import type { Coupon, couponPage } from '@coupon-push/contract/coupons.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { queryString, request } from '../../../lib/http.ts';

export interface CouponFilter {
  state?: Coupon['state'] | undefined;
  after?: string | undefined;
  limit?: number;
}

export function couponsQuery(shopId: number, filter: CouponFilter) {
  return queryOptions({
    queryKey: ['shops', shopId, 'coupons', filter],
    queryFn: ({ signal }) =>
      request<z.infer<typeof couponPage>>(`/api/shops/${shopId}/coupons${queryString({ ...filter })}`, { signal }),
    placeholderData: keepPreviousData,
  });
}
