import type { MessagePreview, PreviewRequest } from '@coupon-push/contract/pushes.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';

/** The messages as they would be sent, in every language. A POST that changes nothing. */
export function previewQuery(shopId: number, body: PreviewRequest | null) {
  return queryOptions({
    queryKey: ['shops', shopId, 'preview', body],
    queryFn: ({ signal }) =>
      request<{ previews: MessagePreview[] }>(`/api/shops/${shopId}/previews`, { method: 'POST', body, signal }),
    enabled: body !== null,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}
