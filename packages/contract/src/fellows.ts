import { z } from 'zod';
import { heldBackReasonSchema } from './audience.ts';
import { daySchema, instantSchema, pageOf, pageQuery } from './common.ts';

const ordered = (query: { from?: string | undefined; until?: string | undefined }) =>
  query.from === undefined || query.until === undefined || query.from <= query.until;
const backwards = { path: ['until'], params: { code: 'until_before_from' } };

/** GET /api/shops/:shopId/fellows; newest registration first, both days inclusive. */
export const fellowListQuery = pageQuery
  .extend({ from: daySchema.optional(), until: daySchema.optional() })
  .refine(ordered, backwards);

export const fellowSchema = z.object({
  /** ID or e-mail, masked. */
  customer: z.string(),
  registeredAt: instantSchema,
  /** null: can be reached. */
  heldBack: heldBackReasonSchema.nullable(),
});
export type Fellow = z.infer<typeof fellowSchema>;
export const fellowPage = pageOf(fellowSchema);

/** GET /api/shops/:shopId/fellows/summary: at most 366 days. */
export const fellowSummaryQuery = z.object({ from: daySchema, until: daySchema }).refine(ordered, backwards);

export const newFellowsSchema = z.array(z.object({ day: daySchema, fellows: z.number().int() }));

export const fellowSummary = z.object({
  total: z.number().int(),
  reachable: z.number().int(),
  heldBack: z.array(z.object({ reason: heldBackReasonSchema, customers: z.number().int() })),
  /** Of those who are fellows now: how many registered on each day of the period, days without any included. */
  days: newFellowsSchema,
});
export type FellowSummary = z.infer<typeof fellowSummary>;
