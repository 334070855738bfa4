import type { orderNumbers, orderPage } from '@coupon-push/contract/orders.ts';
import type { OrderState } from '@coupon-push/contract/shop-limits.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { queryString, request } from '../../../lib/http.ts';

export interface OrderFilter {
  from?: string | undefined;
  until?: string | undefined;
  state?: OrderState | undefined;
  customer?: string | undefined;
  orderNo?: string | undefined;
}

export function ordersQuery(shopId: number, filter: OrderFilter & { after?: string | undefined }) {
  return queryOptions({
    queryKey: ['shops', shopId, 'orders', filter],
    queryFn: ({ signal }) =>
      request<z.infer<typeof orderPage>>(`/api/shops/${shopId}/orders${queryString({ ...filter, limit: 50 })}`, {
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}

/** The numbers of all orders that a filter finds, as many as can be compensated at once. */
export function getOrderNumbers(shopId: number, filter: OrderFilter): Promise<z.infer<typeof orderNumbers>> {
  return request(`/api/shops/${shopId}/orders/numbers${queryString({ ...filter })}`);
}

/** The address of the file. */
export function orderFileUrl(shopId: number, filter: OrderFilter): string {
  return `/api/shops/${shopId}/orders/export${queryString({ ...filter })}`;
}
