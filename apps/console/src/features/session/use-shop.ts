import { useSuspenseQuery } from '@tanstack/react-query';
import { notFound } from '@tanstack/react-router';
import { meQuery } from './api/get-me.ts';

/**
 * The shop that the URL names.
 *
 * @throws not found, when it is none of this seller's.
 */
export function useShop(shopId: string): { id: number; name: string } {
  const { data: me } = useSuspenseQuery(meQuery);
  const shop = me.shops.find(({ id }) => String(id) === shopId);
  if (shop === undefined) throw notFound();
  return shop;
}
