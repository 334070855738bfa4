import { z } from 'zod';
import { heldBackReasonSchema } from './audience.ts';
import { idParam, instantSchema, languageSchema } from './common.ts';
import { maxOrderNos, orderNoMaxLength, rowOutcomes } from './compensation-limits.ts';

export const rowOutcomeSchema = z.enum(rowOutcomes);
export type RowOutcome = z.infer<typeof rowOutcomeSchema>;

/** POST /api/shops/:shopId/compensation-uploads/orders: orders chosen from a list instead of a file. */
export const ordersUpload = z.object({
  orderNos: z.array(z.string().trim().min(1).max(orderNoMaxLength)).min(1).max(maxOrderNos),
});

/**
 * The customers that a file names, and what became of its rows. Who can be reached is an estimate, as of now (spec
 * 3.10): customers = reachable + the sum of heldBack.
 */
export const compensationUploadSchema = z.object({
  id: z.uuid(),
  source: z.enum(['file', 'orders']),
  /** Empty when there was no file. */
  fileName: z.string(),
  /** Where the numbers were read; null for formats without sheets. */
  sheet: z.string().nullable(),
  column: z.string().nullable(),
  uploadedAt: instantSchema,
  /** Until then it can be applied with. */
  expiresAt: instantSchema,
  rows: z.object({
    matched: z.number().int(),
    same_customer: z.number().int(),
    not_found: z.number().int(),
    other_shop: z.number().int(),
    unreadable: z.number().int(),
  }),
  customers: z.number().int(),
  reachable: z.number().int(),
  heldBack: z.array(z.object({ reason: heldBackReasonSchema, customers: z.number().int() })),
});
export type CompensationUpload = z.infer<typeof compensationUploadSchema>;

export const uploadParams = z.object({ shopId: idParam, uploadId: z.uuid() });

/** Pages of 50, counted from 1. */
const pageNumber = z.coerce.number().int().min(1).max(100_000).default(1);

/** GET .../compensation-uploads/:uploadId/rows; in the order of the file. */
export const uploadRowsQuery = z.object({ outcome: rowOutcomeSchema, page: pageNumber });
export const uploadRowsPage = z.object({
  entries: z.array(
    z.object({
      /** The row as the seller's program counts it. */
      rowNo: z.number().int(),
      /** What stood there. */
      text: z.string(),
    }),
  ),
  total: z.number().int(),
});
export type UploadRowsPage = z.infer<typeof uploadRowsPage>;

/** GET .../compensation-uploads/:uploadId/unmatched.csv; without a language, the account's. */
export const unmatchedQuery = z.object({ language: languageSchema.optional() });

/**
 * GET .../compensation-uploads/:uploadId/recipients; in the order of the file. `search` looks at what the list shows:
 * the beginning of an order number, or of the visible part of the masked ID.
 */
export const recipientsQuery = z.object({
  page: pageNumber,
  search: z.string().trim().max(100).optional(),
  show: z.enum(['reachable', 'held_back']).optional(),
  reason: heldBackReasonSchema.optional(),
});

export const compensationRecipientSchema = z.object({
  /** The recipient's number within the upload: what a selection names. */
  no: z.number().int(),
  /** ID or e-mail address as a seller may see it, `ham******`. */
  masked: z.string(),
  /** With this shop in the last seven days, without cancelled orders (spec 3.8). */
  purchases: z.number().int(),
  amountMinor: z.number().int(),
  /** The first few of the order numbers in the file. */
  orderNos: z.array(z.string()),
  orders: z.number().int(),
  /** Why this customer cannot be reached; null when they can. */
  heldBack: heldBackReasonSchema.nullable(),
});
export type CompensationRecipient = z.infer<typeof compensationRecipientSchema>;

export const recipientsPage = z.object({ entries: z.array(compensationRecipientSchema), total: z.number().int() });
export type RecipientsPage = z.infer<typeof recipientsPage>;

const numbers = z.array(z.number().int().positive().max(1_000_000)).max(50_000);

/**
 * Who of an upload's recipients gets the coupon: everybody who can be reached except some, or only some. Numbers are
 * those of the upload's recipients.
 */
export const selectionSchema = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('all'), except: numbers }),
  z.object({ mode: z.literal('only'), only: numbers }),
]);
export type Selection = z.infer<typeof selectionSchema>;
