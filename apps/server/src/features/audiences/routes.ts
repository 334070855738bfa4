import { audienceQuery, audienceSchema } from '@coupon-push/contract/audience.ts';
import { shopParams } from '@coupon-push/contract/common.ts';
import type { RouteDeps } from '../../http/deps.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { countAudience } from './service.ts';

export function registerAudienceRoutes(app: HttpServer, { db, authenticate }: RouteDeps): void {
  app.get(
    '/api/shops/:shopId/audience',
    {
      schema: {
        tags: ['audience'],
        params: shopParams,
        querystring: audienceQuery,
        response: responses(audienceSchema),
      },
    },
    async (request) => {
      const { userId } = await authenticate(request);
      const { from, until } = request.query;
      return await countAudience(db, { userId, shopId: request.params.shopId }, { from, until });
    },
  );
}
