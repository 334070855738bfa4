import { shopParams } from '@coupon-push/contract/common.ts';
import { pushParams } from '@coupon-push/contract/pushes.ts';
import {
  heldBackPage,
  heldBackQuery,
  issuedCouponPage,
  issuedCouponQuery,
  recipientPage,
  recipientQuery,
  resultsQuery,
  resultsSchema,
} from '@coupon-push/contract/results.ts';
import type { RouteDeps } from '../../http/deps.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { listHeldBack, listIssuedCoupons, listRecipients } from './lists.ts';
import { readResults } from './service.ts';

export function registerResultRoutes(app: HttpServer, { db, clock, authenticate }: RouteDeps): void {
  const tags = ['results'];

  app.get(
    '/api/shops/:shopId/results',
    { schema: { tags, params: shopParams, querystring: resultsQuery, response: responses(resultsSchema) } },
    async (request) => {
      const { userId } = await authenticate(request);
      return await readResults(db, { userId, shopId: request.params.shopId }, request.query, clock.now());
    },
  );

  app.get(
    '/api/shops/:shopId/issued-coupons',
    { schema: { tags, params: shopParams, querystring: issuedCouponQuery, response: responses(issuedCouponPage) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const { after, ...query } = request.query;
      return await listIssuedCoupons(db, { userId, shopId: request.params.shopId }, { ...query, after }, clock.now());
    },
  );

  app.get(
    '/api/shops/:shopId/pushes/:pushId/recipients',
    { schema: { tags, params: pushParams, querystring: recipientQuery, response: responses(recipientPage) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const { shopId, pushId } = request.params;
      const { after, ...query } = request.query;
      return await listRecipients(db, { userId, shopId }, { ...query, pushId, after });
    },
  );

  app.get(
    '/api/shops/:shopId/pushes/:pushId/held-back',
    { schema: { tags, params: pushParams, querystring: heldBackQuery, response: responses(heldBackPage) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const { shopId, pushId } = request.params;
      const { after, reason, search, limit } = request.query;
      return await listHeldBack(db, { userId, shopId }, { pushId, after, reason, search, limit });
    },
  );
}
