import { z } from 'zod';
import { languageSchema } from './common.ts';

/**
 * POST /api/my/session: a token of the marketplace (JWT) opens a session of its customer, once. `sub` is the customer
 * number; `exp` (at most 10 minutes ahead), `iat`, `jti`, `iss` and `aud` are needed. GET /my/enter does the same for a
 * browser that the marketplace sends here, and leads on to `next`.
 */
export const sessionOpen = z.object({ token: z.string().min(1).max(4096) });
/** A person stands before what this answers: what cannot be read is as if it were missing, and a page says so. */
export const enterQuery = z.object({
  token: z.string().max(4096).catch(''),
  next: z.string().max(2000).optional().catch(undefined),
});

/** GET /api/my/session: who is signed in. */
export const customerSchema = z.object({
  customerNo: z.string(),
  name: z.string().nullable(),
  language: languageSchema,
});
export type SignedInCustomer = z.infer<typeof customerSchema>;

/** Demo only. GET /api/demo/customers: whom to act as; POST /api/demo/act-as opens a session. */
export const actAsRequest = z.object({ customerNo: z.string().regex(/^\P{Cc}{1,64}$/u) });
export const demoCustomers = z.object({
  customers: z.array(customerSchema.extend({ usableCoupons: z.number().int(), shops: z.number().int() })),
});
