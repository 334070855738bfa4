import type { itemPage } from '@coupon-push/contract/items.ts';
import { infiniteQueryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { queryString, request } from '../../../lib/http.ts';

export interface ItemFilter {
  large?: number | undefined;
  middle?: number | undefined;
  small?: number | undefined;
  keyword?: string | undefined;
  itemNo?: string | undefined;
}

export type ItemPage = z.infer<typeof itemPage>;

export function itemsQuery(shopId: number, filter: ItemFilter) {
  return infiniteQueryOptions({
    queryKey: ['shops', shopId, 'items', filter],
    queryFn: ({ signal, pageParam }) =>
      request<ItemPage>(`/api/shops/${shopId}/items${queryString({ ...filter, after: pageParam, limit: 24 })}`, {
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}
