import { myMarketplaceSchema } from '@coupon-push/contract/my-page.ts';
import { policyChangeRequest, policyParams, policyResponse } from '@coupon-push/contract/operator.ts';
import { type MarketplaceResponse, marketplaceResponse } from '@coupon-push/contract/session.ts';
import type { Db } from '../../db/database.ts';
import { authenticateOperator } from '../../http/actor.ts';
import type { RouteDeps } from '../../http/deps.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import type { Clock } from '../../lib/clock.ts';
import { appManifest } from './app-manifest.ts';
import { changePolicy, marketplaceAnswer, myMarketplaceAnswer, readMarketplace } from './service.ts';

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

/** What My Page shows to everybody, whoever is signed in, and what makes it installable. */
export function registerMyMarketplaceRoute(
  app: HttpServer,
  { db, clock, signInUrl, actAs }: { db: Db; clock: Clock; signInUrl: string | null; actAs: boolean },
): void {
  app.get(
    '/api/my/marketplace',
    { schema: { tags: ['my page'], response: responses(myMarketplaceSchema) } },
    async (_request, reply) => {
      const marketplace = myMarketplaceAnswer(await readMarketplace(db), clock);
      reply.header('cache-control', 'public, max-age=60');
      return { ...marketplace, signInUrl, actAs };
    },
  );

  app.get('/my/manifest.webmanifest', { schema: { hide: true } }, async (_request, reply) => {
    reply.type('application/manifest+json').header('cache-control', 'no-cache');
    return appManifest(await readMarketplace(db));
  });
}
