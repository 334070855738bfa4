import type { RowOutcome, UploadRowsPage } from '@coupon-push/contract/compensation.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { queryString, request } from '../../../lib/http.ts';

/** The rows of the file with one outcome. They never change. */
export function uploadRowsQuery(shopId: number, uploadId: string, rows: { outcome: RowOutcome; page: number }) {
  const path = `/api/shops/${shopId}/compensation-uploads/${uploadId}/rows${queryString({ ...rows })}`;
  return queryOptions({
    queryKey: ['shops', shopId, 'compensation-uploads', uploadId, 'rows', rows],
    queryFn: ({ signal }) => request<UploadRowsPage>(path, { signal }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
