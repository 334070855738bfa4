import { z } from 'zod';
import { heldBackReasonSchema } from './audience.ts';
import { daySchema, idParam, idSchema, instantSchema, pageOf, pageQuery } from './common.ts';
import { couponTermsSchema } from './coupons.ts';
import { channelSchema, failureKindSchema, pushListQuery, pushTypes } from './pushes.ts';

/**
 * What became of issued coupons. `salesMinor` sums the carts that they were used for; a redemption that was rolled back
 * counts nowhere.
 */
export const figuresSchema = z.object({
  issued: z.number().int(),
  used: z.number().int(),
  discountMinor: z.number().int(),
  salesMinor: z.number().int(),
});
export type Figures = z.infer<typeof figuresSchema>;

const pushesChosen = {
  /** Days on which the push was applied for, both inclusive. */
  from: daySchema.optional(),
  until: daySchema.optional(),
  couponId: idParam.optional(),
  pushId: idParam.optional(),
};

/** Issued, not used, and not to be used any more; a use that was rolled back too late counts here. */
const expired = z.number().int();

/** GET /api/shops/:shopId/results: of the pushes that the query chooses, whenever their coupons were used. */
export const resultsQuery = z.object(pushesChosen);
export const resultsSchema = z.object({
  totals: figuresSchema.extend({ expired }),
  /** Each day in the marketplace's zone from the first issue to today, without gaps. */
  days: z.array(figuresSchema.extend({ day: daySchema })),
  /** The newest of them. */
  pushes: z.array(
    figuresSchema.extend({
      pushId: idSchema,
      type: z.enum(pushTypes),
      couponId: idSchema,
      terms: couponTermsSchema,
      issuedAt: instantSchema,
      /** The first moment at which its coupons are not valid any more. */
      validUntil: instantSchema,
      expired,
    }),
  ),
  /** There are more pushes than are listed; totals and days count them all. */
  more: z.boolean(),
});
export type Results = z.infer<typeof resultsSchema>;

/**
 * Finds by what sellers are shown: up to three characters are the beginning of an ID or e-mail as it stands masked;
 * more are a whole ID or e-mail.
 */
const searchSchema = z.string().max(254).optional();

/** GET /api/shops/:shopId/issued-coupons: newest push first. */
export const issuedCouponQuery = pageQuery.extend({
  ...pushesChosen,
  use: z.enum(['used', 'unused']).optional(),
  search: searchSchema,
});
export const issuedCouponSchema = z.object({
  pushId: idSchema,
  couponId: idSchema,
  /** ID or e-mail, masked. */
  who: z.string(),
  issuedAt: instantSchema,
  validUntil: instantSchema,
  state: z.enum(['usable', 'used', 'expired']),
  usedAt: instantSchema.nullable(),
  orderNo: z.string().nullable(),
  discountMinor: z.number().int().nullable(),
  salesMinor: z.number().int().nullable(),
});
export type IssuedCoupon = z.infer<typeof issuedCouponSchema>;
export const issuedCouponPage = pageOf(issuedCouponSchema);

/** owed: not sent yet, or to be tried again; bounced: an e-mail that was sent and came back. */
export const channelOutcomes = ['sent', 'owed', 'failed', 'gone', 'bounced', 'none'] as const;
const outcomeSchema = z.enum(channelOutcomes);
export type ChannelOutcome = z.infer<typeof outcomeSchema>;

/** GET /api/shops/:shopId/pushes/:pushId/recipients; `state` is that of `channel`. */
export const recipientQuery = pageQuery
  .extend({ search: searchSchema, channel: channelSchema.optional(), state: outcomeSchema.optional() })
  .refine((query) => (query.channel === undefined) === (query.state === undefined), {
    path: ['state'],
    params: { code: 'required' },
  });
const deliveredSchema = z.object({
  state: outcomeSchema,
  at: instantSchema.nullable(),
  attempts: z.number().int(),
  inDoubt: z.boolean(),
  failure: failureKindSchema.nullable(),
});
export type Delivered = z.infer<typeof deliveredSchema>;
export const recipientSchema = z.object({
  who: z.string(),
  email: deliveredSchema,
  appPush: deliveredSchema,
  usedAt: instantSchema.nullable(),
});
export type Recipient = z.infer<typeof recipientSchema>;
export const recipientPage = pageOf(recipientSchema);

/** GET /api/shops/:shopId/pushes/:pushId/held-back */
export const heldBackQuery = pageQuery.extend({ reason: heldBackReasonSchema.optional(), search: searchSchema });
export const heldBackPage = pageOf(z.object({ who: z.string(), reason: heldBackReasonSchema }));
export type HeldBack = z.infer<typeof heldBackPage>['entries'][number];

const format = z.enum(['xlsx', 'csv']);
/** GET /api/shops/:shopId/exports/...: a file of the whole list, in the language of the seller's account. */
export const pushesExportQuery = pushListQuery.omit({ after: true, limit: true }).extend({ format });
export const issuedCouponsExportQuery = issuedCouponQuery.omit({ after: true, limit: true }).extend({ format });
export const recipientsExportQuery = z.object({
  format,
  pushId: idParam,
  search: searchSchema,
  channel: channelSchema.optional(),
  state: outcomeSchema.optional(),
});
export type ExportFormat = z.infer<typeof format>;
