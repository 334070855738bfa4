import { z } from 'zod';
import { daySchema, idSchema, instantSchema, lineSchema, moneySchema, pageOf, pageQuery } from './common.ts';

/** Terms of a shop coupon (spec 3.1). An amount or a percentage off; a fixed period or N days from issue. */
export const discountSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('amount'), amountMinor: moneySchema.min(1) }),
  z.object({
    kind: z.literal('percent'),
    percent: z.number().int().min(1).max(100),
    maxAmountMinor: moneySchema.min(1).nullable(),
  }),
]);
export type Discount = z.infer<typeof discountSchema>;

export const validitySchema = z.discriminatedUnion('kind', [
  z
    .object({ kind: z.literal('period'), from: daySchema, until: daySchema })
    .refine((v) => v.from <= v.until, { path: ['until'], params: { code: 'until_before_from' } }),
  z.object({ kind: z.literal('days'), days: z.number().int().min(1).max(3650) }),
]);
export type Validity = z.infer<typeof validitySchema>;

export const couponTermsSchema = z.object({
  name: lineSchema(60),
  discount: discountSchema,
  minPurchaseMinor: moneySchema,
  validity: validitySchema,
  qstoreOnly: z.boolean(),
});
export type CouponTerms = z.infer<typeof couponTermsSchema>;

/** POST /api/shops/:shopId/coupons */
export const couponCreate = couponTermsSchema
  .extend({
    /** At most so many are used, and at most so many issued; missing or null: any number. */
    useLimit: z.number().int().min(1).max(1_000_000_000).nullable().optional(),
    /** At most so much discount in all; missing or null: any. */
    budgetMinor: moneySchema.min(1).nullable().optional(),
  })
  .refine(
    (t) => t.discount.kind !== 'amount' || t.minPurchaseMinor === 0 || t.discount.amountMinor <= t.minPurchaseMinor,
    {
      path: ['minPurchaseMinor'],
      params: { code: 'condition_below_discount' },
    },
  );
export type CouponCreate = z.infer<typeof couponCreate>;

/** Why a coupon cannot be sent, or null when it can (spec 3.1). */
export const sendableSchema = z.enum(['not_active', 'qstore_only', 'expired', 'used_up']).nullable();

export const couponSchema = couponTermsSchema.extend({
  /** The coupon number. */
  id: idSchema,
  state: z.enum(['active', 'stopped']),
  notSendable: sendableSchema,
  /** Null when the seller set none. What is issued, used and spent counts all pushes of the coupon. */
  limits: z
    .object({
      useLimit: z.number().int().nullable(),
      budgetMinor: z.number().int().nullable(),
      issued: z.number().int(),
      used: z.number().int(),
      spentMinor: z.number().int(),
    })
    .nullable(),
  createdAt: instantSchema,
  stoppedAt: instantSchema.nullable(),
});
export type Coupon = z.infer<typeof couponSchema>;

/** GET /api/shops/:shopId/coupons; newest first. */
export const couponListQuery = pageQuery.extend({ state: z.enum(['active', 'stopped']).optional() });
export const couponPage = pageOf(couponSchema);
export const couponParams = z.object({
  shopId: z.coerce.number().int().positive(),
  couponId: z.coerce.number().int().positive(),
});
