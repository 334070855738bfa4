import type { PushState, PushSummary } from '@coupon-push/contract/pushes.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { queryString, request } from '../../../lib/http.ts';

export interface PushFilter {
  type?: PushSummary['type'] | undefined;
  state?: PushState | undefined;
  from?: string | undefined;
  until?: string | undefined;
  couponId?: number | undefined;
  after?: string | undefined;
}

export interface PushPage {
  entries: PushSummary[];
  next: string | null;
}

export function pushesQuery(shopId: number, filter: PushFilter) {
  return queryOptions({
    queryKey: ['shops', shopId, 'pushes', 'list', filter],
    queryFn: ({ signal }) => request<PushPage>(`/api/shops/${shopId}/pushes${queryString({ ...filter })}`, { signal }),
    placeholderData: keepPreviousData,
    // A list with a push on its way is looked at again by itself.
    refetchInterval: (query) => (query.state.data?.entries.some((push) => push.state === 'sending') ? 3000 : false),
  });
}
