import { resolve } from 'node:path';
import { z } from 'zod';
import { StartError } from './lib/start-error.ts';

/** What this process was told by its environment. Nothing else reads process.env. */
export interface Config {
  port: number;
  /** The address to listen on: 127.0.0.1 is reachable from this machine alone, 0.0.0.0 from everywhere. */
  host: string;
  /** Absolute. Holds the embedded database. */
  dataDir: string;
  /** Where customers and sellers reach this deployment; begins every link that is sent. Without a slash at the end. */
  publicUrl: string;
  /** Where e-mail goes. Without it the demo captures it. */
  smtpUrl?: string;
  /** The file of a Firebase project's service account: with it native apps get app pushes. Absolute. */
  fcmServiceAccount?: string;
  /** A PostgreSQL server to use instead of the embedded one. */
  databaseUrl?: string;
  /** Addresses of proxies in front, whose X-Forwarded-For is believed; fastify's trustProxy. */
  trustProxy?: string;
  /** How the marketplace signs its customers in to My Page; without it only the demo lets anybody in. */
  customerTokens?: { key: { secret: string } | { jwksUrl: string }; issuer: string; audience: string };
  /** Fill an empty database with the demo marketplace. */
  demo: boolean;
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
}

/** Settings that cannot be used; the message has one line for each, which says what to set. */
export class ConfigError extends StartError {}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** A value that has to be a URL of one of these schemes, with a host. */
function urlOf(schemes: string[], message: string): z.ZodString {
  return z.string().refine((text) => {
    const url = URL.parse(text);
    return url !== null && url.hostname !== '' && schemes.includes(url.protocol.slice(0, -1));
  }, message);
}

// Messages never repeat SMTP_URL and DATABASE_URL: they hold passwords.
const SETTINGS = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'Set PORT to a whole number from 1 to 65535, for example PORT=3000.')
    .transform(Number)
    .refine((port) => port >= 1 && port <= 65_535, 'Set PORT to a whole number from 1 to 65535, for example PORT=3000.')
    .default(3000),
  HOST: z
    .string()
    .regex(
      /^[A-Za-z0-9.:-]+$/,
      'Set HOST to an address of this machine: 127.0.0.1 (this machine only) or 0.0.0.0 (all).',
    )
    .default('127.0.0.1'),
  DATA_DIR: z.string().default('./data'),
  PUBLIC_URL: urlOf(
    ['http', 'https'],
    'Set PUBLIC_URL to the address people open, beginning with http:// or https://, for example https://coupons.example.com.',
  )
    .refine((text) => !/[?#]/.test(text), 'Set PUBLIC_URL to an address without "?" and "#".')
    .transform((text) => text.replace(/\/+$/, ''))
    .optional(),
  SMTP_URL: urlOf(
    ['smtp', 'smtps'],
    'Set SMTP_URL to smtp://user:password@host:587 or smtps://user:password@host:465, or leave it out to capture e-mail.',
  ).optional(),
  FCM_SERVICE_ACCOUNT: z.string().optional(),
  DATABASE_URL: urlOf(
    ['postgres', 'postgresql'],
    'Set DATABASE_URL to postgres://user:password@host:5432/database, or leave it out to use the embedded database.',
  ).optional(),
  TRUST_PROXY: z
    .string()
    .regex(
      /^[A-Za-z0-9.:/, ]+$/,
      'Set TRUST_PROXY to the addresses of the proxies in front, for example 127.0.0.1 or 10.0.0.0/8, separated by commas.',
    )
    .optional(),
  CUSTOMER_JWT_SECRET: z
    .string()
    .min(32, 'Set CUSTOMER_JWT_SECRET to at least 32 random characters, the same as in the marketplace.')
    .optional(),
  CUSTOMER_JWKS_URL: urlOf(
    ['http', 'https'],
    'Set CUSTOMER_JWKS_URL to where the marketplace publishes its keys, for example https://shop.example.com/.well-known/jwks.json.',
  ).optional(),
  CUSTOMER_JWT_ISSUER: z.string().optional(),
  CUSTOMER_JWT_AUDIENCE: z.string().default('coupon-push'),
  DEMO: z.enum(['on', 'off'], 'Set DEMO to on or off.').default('on'),
  LOG_LEVEL: z.enum(LOG_LEVELS, `Set LOG_LEVEL to one of ${LOG_LEVELS.join(', ')}.`).default('warn'),
});

/**
 * Reads the settings. A variable that is empty counts as not set, as compose files and shells write it.
 * @param root what a relative DATA_DIR is relative to: the folder of the repository.
 * @throws ConfigError naming every setting that cannot be used, at once.
 */
export function readConfig(env: NodeJS.ProcessEnv, root: string): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const { success, data, error } = SETTINGS.safeParse(set);
  if (!success) {
    // Of several complaints about one setting the first says enough.
    const first = new Map(error.issues.toReversed().map(({ path, message }) => [String(path[0]), message]));
    const lines = Object.keys(SETTINGS.shape).flatMap((key) => first.get(key) ?? []);
    throw new ConfigError(lines.join('\n'));
  }
  const customerTokens = customerTokensOf(data);
  return {
    port: data.PORT,
    host: data.HOST,
    dataDir: resolve(root, data.DATA_DIR),
    publicUrl: data.PUBLIC_URL ?? `http://localhost:${data.PORT}`,
    ...(data.SMTP_URL === undefined ? {} : { smtpUrl: data.SMTP_URL }),
    ...(data.FCM_SERVICE_ACCOUNT === undefined ? {} : { fcmServiceAccount: resolve(root, data.FCM_SERVICE_ACCOUNT) }),
    ...(data.DATABASE_URL === undefined ? {} : { databaseUrl: data.DATABASE_URL }),
    ...(data.TRUST_PROXY === undefined ? {} : { trustProxy: data.TRUST_PROXY }),
    ...(customerTokens === undefined ? {} : { customerTokens }),
    demo: data.DEMO === 'on',
    logLevel: data.LOG_LEVEL,
  };
}

/** @throws ConfigError when it is not clear by which key, or whose tokens they are. */
function customerTokensOf(data: z.infer<typeof SETTINGS>): Config['customerTokens'] {
  const { CUSTOMER_JWT_SECRET: secret, CUSTOMER_JWKS_URL: jwksUrl, CUSTOMER_JWT_ISSUER: issuer } = data;
  if (secret === undefined && jwksUrl === undefined) return undefined;
  if (secret !== undefined && jwksUrl !== undefined) {
    throw new ConfigError('Set either CUSTOMER_JWT_SECRET or CUSTOMER_JWKS_URL, not both.');
  }
  if (issuer === undefined) {
    throw new ConfigError(
      'Set CUSTOMER_JWT_ISSUER to the "iss" of the marketplace\'s tokens, as https://shop.example.com.',
    );
  }
  const key = jwksUrl === undefined ? { secret: secret ?? '' } : { jwksUrl };
  return { key, issuer, audience: data.CUSTOMER_JWT_AUDIENCE };
}
