import type { Me } from '@coupon-push/contract/session.ts';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { meQuery } from './api/get-me.ts';
import { rememberedShop } from './remembered-shop.ts';

/** The shop of the address; on pages of no shop, the one that was open last. Undefined: a person without a shop. */
export function useCurrentShop(): Me['shops'][number] | undefined {
  const { data: me } = useSuspenseQuery(meQuery);
  const { shopId } = useParams({ strict: false });
  return me.shops.find(({ id }) => String(id) === shopId) ?? rememberedShop(me.shops);
}
