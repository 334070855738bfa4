import { shopParams } from '@coupon-push/contract/common.ts';
import { slotsSchema } from '@coupon-push/contract/slots.ts';
import type { RouteDeps } from '../../http/deps.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { listSlots } from './service.ts';

export function registerSlotRoutes(app: HttpServer, { db, clock, authenticate }: RouteDeps): void {
  app.get(
    '/api/shops/:shopId/slots',
    { schema: { tags: ['slots'], params: shopParams, response: responses(slotsSchema) } },
    async (request) => {
      const { userId } = await authenticate(request);
      return await listSlots(db, { userId, shopId: request.params.shopId }, clock.now());
    },
  );
}
