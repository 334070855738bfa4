import { idempotencyHeaders, shopParams } from '@coupon-push/contract/common.ts';
import { testSendParams, testSendRequest, testSendSchema } from '@coupon-push/contract/test-sends.ts';
import type { RouteDeps } from '../../http/deps.ts';
import { createOnce } from '../../http/idempotency.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { readTestSend, requestTestSend } from './service.ts';

export function registerTestSendRoutes(app: HttpServer, { db, clock, authenticate, publicUrl }: RouteDeps): void {
  const tags = ['pushes'];

  app.post(
    '/api/shops/:shopId/test-sends',
    {
      schema: {
        tags,
        params: shopParams,
        headers: idempotencyHeaders,
        body: testSendRequest,
        response: responses(testSendSchema),
      },
    },
    async (request) => {
      const actor = await authenticate(request);
      const scope = { userId: actor.userId, shopId: request.params.shopId };
      return await createOnce(db, request, actor, async (trx) => {
        const id = await requestTestSend(trx, scope, request.body, { now: clock.now(), publicUrl });
        return await readTestSend(trx, scope, id);
      });
    },
  );

  app.get(
    '/api/shops/:shopId/test-sends/:testSendId',
    { schema: { tags, params: testSendParams, response: responses(testSendSchema) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const { shopId, testSendId } = request.params;
      return await readTestSend(db, { userId, shopId }, testSendId);
    },
  );
}
