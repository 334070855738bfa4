import { betterAuth } from 'better-auth';
import { twoFactor } from 'better-auth/plugins/two-factor';
import type pg from 'pg';

/** Set by our own route from the connection, whatever the client sent: sign-ins are limited by it. */
export const clientAddressHeader = 'x-coupon-push-client-address';

export interface AuthOptions {
  pool: pg.Pool;
  /** Signs the session cookies; made at first start and kept. */
  secret: string;
  publicUrl: string;
  /** Origins that pages of ours may be served from. */
  trustedOrigins: string[];
}

/**
 * Sign-in by e-mail and password and, for who wants it, a code of an authenticator app (TOTP, RFC 6238), with sessions in
 * our database. People are created by the operator or invited by a shop, so nobody signs up by themselves.
 */
export function createAuth(options: AuthOptions) {
  return betterAuth({
    appName: 'Coupon Push',
    database: options.pool,
    baseURL: options.publicUrl,
    basePath: '/api/auth',
    secret: options.secret,
    trustedOrigins: options.trustedOrigins,
    telemetry: { enabled: false },
    logger: { level: 'error' },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 128 },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 300,
      customRules: {
        '/sign-in/email': { window: 60, max: 20 },
        '/change-password': { window: 60, max: 10 },
        // Also limited per account, wherever the guesses come from: five a sign-in, ten in a row lock it for a quarter hour.
        '/two-factor/*': { window: 60, max: 20 },
      },
    },
    advanced: {
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
      cookiePrefix: 'coupon-push',
      useSecureCookies: options.publicUrl.startsWith('https://'),
    },
    plugins: [
      twoFactor({
        twoFactorTable: 'app_two_factor',
        schema: {
          user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
          twoFactor: {
            fields: {
              userId: 'user_id',
              backupCodes: 'backup_codes',
              failedVerificationCount: 'failed_verification_count',
              lockedUntil: 'locked_until',
            },
          },
        },
      }),
    ],
    user: {
      modelName: 'app_user',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      additionalFields: {
        role: { type: 'string', required: true, input: false, defaultValue: 'seller' },
        language: { type: 'string', required: true, input: false, defaultValue: 'ja' },
      },
    },
    session: {
      modelName: 'app_session',
      expiresIn: 60 * 60 * 24 * 7,
      updateAge: 60 * 60 * 24,
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    account: {
      modelName: 'app_credential',
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'app_verification',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
  });
}

export type Auth = ReturnType<typeof createAuth>;
