import { z } from 'zod';

export const languages = ['ja', 'ko', 'en'] as const;
export const languageSchema = z.enum(languages);
export type Language = z.infer<typeof languageSchema>;

/** A number of ours (shop, item, coupon, push ...) in a path or query: decimal text that is a safe positive integer. */
export const idParam = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

export const idSchema = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/** A calendar day in the marketplace's time zone, `2026-11-25`. The database has no year 0. */
export const daySchema = z.iso.date().refine((day) => !day.startsWith('0000'), { params: { code: 'invalid_format' } });

/** A moment, RFC 3339 with offset or Z. */
export const instantSchema = z.iso.datetime({ offset: true });

/** Money in minor units of the marketplace's currency. The upper bound keeps every sum a safe integer. */
export const moneySchema = z.number().int().min(0).max(1_000_000_000_000);

/**
 * One line of text that somebody types. Control characters, which the database or a file could not hold, line breaks and what
 * turns the direction of the text around it become spaces: names stand in e-mails to others.
 */
export function lineSchema(maxLength: number) {
  return z
    .string()
    .overwrite((text) => text.toWellFormed().replace(unprintable, ' '))
    .trim()
    .min(1)
    .max(maxLength);
}

const unprintable = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/** The answer of a request that has nothing more to say. */
export const doneResponse = z.object({ done: z.literal(true) });

export const shopParams = z.object({ shopId: idParam });

/** A page of a list. `next` goes into `after` of the following request; null on the last page. */
export function pageOf<T extends z.ZodType>(entry: T) {
  return z.object({ entries: z.array(entry), next: z.string().nullable() });
}

/** A creating POST with this header is carried out once, however often it is sent. */
export const idempotencyHeaders = z.object({ 'idempotency-key': z.string().min(1).max(255).optional() });

export const pageQuery = z.object({
  after: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
