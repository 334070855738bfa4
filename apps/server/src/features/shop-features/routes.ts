import { doneResponse, idempotencyHeaders, shopParams } from '@coupon-push/contract/common.ts';
import { featureDetail, featureList, featureParams, featureWrite } from '@coupon-push/contract/features.ts';
import type { RouteDeps } from '../../http/deps.ts';
import { createOnce } from '../../http/idempotency.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { changeFeature, createFeature, deleteFeature, listFeatures, readFeature } from './service.ts';

export function registerShopFeatureRoutes(app: HttpServer, deps: RouteDeps): void {
  const { db, clock, authenticate, publicUrl } = deps;
  const tags = ['features'];
  const context = () => ({ now: clock.now(), publicUrl });

  app.get(
    '/api/shops/:shopId/features',
    { schema: { tags, params: shopParams, response: responses(featureList) } },
    async (request) => {
      const { userId } = await authenticate(request);
      return { features: await listFeatures(db, { userId, shopId: request.params.shopId }, clock.now()) };
    },
  );

  app.post(
    '/api/shops/:shopId/features',
    {
      schema: {
        tags,
        params: shopParams,
        headers: idempotencyHeaders,
        body: featureWrite,
        response: responses(featureDetail),
      },
    },
    async (request) => {
      const actor = await authenticate(request);
      const scope = { userId: actor.userId, shopId: request.params.shopId };
      return await createOnce(db, request, actor, (trx) => createFeature(trx, scope, request.body, context()));
    },
  );

  app.get(
    '/api/shops/:shopId/features/:featureId',
    { schema: { tags, params: featureParams, response: responses(featureDetail) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const { shopId, featureId } = request.params;
      return await readFeature(db, { userId, shopId }, featureId, context());
    },
  );

  app.put(
    '/api/shops/:shopId/features/:featureId',
    { schema: { tags, params: featureParams, body: featureWrite, response: responses(featureDetail) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const { shopId, featureId } = request.params;
      return await db
        .transaction()
        .execute((trx) => changeFeature(trx, { userId, shopId }, featureId, request.body, context()));
    },
  );

  app.delete(
    '/api/shops/:shopId/features/:featureId',
    { schema: { tags, params: featureParams, response: responses(doneResponse) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const { shopId, featureId } = request.params;
      await db.transaction().execute((trx) => deleteFeature(trx, { userId, shopId }, featureId, clock.now()));
      return { done: true as const };
    },
  );
}
