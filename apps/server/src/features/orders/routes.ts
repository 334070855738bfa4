import { shopParams } from '@coupon-push/contract/common.ts';
import { orderFilterQuery, orderListQuery, orderNumbers, orderPage } from '@coupon-push/contract/orders.ts';
import type { RouteDeps } from '../../http/deps.ts';
import { sendDownload } from '../../http/download.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { exportOrders, listOrders, orderNumbersOf } from './service.ts';

export function registerOrderRoutes(app: HttpServer, { db, clock, authenticate }: RouteDeps): void {
  const tags = ['orders'];

  app.get(
    '/api/shops/:shopId/orders',
    { schema: { tags, params: shopParams, querystring: orderListQuery, response: responses(orderPage) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const { after, ...query } = request.query;
      return await listOrders(db, { userId, shopId: request.params.shopId }, { ...query, after });
    },
  );

  app.get(
    '/api/shops/:shopId/orders/numbers',
    { schema: { tags, params: shopParams, querystring: orderFilterQuery, response: responses(orderNumbers) } },
    async (request) => {
      const { userId } = await authenticate(request);
      return await orderNumbersOf(db, { userId, shopId: request.params.shopId }, request.query);
    },
  );

  app.get(
    '/api/shops/:shopId/orders/export',
    {
      config: { rateLimit: { max: 30, timeWindow: '1 minute' } },
      schema: {
        tags,
        params: shopParams,
        querystring: orderFilterQuery,
        description: 'xlsx, as an attachment: what the upload of a compensation takes',
      },
    },
    async (request, reply) => {
      const { userId, language } = await authenticate(request);
      const scope = { userId, shopId: request.params.shopId };
      return sendDownload(reply, await exportOrders(db, scope, request.query, { language, now: clock.now() }));
    },
  );
}
