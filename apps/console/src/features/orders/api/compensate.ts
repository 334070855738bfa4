import type { CompensationUpload } from '@coupon-push/contract/compensation.ts';
import { request } from '../../../lib/http.ts';

/** Hands orders over as if they had been uploaded in a file; the form of an application takes it from there. */
export function compensate(shopId: number, orderNos: string[]): Promise<CompensationUpload> {
  return request(`/api/shops/${shopId}/compensation-uploads/orders`, { method: 'POST', body: { orderNos } });
}
