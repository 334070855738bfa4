import { myCouponPage, myCouponQuery } from '@coupon-push/contract/my-page.ts';
import type { MyPageDeps } from '../../http/customer.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { listCoupons } from './service.ts';

export function registerCouponBoxRoutes(app: HttpServer, deps: MyPageDeps & { couponSecret: string }): void {
  const { db, clock, couponSecret, customer } = deps;

  app.get(
    '/api/my/coupons',
    { schema: { tags: ['my page'], querystring: myCouponQuery, response: responses(myCouponPage) } },
    async (request, reply) => {
      const { state, after, limit } = request.query;
      const scope = await customer(request, reply);
      return await listCoupons(db, scope, { state, after, limit }, { now: clock.now(), couponSecret });
    },
  );
}
