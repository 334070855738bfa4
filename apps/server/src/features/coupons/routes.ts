import { idempotencyHeaders, shopParams } from '@coupon-push/contract/common.ts';
import {
  couponCreate,
  couponListQuery,
  couponPage,
  couponParams,
  couponSchema,
} from '@coupon-push/contract/coupons.ts';
import type { RouteDeps } from '../../http/deps.ts';
import { createOnce } from '../../http/idempotency.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { placeByNumber } from '../../lib/place.ts';
import { createCoupon, listCoupons, readCoupon, stopCoupon } from './service.ts';

export function registerCouponRoutes(app: HttpServer, { db, clock, authenticate }: RouteDeps): void {
  app.get(
    '/api/shops/:shopId/coupons',
    {
      schema: { tags: ['coupons'], params: shopParams, querystring: couponListQuery, response: responses(couponPage) },
    },
    async (request) => {
      const { userId } = await authenticate(request);
      const { state, after, limit } = request.query;
      const filter = { state, before: placeByNumber(after), limit };
      return await listCoupons(db, { userId, shopId: request.params.shopId }, filter, clock.now());
    },
  );

  app.post(
    '/api/shops/:shopId/coupons',
    {
      schema: {
        tags: ['coupons'],
        params: shopParams,
        headers: idempotencyHeaders,
        body: couponCreate,
        response: responses(couponSchema),
      },
    },
    async (request) => {
      const actor = await authenticate(request);
      const scope = { userId: actor.userId, shopId: request.params.shopId };
      const input = { terms: request.body, now: clock.now() };
      return await createOnce(db, request, actor, (trx) => createCoupon(trx, scope, input));
    },
  );

  app.get(
    '/api/shops/:shopId/coupons/:couponId',
    { schema: { tags: ['coupons'], params: couponParams, response: responses(couponSchema) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const { shopId, couponId } = request.params;
      return await readCoupon(db, { userId, shopId }, couponId, clock.now());
    },
  );

  app.post(
    '/api/shops/:shopId/coupons/:couponId/stop',
    { schema: { tags: ['coupons'], params: couponParams, response: responses(couponSchema) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const { shopId, couponId } = request.params;
      return await db.transaction().execute((trx) => stopCoupon(trx, { userId, shopId }, couponId, clock.now()));
    },
  );
}
