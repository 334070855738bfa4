import type { skipResponse } from '@coupon-push/contract/demo.ts';
import type { z } from 'zod';
import { request } from '../../../lib/http.ts';
import { setMarketplaceNow } from '../clock.ts';

/** Demo: moves the marketplace's clock to the next slot with a waiting push. */
export async function skipClock(): Promise<void> {
  const { now } = await request<z.infer<typeof skipResponse>>('/api/demo/clock/skip', { method: 'POST' });
  setMarketplaceNow(now);
}
