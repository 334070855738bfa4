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
