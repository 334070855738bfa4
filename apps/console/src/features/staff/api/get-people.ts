import type { MemberList } from '@coupon-push/contract/people.ts';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';

export function peopleQuery(shopId: number) {
  return queryOptions({
    queryKey: ['shops', shopId, 'people'],
    queryFn: ({ signal }) => request<MemberList>(`/api/shops/${shopId}/members`, { signal }),
  });
}
