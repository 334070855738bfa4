import { pageQuery } from '@coupon-push/contract/common.ts';
import {
  following,
  foundShops,
  myShopPage,
  myShopParams,
  shopFeaturePage,
  shopFeatureParams,
  shopPageSchema,
  shopSearchQuery,
} from '@coupon-push/contract/my-page.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CustomerScope, MyPageDeps } from '../../http/customer.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { AppError } from '../../lib/app-error.ts';
import { muteShop } from '../consents/service.ts';
import { findShops, follow, listFavourites, readShopFeature, readShopPage, unfollow } from './service.ts';

export function registerFavouriteRoutes(app: HttpServer, deps: MyPageDeps): void {
  const { db, clock, publicUrl, customer } = deps;
  const tags = ['my page'];
  const change = { schema: { tags, params: myShopParams, response: responses(following) } };
  const context = () => ({ now: clock.now(), publicUrl });

  app.get(
    '/api/my/shops',
    { schema: { tags, querystring: pageQuery, response: responses(myShopPage) } },
    async (request, reply) => {
      const { after, limit } = request.query;
      return await listFavourites(db, await customer(request, reply), { after, limit });
    },
  );

  app.get(
    '/api/my/shop-search',
    { schema: { tags, querystring: shopSearchQuery, response: responses(foundShops) } },
    async (request) => ({ shops: await findShops(db, request.query.name) }),
  );

  app.get(
    '/api/my/shops/:shopNo',
    { schema: { tags, params: myShopParams, response: responses(shopPageSchema) } },
    async (request, reply) =>
      await readShopPage(db, await visitor(deps, request, reply), request.params.shopNo, context()),
  );

  app.get(
    '/api/my/shops/:shopNo/features/:featureId',
    { schema: { tags, params: shopFeatureParams, response: responses(shopFeaturePage) } },
    async (request) => await readShopFeature(db, request.params, context()),
  );

  app.put('/api/my/shops/:shopNo', change, async (request, reply) => {
    const scope = await customer(request, reply);
    return await db.transaction().execute((trx) => follow(trx, scope, request.params.shopNo, clock.now()));
  });

  app.delete('/api/my/shops/:shopNo', change, async (request, reply) => {
    const scope = await customer(request, reply);
    return await db.transaction().execute((trx) => unfollow(trx, scope, request.params.shopNo));
  });

  for (const method of ['PUT', 'DELETE'] as const) {
    app.route({
      method,
      url: '/api/my/shops/:shopNo/mute',
      ...change,
      handler: async (request, reply) => {
        const { customerId } = await customer(request, reply);
        const { shopNo } = request.params;
        const muted = method === 'PUT';
        await muteShop(db, { customerId, how: 'my_page', source: 'my page', at: clock.now() }, { shopNo, muted });
        return { followed: true, muted };
      },
    });
  }
}

/** Who looks at a shop's page; anybody may. */
async function visitor(
  { customer }: MyPageDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<CustomerScope | undefined> {
  try {
    return await customer(request, reply);
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_signed_in') return undefined;
    throw error;
  }
}
