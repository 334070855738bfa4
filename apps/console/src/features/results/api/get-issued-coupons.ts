import type { IssuedCoupon } from '@coupon-push/contract/results.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { queryString, request } from '../../../lib/http.ts';
import type { ResultsFilter } from './get-results.ts';

export interface IssuedCouponFilter extends ResultsFilter {
  use?: 'used' | 'unused' | undefined;
  search?: string | undefined;
  after?: string | undefined;
}

export function issuedCouponsQuery(shopId: number, filter: IssuedCouponFilter) {
  return queryOptions({
    queryKey: ['shops', shopId, 'pushes', 'issued-coupons', filter],
    queryFn: ({ signal }) =>
      request<{ entries: IssuedCoupon[]; next: string | null }>(
        `/api/shops/${shopId}/issued-coupons${queryString({ ...filter, limit: 30 })}`,
        { signal },
      ),
    placeholderData: keepPreviousData,
  });
}
