import { z } from 'zod';
import { heldBackReasonSchema } from './audience.ts';
import { bannerSchema } from './banners.ts';
import { daySchema, idParam, idSchema, instantSchema, languageSchema, pageOf, pageQuery } from './common.ts';
import { selectionSchema } from './compensation.ts';
import { couponTermsSchema } from './coupons.ts';
import { itemSchema } from './items.ts';

export const pushTypes = ['promotion', 'compensation'] as const;
export const pushStates = ['waiting', 'sending', 'sent', 'partly_sent', 'cancelled', 'not_sent'] as const;
export const pushStateSchema = z.enum(pushStates);
export type PushState = z.infer<typeof pushStateSchema>;

export const notSentReasons = ['coupon_stopped', 'coupon_not_valid', 'no_recipients', 'too_late', 'no_items'] as const;
export const notSentReasonSchema = z.enum(notSentReasons);
export type NotSentReason = z.infer<typeof notSentReasonSchema>;

/** Best items of the e-mail (spec 3.5). */
export const pushItemsSchema = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('rank'), count: z.number().int().min(1).max(16) }),
  z.object({
    mode: z.literal('chosen'),
    itemIds: z
      .array(idSchema)
      .min(1)
      .max(16)
      .refine((ids) => new Set(ids).size === ids.length, { params: { code: 'item_twice' } }),
  }),
]);
export type PushItems = z.infer<typeof pushItemsSchema>;

export const bannerLinkSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('shop') }),
  z.object({ kind: z.literal('item'), itemId: idSchema }),
  z.object({ kind: z.literal('feature'), featureId: idSchema }),
]);
export type BannerLink = z.infer<typeof bannerLinkSchema>;

const periodSchema = z
  .object({ from: daySchema, until: daySchema })
  .refine((p) => p.from <= p.until, { path: ['until'], params: { code: 'until_before_from' } });

export const pushBannerSchema = z.object({ bannerId: idSchema, link: bannerLinkSchema });

/** POST /api/shops/:shopId/previews: as far as the form is filled in. */
export const previewRequest = z.object({
  couponId: idSchema,
  items: pushItemsSchema,
  banner: pushBannerSchema.nullable(),
});
export type PreviewRequest = z.infer<typeof previewRequest>;

export const messagePreviewSchema = z.object({
  language: languageSchema,
  email: z.object({
    subject: z.string(),
    from: z.string(),
    /** What mail programs show beside the subject. */
    preheader: z.string(),
    html: z.string(),
    text: z.string(),
  }),
  qpost: z.object({
    title: z.string(),
    shop: z.string(),
    /** The heading line, as in `300円 ショップクーポンが発行されました！` */
    heading: z.string(),
    body: z.string(),
    button: z.string(),
    items: z.array(z.object({ name: z.string(), price: z.string(), imageUrl: z.string() })),
    footer: z.string().nullable(),
  }),
  appPush: z.object({ title: z.string(), body: z.string() }),
});
export type MessagePreview = z.infer<typeof messagePreviewSchema>;
export const previewResponse = z.object({ previews: z.array(messagePreviewSchema) });

const applyBase = z.object({
  couponId: idSchema,
  items: pushItemsSchema,
  slot: instantSchema,
  banner: pushBannerSchema.nullable(),
  /** The seller was told that this push cannot be cancelled any more (spec 3.4). */
  confirmedUncancellable: z.boolean().default(false),
  /** Who has not used the coupon is reminded once, so many days before its last day; missing or null: nobody is. */
  remindDays: z.number().int().min(1).max(14).nullable().optional(),
});

/** POST /api/shops/:shopId/pushes */
export const pushApply = z.discriminatedUnion('type', [
  /** To fellows registered within a period; null: to all of them (spec 3.7). */
  applyBase.extend({ type: z.literal('promotion'), registered: periodSchema.nullable() }),
  /** To the ticked customers of an upload of order numbers (spec 3.8). */
  applyBase.extend({ type: z.literal('compensation'), uploadId: z.uuid(), selection: selectionSchema }),
]);
export type PushApply = z.infer<typeof pushApply>;

export const channels = ['email', 'app_push'] as const;
export const channelSchema = z.enum(channels);
export type Channel = z.infer<typeof channelSchema>;

/**
 * Why a channel did not reach a recipient for good, as sellers are told; what the other side said stays with the
 * operator, it can name addresses. no_answer: temporary each time, until the attempts were used up; changed: refused,
 * left or changed the address after the push was issued.
 */
