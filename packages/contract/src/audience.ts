import { z } from 'zod';
import { daySchema } from './common.ts';

/**
 * Why a customer gets nothing (spec 3.9); each customer is counted under the first that applies, in this order.
 * limit_reached: no more of the coupon may be issued; known at dispatch only.
 */
export const heldBackReasons = ['left', 'unverified', 'refused', 'suppressed', 'muted', 'limit_reached'] as const;
export const heldBackReasonSchema = z.enum(heldBackReasons);
export type HeldBackReason = z.infer<typeof heldBackReasonSchema>;

/** GET /api/shops/:shopId/audience: fellows registered within [from, until], both days inclusive; none: all. */
export const audienceQuery = z
  .object({ from: daySchema.optional(), until: daySchema.optional() })
  .refine((q) => q.from === undefined || q.until === undefined || q.from <= q.until, {
    path: ['until'],
    params: { code: 'until_before_from' },
  });

/** An estimate: the audience is resolved at dispatch (spec 3.10). matching = reachable + the sum of heldBack. */
export const audienceSchema = z.object({
  matching: z.number().int(),
  reachable: z.number().int(),
  heldBack: z.array(z.object({ reason: heldBackReasonSchema, customers: z.number().int() })),
  estimate: z.literal(true),
});
export type Audience = z.infer<typeof audienceSchema>;
