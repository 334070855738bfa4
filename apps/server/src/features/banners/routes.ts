import { bannerSchema } from '@coupon-push/contract/banners.ts';
import { shopParams } from '@coupon-push/contract/common.ts';
import { z } from 'zod';
import type { RouteDeps } from '../../http/deps.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { fieldRefused, found } from '../../lib/app-error.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { selectImage } from './db.ts';
import { tooLarge, uploadBanner } from './service.ts';

export function registerBannerRoutes(app: HttpServer, { db, clock, authenticate, publicUrl }: RouteDeps): void {
  app.post(
    '/api/shops/:shopId/banners',
    {
      schema: {
        tags: ['banners'],
        description: 'multipart/form-data with one field `file`: JPEG, PNG or WebP of a size that the policy allows',
        consumes: ['multipart/form-data'],
        params: shopParams,
        response: responses(bannerSchema),
      },
    },
    async (request) => {
      const { userId } = await authenticate(request);
      const file = await request.file();
      if (file === undefined) throw fieldRefused('file', 'required');
      const bytes = await file.toBuffer().catch(async (error: unknown) => {
        if (file.file.truncated) throw tooLarge((await readMarketplace(db)).policy.bannerMaxBytes);
        throw error;
      });
      const scope = { userId, shopId: request.params.shopId };
      return await uploadBanner(db, scope, { bytes, now: clock.now(), publicUrl });
    },
  );

  // E-mails show it, so nobody signs in for it; its name is the hash of what it shows.
  app.get(
    '/images/:hash',
    { schema: { hide: true, params: z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/) }) } },
    async (request, reply) => {
      const image = found(await selectImage(db, request.params.hash));
      return await reply
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('cross-origin-resource-policy', 'cross-origin')
        .type(image.content_type)
        .send(image.bytes);
    },
  );
}
