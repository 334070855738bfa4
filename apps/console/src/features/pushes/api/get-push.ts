import type { Push } from '@coupon-push/contract/pushes.ts';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';

export function pushQuery(shopId: number, pushId: number) {
  return queryOptions({
    queryKey: ['shops', shopId, 'pushes', 'one', pushId],
    queryFn: ({ signal }) => request<Push>(`/api/shops/${shopId}/pushes/${pushId}`, { signal }),
  });
}
