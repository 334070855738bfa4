import type { Category } from '@coupon-push/contract/items.ts';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';

export function categoriesQuery(shopId: number) {
  return queryOptions({
    queryKey: ['shops', shopId, 'categories'],
    queryFn: ({ signal }) => request<{ categories: Category[] }>(`/api/shops/${shopId}/categories`, { signal }),
    staleTime: 10 * 60_000,
  });
}
