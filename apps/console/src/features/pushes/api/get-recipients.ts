import type { Channel } from '@coupon-push/contract/pushes.ts';
import type { ChannelOutcome, Recipient } from '@coupon-push/contract/results.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { queryString, request } from '../../../lib/http.ts';

export interface RecipientFilter {
  search?: string | undefined;
  channel?: Channel | undefined;
  state?: ChannelOutcome | undefined;
  after?: string | undefined;
}

export function recipientsQuery(shopId: number, pushId: number, filter: RecipientFilter) {
  return queryOptions({
    queryKey: ['shops', shopId, 'pushes', 'recipients', pushId, filter],
    queryFn: ({ signal }) =>
      request<{ entries: Recipient[]; next: string | null }>(
        `/api/shops/${shopId}/pushes/${pushId}/recipients${queryString({ ...filter, limit: 30 })}`,
        { signal },
      ),
    placeholderData: keepPreviousData,
  });
}
