import { z } from 'zod';
import { daySchema, idParam, idSchema, lineSchema } from './common.ts';
import { itemSchema } from './items.ts';
import { maxFeatureItems } from './shop-limits.ts';

/**
 * A shop feature is a titled page of chosen items, shown within a period or always (spec 3.6).
 * POST /api/shops/:shopId/features, PUT .../features/:featureId. Days are the marketplace's, both
 * inclusive.
 */
export const featureWrite = z
  .object({
    title: lineSchema(80),
    startsOn: daySchema.nullable(),
    endsOn: daySchema.nullable(),
    itemIds: z
      .array(idSchema)
      .min(1)
      .max(maxFeatureItems)
      .refine((ids) => new Set(ids).size === ids.length, { params: { code: 'item_twice' } }),
  })
  .refine((f) => f.startsOn === null || f.endsOn === null || f.startsOn <= f.endsOn, {
    path: ['endsOn'],
    params: { code: 'until_before_from' },
  });
export type FeatureWrite = z.infer<typeof featureWrite>;

export const featureStates = ['current', 'upcoming', 'ended'] as const;

export const featureSchema = z.object({
  id: idSchema,
  title: z.string(),
  startsOn: daySchema.nullable(),
  endsOn: daySchema.nullable(),
  /** Today, in the marketplace's zone. */
  state: z.enum(featureStates),
  items: z.number().int(),
});
export type ShopFeature = z.infer<typeof featureSchema>;

/** GET /api/shops/:shopId/features; newest first. */
export const featureList = z.object({ features: z.array(featureSchema) });

/** GET /api/shops/:shopId/features/:featureId. Items that are no longer on sale are left out. */
export const featureDetail = featureSchema.extend({ chosenItems: z.array(itemSchema), url: z.string() });
export type FeatureDetail = z.infer<typeof featureDetail>;
export const featureParams = z.object({ shopId: idParam, featureId: idParam });
