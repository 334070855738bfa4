import type { Results } from '@coupon-push/contract/results.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { queryString, request } from '../../../lib/http.ts';

/** Which pushes: days of application, a coupon number, or one push. */
export interface ResultsFilter {
  from?: string | undefined;
  until?: string | undefined;
  couponId?: number | undefined;
  pushId?: number | undefined;
}

export function resultsQuery(shopId: number, filter: ResultsFilter) {
  return queryOptions({
    queryKey: ['shops', shopId, 'pushes', 'results', filter],
    queryFn: ({ signal }) => request<Results>(`/api/shops/${shopId}/results${queryString({ ...filter })}`, { signal }),
    placeholderData: keepPreviousData,
  });
}
