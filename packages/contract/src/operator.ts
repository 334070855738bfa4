import { z } from 'zod';
import { idParam } from './common.ts';

/** POST /api/operator/pushes/:pushId/release: a push that is a day late may go out all the same (spec 6). */
export const operatorPushParams = z.object({ pushId: idParam });

/** POST /api/operator/pushes/:pushId/resume: a channel that was paused because of us goes on. */
export const resumeRequest = z.object({ channel: z.enum(['email', 'app_push', 'reminder']) });

/** PUT /api/operator/policy/:key */
export const policyParams = z.object({ key: z.string().max(100) });
export const policyChangeRequest = z.object({ value: z.unknown() });
/** The policy in force, by key. */
export const policyResponse = z.object({ policy: z.record(z.string(), z.unknown()) });

/** Ways out that have limits of their own. */
export const limitedChannels = ['email', 'web_push', 'fcm'] as const;
export type LimitedChannel = (typeof limitedChannels)[number];

/** What all worker processes together keep to; null: no limit of this kind. */
export const sendingLimitsSchema = z.object({
  /** Counted as handed to the other side, repeats included. */
  messagesPerSecond: z.number().int().min(1).max(100_000).nullable(),
  /** Open at once; of web_push, to each push service. Without, each worker has its own: 4 for e-mail, 16, and 2 for fcm. */
  connections: z.number().int().min(1).max(1000).nullable(),
  /** E-mail alone: a connection is closed after so many; without, after 1,000. */
  messagesPerConnection: z.number().int().min(1).max(1_000_000).nullable(),
});
export type SendingLimits = z.infer<typeof sendingLimitsSchema>;

/** GET /api/operator/limits, and the answer to PUT /api/operator/limits/:channel, whose body is one channel's limits. */
export const limitsResponse = z.object({
  limits: z.object({ email: sendingLimitsSchema, web_push: sendingLimitsSchema, fcm: sendingLimitsSchema }),
});
export const limitsParams = z.object({ channel: z.enum(limitedChannels) });
