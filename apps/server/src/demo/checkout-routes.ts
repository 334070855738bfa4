import {
  cancelOrderRequest,
  demoOrderSchema,
  demoOrders,
  orderRequest,
  placedOrderSchema,
  quoteRequest,
  quoteSchema,
} from '@coupon-push/contract/checkout.ts';
import { redemptionProblemSchema } from '@coupon-push/contract/redemptions.ts';
import type { z } from 'zod';
import { withSentences } from '../features/redemptions/problem-sentences.ts';
import { RedeemablePushes } from '../features/redemptions/redeemable-pushes.ts';
import type { RedemptionDeps } from '../features/redemptions/service.ts';
import type { MyPageDeps } from '../http/customer.ts';
import type { HttpServer } from '../http/server.ts';
import { cancelDemoOrder, listDemoOrders, placeOrder, quote } from './checkout.ts';

/** A small checkout for customers of the demo. Registered in the demo only. */
export function registerDemoCheckout(
  app: HttpServer,
  { customer, ...parts }: MyPageDeps & Omit<RedemptionDeps, 'pushes'>,
): void {
  const deps: RedemptionDeps = { ...parts, pushes: new RedeemablePushes() };
  // A refusal says what a marketplace would show to its customer.
  const errorHandler = withSentences(deps.db);
  const documented = <T extends z.ZodType>(ok: T) => ({
    tags: ['demo'],
    response: { 200: ok, '4xx': redemptionProblemSchema, '5xx': redemptionProblemSchema },
  });

  app.post(
    '/api/demo/checkout/quote',
    { errorHandler, schema: { ...documented(quoteSchema), body: quoteRequest } },
    async (request, reply) => await quote(deps, await customer(request, reply), request.body),
  );

  app.post(
    '/api/demo/checkout/orders',
    { errorHandler, schema: { ...documented(placedOrderSchema), body: orderRequest } },
    async (request, reply) => await placeOrder(deps, await customer(request, reply), request.body),
  );

  app.get('/api/demo/checkout/orders', { errorHandler, schema: documented(demoOrders) }, async (request, reply) => ({
    orders: await listDemoOrders(deps, await customer(request, reply)),
  }));

  app.post(
    '/api/demo/checkout/orders/cancel',
    { errorHandler, schema: { ...documented(demoOrderSchema), body: cancelOrderRequest } },
    async (request, reply) => await cancelDemoOrder(deps, await customer(request, reply), request.body.orderNo),
  );
}
