import type { Push } from '@coupon-push/contract/pushes.ts';
import { request } from '../../../lib/http.ts';

export function cancelPush(shopId: number, pushId: number): Promise<Push> {
  return request<Push>(`/api/shops/${shopId}/pushes/${pushId}/cancel`, { method: 'POST' });
}
