import type { TestSend } from '@coupon-push/contract/test-sends.ts';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';

/** What became of a test send; looked at again until it is known for each language. */
export function testSendQuery(shopId: number, id: number) {
  return queryOptions({
    queryKey: ['shops', shopId, 'test-sends', id],
    queryFn: ({ signal }) => request<TestSend>(`/api/shops/${shopId}/test-sends/${id}`, { signal }),
    refetchInterval: (query) =>
      query.state.data?.mails.every(({ state }) => state !== 'waiting') === true ? false : 1000,
  });
}
