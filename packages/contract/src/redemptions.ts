import { z } from 'zod';
import { idSchema, instantSchema, moneySchema } from './common.ts';
import { problemSchema } from './problem.ts';

// Redemption: what the marketplace's checkouts call, with an API key. Money is in minor units of the marketplace's
// currency; customers, shops and orders have the marketplace's own numbers.

/** PostgreSQL takes no NUL, and no number of a marketplace holds control characters. */
const ownNumber = z
  .string()
  .min(1)
  .max(64)
  .regex(/^\P{Cc}*$/u);
const currencySchema = z.string().regex(/^[A-Z]{3}$/);

const cart = {
  customerNo: ownNumber,
  shopNo: ownNumber,
  /** What this shop's items cost in this order, before the coupon. */
  cartMinor: moneySchema,
  currency: currencySchema,
};

/** Why a coupon cannot be used for a cart: the codes of the refusals of redeeming it. */
export const couponRefusals = [
  'coupon_other_shop',
  'coupon_used',
  'coupon_not_yet_valid',
  'coupon_expired',
  'coupon_minimum_not_reached',
  'coupon_no_discount',
  'coupon_limit_reached',
  'coupon_budget_used_up',
] as const;
export type CouponRefusal = (typeof couponRefusals)[number];

/** A sentence for the customer, in each language. */
const sentencesSchema = z.object({ ja: z.string(), ko: z.string(), en: z.string() });
export type Sentences = z.infer<typeof sentencesSchema>;

/** A refusal of the redemption API: problem details with its sentence, as its callers have no catalogues. */
export const redemptionProblemSchema = problemSchema.extend({ sentences: sentencesSchema });

/** POST /api/redemptions/validate: which of the customer's coupons apply to this cart. Changes nothing. */
export const validateRequest = z.object(cart);
export type ValidateRequest = z.infer<typeof validateRequest>;

export const validatedCouponSchema = z.object({
  couponCode: z.string(),
  couponId: idSchema,
  shopNo: z.string(),
  name: z.string(),
  validFrom: instantSchema,
  /** The first moment at which it is not valid any more. */
  validUntil: instantSchema,
  minPurchaseMinor: z.number().int(),
  applicable: z.boolean(),
  /** What it takes off; 0 when it does not apply. */
  discountMinor: z.number().int(),
  refusal: z
    .object({
      code: z.enum(couponRefusals),
      sentences: sentencesSchema,
      /** How much more has to be bought; null where that is not the reason. */
      missingMinor: z.number().int().nullable(),
    })
    .nullable(),
});
export type ValidatedCoupon = z.infer<typeof validatedCouponSchema>;

/** Those that apply first, the largest discount on top; then this shop's others. */
export const validateResponse = z.object({
  coupons: z.array(validatedCouponSchema),
  /** The customer has more than are listed. */
  more: z.boolean(),
});

/**
 * POST /api/redemptions: uses a coupon for an order. An order takes one shop coupon. Sent again with the same order number
 * it is carried out once, and answers the same.
 */
export const redeemRequest = z.object({ ...cart, couponCode: z.string().min(1).max(60), orderNo: ownNumber });
export type RedeemRequest = z.infer<typeof redeemRequest>;

export const redemptionSchema = z.object({
  orderNo: z.string(),
  couponCode: z.string(),
  couponId: idSchema,
  cartMinor: z.number().int(),
  discountMinor: z.number().int(),
  /** cartMinor without the discount. */
  payableMinor: z.number().int(),
  currency: z.string(),
  redeemedAt: instantSchema,
});
export type Redemption = z.infer<typeof redemptionSchema>;

/**
 * POST /api/redemptions/roll-back: the order was cancelled. Its coupon can be used for another order as long as it is
 * valid; the order number itself cannot be used again. Sent again it answers the same.
 */
export const rollBackRequest = z.object({ orderNo: ownNumber });
export const rollBackResponse = z.object({
  orderNo: z.string(),
  rolledBackAt: instantSchema,
  /** What was taken back; null when the order had used no coupon. */
  redemption: redemptionSchema.nullable(),
});
export type RollBack = z.infer<typeof rollBackResponse>;
