import type { FeatureDetail, FeatureWrite } from '@coupon-push/contract/features.ts';
import { request } from '../../../lib/http.ts';

/** Without a number: a new one. */
export function writeShopFeature(
  shopId: number,
  featureId: number | undefined,
  feature: FeatureWrite,
): Promise<FeatureDetail> {
  const path = `/api/shops/${shopId}/features`;
  return featureId === undefined
    ? request(path, { method: 'POST', body: feature })
    : request(`${path}/${featureId}`, { method: 'PUT', body: feature });
}

export async function deleteShopFeature(shopId: number, featureId: number): Promise<void> {
  await request(`/api/shops/${shopId}/features/${featureId}`, { method: 'DELETE' });
}
