import type { Me, meChange } from '@coupon-push/contract/session.ts';
import type { z } from 'zod';
import { request } from '../../../lib/http.ts';

export function changeMe(change: z.infer<typeof meChange>): Promise<Me> {
  return request<Me>('/api/me', { method: 'PATCH', body: change });
}
