import type { featureList } from '@coupon-push/contract/items.ts';
import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { request } from '../../../lib/http.ts';

export function shopFeaturesQuery(shopId: number) {
  return queryOptions({
    queryKey: ['shops', shopId, 'features'],
    queryFn: ({ signal }) => request<z.infer<typeof featureList>>(`/api/shops/${shopId}/features`, { signal }),
  });
}
