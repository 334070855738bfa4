import { shopParams } from '@coupon-push/contract/common.ts';
import { fellowListQuery, fellowPage, fellowSummary, fellowSummaryQuery } from '@coupon-push/contract/fellows.ts';
import type { RouteDeps } from '../../http/deps.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { listFellows, summariseFellows } from './service.ts';

export function registerFellowRoutes(app: HttpServer, { db, authenticate }: RouteDeps): void {
  const tags = ['fellows'];

  app.get(
    '/api/shops/:shopId/fellows',
    { schema: { tags, params: shopParams, querystring: fellowListQuery, response: responses(fellowPage) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const { from, until, after, limit } = request.query;
      return await listFellows(db, { userId, shopId: request.params.shopId }, { from, until, after, limit });
    },
  );

  app.get(
    '/api/shops/:shopId/fellows/summary',
    { schema: { tags, params: shopParams, querystring: fellowSummaryQuery, response: responses(fellowSummary) } },
    async (request) => {
      const { userId } = await authenticate(request);
      return await summariseFellows(db, { userId, shopId: request.params.shopId }, request.query);
    },
  );
}
