import type { Slots } from '@coupon-push/contract/slots.ts';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';

export function slotsQuery(shopId: number) {
  return queryOptions({
    queryKey: ['shops', shopId, 'slots'],
    queryFn: ({ signal }) => request<Slots>(`/api/shops/${shopId}/slots`, { signal }),
    staleTime: 30_000,
    refetchInterval: 5 * 60_000,
  });
}
