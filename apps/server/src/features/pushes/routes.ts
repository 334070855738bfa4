import { idempotencyHeaders, shopParams } from '@coupon-push/contract/common.ts';
import {
  previewRequest,
  previewResponse,
  pushApply,
  pushListQuery,
  pushPage,
  pushParams,
  pushSchema,
} from '@coupon-push/contract/pushes.ts';
import { languages } from '@coupon-push/i18n/languages.ts';
import type { Changes } from '../../http/changes.ts';
import type { RouteDeps } from '../../http/deps.ts';
import { createOnce } from '../../http/idempotency.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { placeByNumber } from '../../lib/place.ts';
import { renderMessage, toPreview } from '../../messages/render.ts';
import { registeredWithin } from '../audiences/service.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { applyForPush } from './apply.ts';
import { registerProgressStream } from './progress-stream.ts';
import { cancelPush, listPushes, previewContent, readPush } from './service.ts';

export function registerPushRoutes(app: HttpServer, deps: RouteDeps & { changes: Changes }): void {
  const { db, clock, authenticate, publicUrl } = deps;
  const tags = ['pushes'];

  app.post(
    '/api/shops/:shopId/previews',
    { schema: { tags, params: shopParams, body: previewRequest, response: responses(previewResponse) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const scope = { userId, shopId: request.params.shopId };
      const content = await previewContent(db, scope, request.body, { now: clock.now(), publicUrl });
      const rendered = await Promise.all(languages.map((language) => renderMessage(content, language)));
      return { previews: rendered.map((message) => toPreview(message)) };
    },
  );

  app.post(
    '/api/shops/:shopId/pushes',
    {
      // A compensation names up to 50,000 recipients.
      bodyLimit: 1024 * 1024,
      schema: {
        tags,
        params: shopParams,
        headers: idempotencyHeaders,
        body: pushApply,
        response: responses(pushSchema),
      },
    },
    async (request) => {
      const actor = await authenticate(request);
      const scope = { userId: actor.userId, shopId: request.params.shopId };
      return await createOnce(db, request, actor, async (trx) => {
        const pushId = await applyForPush(trx, scope, request.body, { clock, publicUrl });
        return await readPush(trx, scope, pushId, { now: clock.now(), publicUrl });
      });
    },
  );

  app.get(
    '/api/shops/:shopId/pushes',
    { schema: { tags, params: shopParams, querystring: pushListQuery, response: responses(pushPage) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const { type, state, from, until, couponId, after, limit } = request.query;
      const { zone } = await readMarketplace(db);
      const days = registeredWithin(from, until, zone);
      const filter = { type, state, couponId, limit, appliedFrom: days.from, appliedBefore: days.until };
      const before = placeByNumber(after);
      return await listPushes(db, { userId, shopId: request.params.shopId }, { ...filter, before }, clock.now());
    },
  );

  app.get(
    '/api/shops/:shopId/pushes/:pushId',
    { schema: { tags, params: pushParams, response: responses(pushSchema) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const { shopId, pushId } = request.params;
      return await readPush(db, { userId, shopId }, pushId, { now: clock.now(), publicUrl });
    },
  );

  app.post(
    '/api/shops/:shopId/pushes/:pushId/cancel',
    { schema: { tags, params: pushParams, response: responses(pushSchema) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const { shopId, pushId } = request.params;
      const scope = { userId, shopId };
      return await db.transaction().execute(async (trx) => {
        await cancelPush(trx, scope, pushId, clock.now());
        return await readPush(trx, scope, pushId, { now: clock.now(), publicUrl });
      });
    },
  );

  registerProgressStream(app, deps);
}
