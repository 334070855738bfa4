import type { HeldBackReason } from '@coupon-push/contract/audience.ts';
import type { HeldBack } from '@coupon-push/contract/results.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { queryString, request } from '../../../lib/http.ts';

export interface HeldBackFilter {
  search?: string | undefined;
  reason?: HeldBackReason | undefined;
  after?: string | undefined;
}

export function heldBackQuery(shopId: number, pushId: number, filter: HeldBackFilter) {
  return queryOptions({
    queryKey: ['shops', shopId, 'pushes', 'held-back', pushId, filter],
    queryFn: ({ signal }) =>
      request<{ entries: HeldBack[]; next: string | null }>(
        `/api/shops/${shopId}/pushes/${pushId}/held-back${queryString({ ...filter, limit: 30 })}`,
        { signal },
      ),
    placeholderData: keepPreviousData,
  });
}
