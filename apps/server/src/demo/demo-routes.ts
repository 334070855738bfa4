import { skipResponse } from '@coupon-push/contract/demo.ts';
import type { RouteDeps } from '../http/deps.ts';
import { type HttpServer, responses } from '../http/server.ts';
import { type DemoClock, skipToNextSlot } from './demo-clock.ts';

/** Registered in the demo only. */
export function registerDemoRoutes(app: HttpServer, { db, authenticate }: RouteDeps, clock: DemoClock): void {
  app.post(
    '/api/demo/clock/skip',
    { schema: { tags: ['demo'], response: responses(skipResponse) } },
    async (request) => {
      await authenticate(request);
      await db.transaction().execute((trx) => skipToNextSlot(trx, clock));
      return { now: clock.now().toISOString() };
    },
  );
}
