import type { MarketplaceResponse } from '@coupon-push/contract/session.ts';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { setMarketplaceNow } from '../clock.ts';

async function getMarketplace(signal: AbortSignal): Promise<MarketplaceResponse> {
  const marketplace = await request<MarketplaceResponse>('/api/marketplace', { signal });
  setMarketplaceNow(marketplace.now);
  return marketplace;
}

export const marketplaceQuery = queryOptions({
  queryKey: ['marketplace'],
  queryFn: ({ signal }) => getMarketplace(signal),
  staleTime: Number.POSITIVE_INFINITY,
});
