import type { Banner } from '@coupon-push/contract/banners.ts';
import { request } from '../../../lib/http.ts';

export function uploadBanner(shopId: number, file: File): Promise<Banner> {
  const body = new FormData();
  body.append('file', file);
  return request<Banner>(`/api/shops/${shopId}/banners`, { method: 'POST', body });
}
