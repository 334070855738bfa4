import { shopParams } from '@coupon-push/contract/common.ts';
import { dashboardSchema } from '@coupon-push/contract/dashboard.ts';
import type { RouteDeps } from '../../http/deps.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { readDashboard } from './service.ts';

export function registerDashboardRoutes(app: HttpServer, { db, clock, authenticate }: RouteDeps): void {
  app.get(
    '/api/shops/:shopId/dashboard',
    { schema: { tags: ['dashboard'], params: shopParams, response: responses(dashboardSchema) } },
    async (request) => {
      const { userId } = await authenticate(request);
      return await readDashboard(db, { userId, shopId: request.params.shopId }, clock.now());
    },
  );
}
