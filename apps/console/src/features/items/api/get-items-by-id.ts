import { queryOptions } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import type { ItemPage } from './get-items.ts';

/** Items by number, in that order; those that are gone are left out. */
export function itemsByIdQuery(shopId: number, ids: number[]) {
  return queryOptions({
    queryKey: ['shops', shopId, 'items', 'by-id', ids],
    queryFn: ({ signal }) => request<ItemPage>(`/api/shops/${shopId}/items?ids=${ids.join(',')}`, { signal }),
  });
}
