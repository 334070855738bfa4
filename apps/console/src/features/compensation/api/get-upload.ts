import type { CompensationUpload } from '@coupon-push/contract/compensation.ts';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';

/** Who an upload of order numbers names, and how many of them can be reached now. */
export function uploadQuery(shopId: number, uploadId: string) {
  return queryOptions({
    queryKey: ['shops', shopId, 'compensation-uploads', uploadId],
    queryFn: ({ signal }) =>
      request<CompensationUpload>(`/api/shops/${shopId}/compensation-uploads/${uploadId}`, { signal }),
    staleTime: 30_000,
  });
}
