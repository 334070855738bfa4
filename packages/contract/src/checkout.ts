import { z } from 'zod';
import { instantSchema, moneySchema } from './common.ts';
import { redemptionSchema, validatedCouponSchema } from './redemptions.ts';

// The demo's checkout: it plays the part of the marketplace's own, for the customer who is signed in. Prices are always
// those of the database.

const shopNo = z.string().regex(/^\P{Cc}{1,64}$/u);
const itemNo = z.string().regex(/^\P{Cc}{1,64}$/u);
/** The checkout's own numbers: a request cannot name any other order of the marketplace. */
const demoOrderNo = z.string().regex(/^DEMO-[0-9A-F]{20}$/);

const cart = {
  shopNo,
  lines: z
    .array(z.object({ itemNo, quantity: z.number().int().min(1).max(99) }))
    .min(1)
    .max(50)
    .refine((lines) => new Set(lines.map((line) => line.itemNo)).size === lines.length, {
      params: { code: 'item_twice' },
    }),
};

/** POST /api/demo/checkout/quote: what a cart costs, and what each of the customer's coupons does for it. Changes nothing. */
export const quoteRequest = z.object(cart);
export type QuoteRequest = z.infer<typeof quoteRequest>;

export const quoteSchema = z.object({
  /** To place this order with: sent twice, it is placed once. */
  orderNo: z.string(),
  cartMinor: moneySchema,
  currency: z.string(),
  lines: z.array(
    z.object({ itemNo: z.string(), name: z.string(), quantity: z.number().int(), priceMinor: moneySchema }),
  ),
  /** Those that apply first, the largest discount on top. */
  coupons: z.array(validatedCouponSchema),
});
export type Quote = z.infer<typeof quoteSchema>;

/** POST /api/demo/checkout/orders: places it. Refused with a code of the redemption API, nothing is placed. */
export const orderRequest = z.object({
  ...cart,
  orderNo: demoOrderNo,
  couponCode: z.string().min(1).max(60).nullable(),
});
export type OrderRequest = z.infer<typeof orderRequest>;

export const placedOrderSchema = z.object({
  orderNo: z.string(),
  cartMinor: z.number().int(),
  discountMinor: z.number().int(),
  /** cartMinor without the discount. */
  payableMinor: z.number().int(),
  currency: z.string(),
  redemption: redemptionSchema.nullable(),
});
export type PlacedOrder = z.infer<typeof placedOrderSchema>;

/** GET /api/demo/checkout/orders: the customer's own, the latest 20. */
export const demoOrderSchema = placedOrderSchema.omit({ redemption: true }).extend({
  shop: z.object({ shopNo: z.string(), name: z.string() }),
  placedAt: instantSchema,
  state: z.enum(['placed', 'cancelled']),
  /** The coupon it used; null: none. Of a cancelled order: which has been given back. */
  couponCode: z.string().nullable(),
});
export type DemoOrder = z.infer<typeof demoOrderSchema>;
export const demoOrders = z.object({ orders: z.array(demoOrderSchema) });

/** POST /api/demo/checkout/orders/cancel: its coupon can be used again. Said again, it answers the same. */
export const cancelOrderRequest = z.object({ orderNo: demoOrderNo });
