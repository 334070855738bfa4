import { z } from 'zod';
import { idSchema, languageSchema } from './common.ts';

/** The marketplace as every page needs it. `now` is its clock, which the demo can move. */
export const marketplaceSchema = z.object({
  name: z.string(),
  language: languageSchema,
  currency: z.string(),
  zone: z.string(),
  demo: z.boolean(),
  now: z.iso.datetime(),
  /** How long until the send time a push can be cancelled, hours (policy). */
  cancelHours: z.number(),
  banner: z.object({
    sizes: z.array(z.object({ width: z.number(), height: z.number() })),
    maxBytes: z.number(),
  }),
  bestItems: z.object({ min: z.number(), max: z.number(), default: z.number(), maxChosen: z.number() }),
});
export type Marketplace = z.infer<typeof marketplaceSchema>;

/** Demo only: who can be signed in as, shown on the sign-in page. */
export const demoSignInSchema = z.object({ email: z.string(), password: z.string(), label: z.string() });

/** GET /api/marketplace: public. */
export const marketplaceResponse = marketplaceSchema.extend({ demoSignIns: z.array(demoSignInSchema) });
export type MarketplaceResponse = z.infer<typeof marketplaceResponse>;

/** GET /api/me */
export const meSchema = z.object({
  user: z.object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role: z.enum(['seller', 'operator']),
    language: languageSchema,
  }),
  shops: z.array(z.object({ id: idSchema, name: z.string(), role: z.enum(['owner', 'staff']) })),
});
export type Me = z.infer<typeof meSchema>;

/** POST /api/auth/sign-in/email: answers with the session's cookie. */
export const signInRequest = z.object({ email: z.email().max(200), password: z.string().min(1).max(128) });

/** POST /api/auth/sign-in/email, POST /api/auth/sign-out */
export const signedResponse = z.object({ signedIn: z.boolean() });

/** PATCH /api/me */
export const meChange = z.object({ language: languageSchema });