export const failureKinds = [
  'address_unknown',
  'mailbox_unavailable',
  'message_refused',
  'no_answer',
  'changed',
  'device_gone',
] as const;
export const failureKindSchema = z.enum(failureKinds);
export type FailureKind = z.infer<typeof failureKindSchema>;

const channelProgressSchema = z.object({
  channel: channelSchema,
  owed: z.number().int(),
  sent: z.number().int(),
  failed: z.number().int(),
  gone: z.number().int(),
  retries: z.number().int(),
  inDoubt: z.number().int(),
  /** E-mails among those sent that came back later; they stay sent, and the push stays in its state. */
  bounced: z.number().int(),
  /** E-mails that customers reported as unwanted; they get none any more. */
  complaints: z.number().int(),
  /** Of failed and gone together. */
  failures: z.array(z.object({ kind: failureKindSchema, customers: z.number().int() })),
  paused: z.boolean(),
});

/** What `sent` says was accepted by the receiving side; nothing here means "queued". */
export const pushProgressSchema = z.object({
  state: pushStateSchema,
  notSentReason: notSentReasonSchema.nullable(),
  pausedReason: z.string().nullable(),
  matching: z.number().int(),
  recipients: z.number().int(),
  issuing: z.object({ ranges: z.number().int(), issued: z.number().int() }),
  heldBack: z.array(z.object({ reason: heldBackReasonSchema, customers: z.number().int() })),
  channels: z.array(channelProgressSchema),
  dispatchedAt: instantSchema.nullable(),
  finishedAt: instantSchema.nullable(),
});
export type PushProgress = z.infer<typeof pushProgressSchema>;

export const pushSummarySchema = z.object({
  id: idSchema,
  type: z.enum(pushTypes),
  couponId: idSchema,
  terms: couponTermsSchema,
  state: pushStateSchema,
  notSentReason: notSentReasonSchema.nullable(),
  appliedAt: instantSchema,
  slot: instantSchema,
  cancelUntil: instantSchema,
  cancellable: z.boolean(),
  cancelledAt: instantSchema.nullable(),
  recipients: z.number().int().nullable(),
  emailsSent: z.number().int().nullable(),
});
export type PushSummary = z.infer<typeof pushSummarySchema>;

/** GET /api/shops/:shopId/pushes; newest first. `from` and `until` are days of application (spec 5, History). */
export const pushListQuery = pageQuery.extend({
  type: z.enum(pushTypes).optional(),
  state: pushStateSchema.optional(),
  from: daySchema.optional(),
  until: daySchema.optional(),
  couponId: idParam.optional(),
});
export const pushPage = pageOf(pushSummarySchema);
export const pushParams = z.object({ shopId: idParam, pushId: idParam });

/** What a push's timeline tells of. */
export const pushEventKindSchema = z.enum([
  'applied',
  'cancelled',
  'not_sent',
  'dispatched',
  'issued',
  'paused',
  'released',
  'resumed',
  'finished',
  'reminded',
]);
export type PushEventKind = z.infer<typeof pushEventKindSchema>;

/** GET /api/shops/:shopId/pushes/:pushId */
export const pushSchema = pushSummarySchema.extend({
  items: pushItemsSchema,
  chosenItems: z.array(itemSchema),
  registered: z.object({ from: daySchema, until: daySchema }).nullable(),
  /** Whom a compensation is for: the customers that were ticked, and how many orders of the file are theirs. */
  targets: z.object({ customers: z.number().int(), orders: z.number().int() }).nullable(),
  banner: z.object({ banner: bannerSchema, link: bannerLinkSchema }).nullable(),
  /** Null when nobody is reminded. `at` is an estimate until the push is dispatched; null when it would come too early. */
  reminder: z
    .object({
      days: z.number().int(),
      at: instantSchema.nullable(),
      customers: z.number().int(),
      finishedAt: instantSchema.nullable(),
    })
    .nullable(),
  appliedBy: z.string(),
  progress: pushProgressSchema,
  warnings: z.array(z.enum(['validity_short', 'uncancellable'])),
  timeline: z.array(
    z.object({
      kind: pushEventKindSchema,
      detail: z.record(z.string(), z.unknown()),
      /** The seller whose act it was. */
      by: z.string().nullable(),
      happenedAt: instantSchema,
    }),
  ),
});
export type Push = z.infer<typeof pushSchema>;
