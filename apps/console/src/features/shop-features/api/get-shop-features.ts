import type { FeatureDetail, featureList } from '@coupon-push/contract/features.ts';
import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { request } from '../../../lib/http.ts';

export function shopFeaturesQuery(shopId: number) {
  return queryOptions({
    queryKey: ['shops', shopId, 'features'],
    queryFn: ({ signal }) => request<z.infer<typeof featureList>>(`/api/shops/${shopId}/features`, { signal }),
  });
}

export function shopFeatureQuery(shopId: number, featureId: number) {
  return queryOptions({
    queryKey: ['shops', shopId, 'features', featureId],
    queryFn: ({ signal }) => request<FeatureDetail>(`/api/shops/${shopId}/features/${featureId}`, { signal }),
  });
}
