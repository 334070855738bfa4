import type { HeldBackReason } from '@coupon-push/contract/audience.ts';
import type { RecipientsPage } from '@coupon-push/contract/compensation.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { queryString, request } from '../../../lib/http.ts';

export interface RecipientFilter {
  page: number;
  search: string;
  show: 'reachable' | 'held_back' | undefined;
  reason: HeldBackReason | undefined;
}

export function recipientsQuery(shopId: number, uploadId: string, filter: RecipientFilter) {
  const path = `/api/shops/${shopId}/compensation-uploads/${uploadId}/recipients${queryString({ ...filter })}`;
  return queryOptions({
    queryKey: ['shops', shopId, 'compensation-uploads', uploadId, 'recipients', filter],
    queryFn: ({ signal }) => request<RecipientsPage>(path, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}
