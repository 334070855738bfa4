import { limitsParams, limitsResponse, sendingLimitsSchema } from '@coupon-push/contract/operator.ts';
import { authenticateOperator } from '../../http/actor.ts';
import type { RouteDeps } from '../../http/deps.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { changeLimits, readLimits } from './service.ts';

export function registerSendingLimitRoutes(app: HttpServer, { db, clock, authenticate }: RouteDeps): void {
  const tags = ['operator'];

  app.get('/api/operator/limits', { schema: { tags, response: responses(limitsResponse) } }, async (request) => {
    await authenticateOperator(authenticate, request);
    return { limits: await readLimits(db) };
  });

  app.put(
    '/api/operator/limits/:channel',
    { schema: { tags, params: limitsParams, body: sendingLimitsSchema, response: responses(limitsResponse) } },
    async (request) => {
      const { userId } = await authenticateOperator(authenticate, request);
      const change = { channel: request.params.channel, limits: request.body, changedBy: userId, now: clock.now() };
      return await db.transaction().execute(async (trx) => {
        await changeLimits(trx, change);
        return { limits: await readLimits(trx) };
      });
    },
  );
}
