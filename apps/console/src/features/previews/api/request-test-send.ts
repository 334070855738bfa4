import type { TestSend, TestSendRequest } from '@coupon-push/contract/test-sends.ts';
import { request } from '../../../lib/http.ts';

/** Asks for the e-mail to be sent to whoever is signed in. The same key asks once, however often it is sent. */
export function requestTestSend(shopId: number, body: TestSendRequest, idempotencyKey: string): Promise<TestSend> {
  return request<TestSend>(`/api/shops/${shopId}/test-sends`, {
    method: 'POST',
    body,
    headers: { 'idempotency-key': idempotencyKey },
  });
}
