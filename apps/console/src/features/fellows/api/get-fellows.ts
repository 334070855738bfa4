import type { FellowSummary, fellowPage } from '@coupon-push/contract/fellows.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { queryString, request } from '../../../lib/http.ts';

export interface FellowFilter {
  from: string;
  until: string;
  after?: string | undefined;
}

export function fellowsQuery(shopId: number, filter: FellowFilter) {
  return queryOptions({
    queryKey: ['shops', shopId, 'fellows', filter],
    queryFn: ({ signal }) =>
      request<z.infer<typeof fellowPage>>(`/api/shops/${shopId}/fellows${queryString({ ...filter, limit: 50 })}`, {
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}

export function fellowSummaryQuery(shopId: number, { from, until }: { from: string; until: string }) {
  return queryOptions({
    queryKey: ['shops', shopId, 'fellows', 'summary', from, until],
    queryFn: ({ signal }) =>
      request<FellowSummary>(`/api/shops/${shopId}/fellows/summary${queryString({ from, until })}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}
