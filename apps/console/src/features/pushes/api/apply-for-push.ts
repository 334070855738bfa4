import type { Push, PushApply } from '@coupon-push/contract/pushes.ts';
import { request } from '../../../lib/http.ts';

/** Applies. The same key with the same application gives the same push, however often it is sent. */
export function applyForPush(shopId: number, application: PushApply, idempotencyKey: string): Promise<Push> {
  return request<Push>(`/api/shops/${shopId}/pushes`, {
    method: 'POST',
    body: application,
    headers: { 'idempotency-key': idempotencyKey },
  });
}
