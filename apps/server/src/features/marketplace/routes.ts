import { policyChangeRequest, policyParams, policyResponse } from '@coupon-push/contract/operator.ts';
import { type MarketplaceResponse, marketplaceResponse } from '@coupon-push/contract/session.ts';
import { authenticateOperator } from '../../http/actor.ts';
import type { RouteDeps } from '../../http/deps.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { changePolicy, marketplaceAnswer, readMarketplace } from './service.ts';

export function registerMarketplaceRoutes(
  app: HttpServer,
  { db, clock, authenticate }: RouteDeps,
  demoSignIns: MarketplaceResponse['demoSignIns'],
): void {
  app.get(
    '/api/marketplace',
    { schema: { tags: ['session'], response: responses(marketplaceResponse) } },
    async () => ({ ...marketplaceAnswer(await readMarketplace(db), clock), demoSignIns }),
  );

  app.get(
    '/api/operator/policy',
    { schema: { tags: ['operator'], response: responses(policyResponse) } },
    async (request) => {
      await authenticateOperator(authenticate, request);
      return { policy: (await readMarketplace(db)).policy };
    },
  );

  app.put(
    '/api/operator/policy/:key',
    {
      schema: {
        tags: ['operator'],
        params: policyParams,
        body: policyChangeRequest,
        response: responses(policyResponse),
      },
    },
    async (request) => {
      const { userId } = await authenticateOperator(authenticate, request);
      const change = { key: request.params.key, value: request.body.value, changedBy: userId, now: clock.now() };
      return { policy: await db.transaction().execute((trx) => changePolicy(trx, change)) };
    },
  );
}
