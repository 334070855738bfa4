import { z } from 'zod';
import { daySchema, idSchema, instantSchema } from './common.ts';
import { newFellowsSchema } from './fellows.ts';
import { pushSummarySchema } from './pushes.ts';
import { quotaSchema } from './slots.ts';

/** What a seller should know of before anything else. */
export const dashboardNoticeSchema = z.discriminatedUnion('kind', [
  /** Sending is held up; the operator has been told. */
  z.object({ kind: z.literal('push_paused'), pushId: idSchema }),
  /** A push of the last seven days was not sent; its page says why. */
  z.object({ kind: z.literal('push_not_sent'), pushId: idSchema, slot: instantSchema }),
  /** There is no coupon that can be sent. */
  z.object({ kind: z.literal('no_coupon') }),
]);
export type DashboardNotice = z.infer<typeof dashboardNoticeSchema>;

/** What became of a push that has ended or is going out: what was issued, and what was used of it. */
export const pushResultSchema = pushSummarySchema.extend({ issued: z.number().int(), used: z.number().int() });
export type PushResult = z.infer<typeof pushResultSchema>;

/** GET /api/shops/:shopId/dashboard: the whole page in one answer. */
export const dashboardSchema = z.object({
  quota: quotaSchema,
  /** The first slot that can be applied for; null when every offered one falls in a full week. */
  nextFree: instantSchema.nullable(),
  nextFreeFrom: daySchema.nullable(),
  /** The waiting push that goes out first. */
  nextPush: pushSummarySchema.nullable(),
  /** The newest three that have gone out, or are going out now. */
  lastPushes: z.array(pushResultSchema),
  fellows: z.object({ total: z.number().int(), reachable: z.number().int(), days: newFellowsSchema }),
  notices: z.array(dashboardNoticeSchema),
});
export type Dashboard = z.infer<typeof dashboardSchema>;
