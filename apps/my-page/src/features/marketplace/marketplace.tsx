import type { MyMarketplace } from '@coupon-push/contract/my-page.ts';
import { createContext, use } from 'react';

/** The marketplace, and how far its clock is ahead of this device's (the demo's can be moved). */
export interface KnownMarketplace extends MyMarketplace {
  aheadMs: number;
}

const MarketplaceContext = createContext<KnownMarketplace | undefined>(undefined);

export const MarketplaceProvider = MarketplaceContext.Provider;

export function useMarketplace(): KnownMarketplace {
  const marketplace = use(MarketplaceContext);
  if (marketplace === undefined) throw new Error('MarketplaceProvider is missing');
  return marketplace;
}
