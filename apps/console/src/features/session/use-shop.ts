import type { Me } from '@coupon-push/contract/session.ts';
import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from './api/get-me.ts';

/**
 * The shop that the URL names. The route has seen to it that it is one of this seller's.
 */
export function useShop(shopId: string): Me['shops'][number] {
  const { data: me } = useSuspenseQuery(meQuery);
  const shop = me.shops.find(({ id }) => String(id) === shopId);
  if (shop === undefined) throw new Error('not one of the shops of this seller');
  return shop;
}
