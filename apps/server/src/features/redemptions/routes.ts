import {
  redeemRequest,
  redemptionProblemSchema,
  redemptionSchema,
  rollBackRequest,
  rollBackResponse,
  validateRequest,
  validateResponse,
} from '@coupon-push/contract/redemptions.ts';
import type { FastifyRequest } from 'fastify';
import type { HttpServer } from '../../http/server.ts';
import type { ApiKeys } from '../api-keys/service.ts';
import { withSentences } from './problem-sentences.ts';
import { RedeemablePushes } from './redeemable-pushes.ts';
import { type RedemptionDeps, redeem, rollBack, validateCoupons } from './service.ts';

/** What the marketplace's checkouts call, each with an API key. */
export function registerRedemptionRoutes(
  app: HttpServer,
  { apiKeys, ...parts }: Omit<RedemptionDeps, 'pushes'> & { apiKeys: ApiKeys },
): void {
  const deps = { ...parts, pushes: new RedeemablePushes() };
  const route = {
    // Before the body is read: a stranger's is not. A checkout of all customers comes from one address, so that is not
    // what limits it.
    onRequest: async (request: FastifyRequest) => {
      await apiKeys.authenticate(request);
    },
    config: { rateLimit: false },
    errorHandler: withSentences(deps.db),
  } as const;
  const documented = { tags: ['redemptions'], security: [{ apiKey: [] }] };
  const problems = { '4xx': redemptionProblemSchema, '5xx': redemptionProblemSchema };

  app.post(
    '/api/redemptions/validate',
    { ...route, schema: { ...documented, body: validateRequest, response: { 200: validateResponse, ...problems } } },
    (request) => validateCoupons(deps, request.body),
  );

  app.post(
    '/api/redemptions',
    { ...route, schema: { ...documented, body: redeemRequest, response: { 200: redemptionSchema, ...problems } } },
    (request) => redeem(deps, request.body),
  );

  app.post(
    '/api/redemptions/roll-back',
    { ...route, schema: { ...documented, body: rollBackRequest, response: { 200: rollBackResponse, ...problems } } },
    (request) => rollBack(deps, request.body.orderNo),
  );
}
