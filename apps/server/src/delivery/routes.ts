import { doneResponse } from '@coupon-push/contract/common.ts';
import { operatorPushParams, resumeRequest } from '@coupon-push/contract/operator.ts';
import { authenticateOperator } from '../http/actor.ts';
import type { RouteDeps } from '../http/deps.ts';
import { type HttpServer, responses } from '../http/server.ts';
import { releasePush, resumeSending } from './operator.ts';

/** Pushes that wait for the operator's word. */
export function registerDeliveryRoutes(app: HttpServer, { db, clock, authenticate }: RouteDeps): void {
  const tags = ['operator'];

  app.post(
    '/api/operator/pushes/:pushId/release',
    { schema: { tags, params: operatorPushParams, response: responses(doneResponse) } },
    async (request) => {
      await authenticateOperator(authenticate, request);
      const release = { pushId: request.params.pushId, now: clock.now() };
      await db.transaction().execute((trx) => releasePush(trx, release));
      return { done: true as const };
    },
  );

  app.post(
    '/api/operator/pushes/:pushId/resume',
    { schema: { tags, params: operatorPushParams, body: resumeRequest, response: responses(doneResponse) } },
    async (request) => {
      await authenticateOperator(authenticate, request);
      const resume = { pushId: request.params.pushId, channel: request.body.channel, now: clock.now() };
      await db.transaction().execute((trx) => resumeSending(trx, resume));
      return { done: true as const };
    },
  );
}
