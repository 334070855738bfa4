import { z } from 'zod';
import { idParam, idSchema, moneySchema, pageOf, pageQuery } from './common.ts';

export const itemSchema = z.object({
  id: idSchema,
  itemNo: z.string(),
  name: z.string(),
  priceMinor: moneySchema,
  imageUrl: z.string(),
  salesRank: z.number().int().nullable(),
});
export type Item = z.infer<typeof itemSchema>;

/**
 * GET /api/shops/:shopId/items; by sales rank. The words of `keyword` are looked for in name and number, without regard
 * to width and case; `itemNo` is the whole number; `ids` (comma separated) fetches chosen items again, in that order.
 */
export const itemListQuery = pageQuery.extend({
  large: idParam.optional(),
  middle: idParam.optional(),
  small: idParam.optional(),
  keyword: z.string().trim().max(100).optional(),
  itemNo: z.string().trim().max(100).optional(),
  ids: z
    .string()
    .max(400)
    .regex(/^\d{1,15}(,\d{1,15}){0,15}$/)
    .transform((text) => text.split(',').map(Number))
    .optional(),
});
export const itemPage = pageOf(itemSchema);

/** GET /api/shops/:shopId/categories: the categories that this shop has items in, as a tree of at most three levels. */
export interface Category {
  id: number;
  name: string;
  children: Category[];
}
const smallCategory = z.object({ id: idSchema, name: z.string(), children: z.array(z.never()) });
const middleCategory = z.object({ id: idSchema, name: z.string(), children: z.array(smallCategory) });
export const categoryTree = z.object({
  categories: z.array(z.object({ id: idSchema, name: z.string(), children: z.array(middleCategory) })),
});
