import type { Audience } from '@coupon-push/contract/audience.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { queryString, request } from '../../../lib/http.ts';

/** Days of registration, both inclusive; null: all fellows. */
export type Registered = { from: string; until: string } | null;

export function audienceQuery(shopId: number, registered: Registered) {
  return queryOptions({
    queryKey: ['shops', shopId, 'audience', registered],
    queryFn: ({ signal }) =>
      request<Audience>(`/api/shops/${shopId}/audience${queryString({ ...registered })}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}
