import { z } from 'zod';
import { idParam, idSchema, instantSchema, languageSchema } from './common.ts';
import { previewRequest } from './pushes.ts';

/** How many test sends one person may make within an hour. */
export const testSendsAnHour = 10;

/**
 * POST /api/shops/:shopId/test-sends: the e-mail as it would be sent now, in these languages, to the signed-in seller's
 * own address and to nobody else. No push comes of it.
 */
export const testSendRequest = previewRequest.extend({
  languages: z
    .array(languageSchema)
    .min(1)
    .max(3)
    .refine((languages) => new Set(languages).size === languages.length, { params: { code: 'language_twice' } }),
});
export type TestSendRequest = z.infer<typeof testSendRequest>;

/**
 * Why a test e-mail did not go out. `choices_gone`: the coupon, an item or the banner is not there any more.
 * `address_refused`: the mail server does not take this address. `mail_server`: it could not be reached, or refuses us.
 */
export const testSendReasonSchema = z.enum(['choices_gone', 'address_refused', 'mail_server']);

/** GET /api/shops/:shopId/test-sends/:testSendId; `sent` says that the mail server has taken it. */
export const testSendSchema = z.object({
  id: idSchema,
  /** Where it goes. */
  to: z.string(),
  createdAt: instantSchema,
  mails: z.array(
    z.object({
      language: languageSchema,
      state: z.enum(['waiting', 'sent', 'failed']),
      reason: testSendReasonSchema.nullable(),
      finishedAt: instantSchema.nullable(),
    }),
  ),
});
export type TestSend = z.infer<typeof testSendSchema>;

export const testSendParams = z.object({ shopId: idParam, testSendId: idParam });
