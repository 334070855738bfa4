import { idParam, shopParams } from '@coupon-push/contract/common.ts';
import { categoryTree, itemListQuery, itemPage } from '@coupon-push/contract/items.ts';
import { z } from 'zod';
import type { RouteDeps } from '../../http/deps.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { found } from '../../lib/app-error.ts';
import { selectItemForPicture } from './db.ts';
import { itemPicture } from './item-picture.ts';
import { listCategories, listItems, readItems } from './service.ts';

export function registerItemRoutes(app: HttpServer, { db, authenticate, publicUrl }: RouteDeps): void {
  app.get(
    '/api/shops/:shopId/items',
    { schema: { tags: ['items'], params: shopParams, querystring: itemListQuery, response: responses(itemPage) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const scope = { userId, shopId: request.params.shopId };
      const { ids, large, middle, small, keyword, itemNo, after, limit } = request.query;
      if (ids !== undefined) return { entries: await readItems(db, scope, ids, publicUrl), next: null };
      return await listItems(db, scope, { large, middle, small, keyword, itemNo, after, limit }, publicUrl);
    },
  );

  app.get(
    '/api/shops/:shopId/categories',
    { schema: { tags: ['items'], params: shopParams, response: responses(categoryTree) } },
    async (request) => {
      const { userId } = await authenticate(request);
      return { categories: (await listCategories(db, { userId, shopId: request.params.shopId })) as never };
    },
  );

  // For items that came without a picture; e-mails lead here too, so nobody signs in for it.
  app.get(
    '/items/:itemId/picture',
    { schema: { hide: true, params: z.object({ itemId: idParam }) } },
    async (request, reply) => {
      const item = found(await selectItemForPicture(db, request.params.itemId));
      const picture = await itemPicture({ name: item.name, itemNo: item.item_no, category: item.category ?? '' });
      return await reply
        .header('cache-control', 'public, max-age=86400')
        .header('cross-origin-resource-policy', 'cross-origin')
        .type('image/png')
        .send(picture);
    },
  );
}
