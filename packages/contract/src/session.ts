import { z } from 'zod';
import { idSchema, languageSchema } from './common.ts';

/** The marketplace as every page needs it. `now` is its clock, which the demo can move. */
export const marketplaceSchema = z.object({
  name: z.string(),
  language: languageSchema,
  currency: z.string(),
  zone: z.string(),
  /** Where sellers and customers find help. */
  contactUrl: z.string(),
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
    /** Signs in with a second factor. */
    twoFactor: z.boolean(),
  }),
  shops: z.array(z.object({ id: idSchema, name: z.string(), role: z.enum(['owner', 'staff']) })),
});
export type Me = z.infer<typeof meSchema>;

/** POST /api/auth/sign-in/email: answers with the session's cookie. */
export const signInRequest = z.object({ email: z.email().max(200), password: z.string().min(1).max(128) });

/**
 * POST /api/auth/sign-in/email, POST /api/auth/two-factor/verify-totp and /verify-backup-code, POST /api/auth/sign-out.
 * `twoFactor`: the password was right, and a code is asked for next; until then nobody is signed in.
 */
export const signedResponse = z.object({ signedIn: z.boolean(), twoFactor: z.boolean() });

/** A new password, 10 to 128 characters. */
export const newPasswordSchema = z.string().min(10).max(128);

/** POST /api/auth/change-password: every other session of this person ends. */
export const passwordChange = z.object({ currentPassword: z.string().min(1).max(128), newPassword: newPasswordSchema });
export type PasswordChange = z.infer<typeof passwordChange>;

/** POST /api/auth/two-factor/enable, /disable and /generate-backup-codes: the password is asked for again. */
export const passwordRequest = z.object({ password: z.string().min(1).max(128) });

/** POST /api/auth/two-factor/enable: in force once a first code of it was confirmed by /verify-totp. */
export const twoFactorSecret = z.object({
  /** For the authenticator app, drawn as a QR code. */
  uri: z.string(),
  /** The same secret to be typed, base32. */
  secret: z.string(),
  backupCodes: z.array(z.string()),
});
export type TwoFactorSecret = z.infer<typeof twoFactorSecret>;

/** POST /api/auth/two-factor/generate-backup-codes: the earlier ones are void. */
export const backupCodesResponse = z.object({ backupCodes: z.array(z.string()) });

/** POST /api/auth/two-factor/verify-totp and /verify-backup-code. `trustDevice`: not asked for here for 30 days. */
export const codeRequest = z.object({
  code: z.string().trim().min(1).max(40),
  trustDevice: z.boolean().default(false),
});
export type CodeRequest = z.input<typeof codeRequest>;

/** PATCH /api/me */
export const meChange = z.object({ language: languageSchema });
