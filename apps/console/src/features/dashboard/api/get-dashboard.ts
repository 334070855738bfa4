import type { Dashboard } from '@coupon-push/contract/dashboard.ts';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';

export function dashboardQuery(shopId: number) {
  return queryOptions({
    queryKey: ['shops', shopId, 'dashboard'],
    queryFn: ({ signal }) => request<Dashboard>(`/api/shops/${shopId}/dashboard`, { signal }),
    // Open all day on many desks: it looks again by itself, without hurry.
    refetchInterval: 60_000,
  });
}
