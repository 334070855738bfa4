import { z } from 'zod';
import { idSchema } from './common.ts';

/** POST /api/shops/:shopId/banners (multipart, field `file`): re-encoded on the server, kept by content. */
export const bannerSchema = z.object({
  id: idSchema,
  width: z.number().int(),
  height: z.number().int(),
  url: z.string(),
});
export type Banner = z.infer<typeof bannerSchema>;
