import { createPublicKey } from 'node:crypto';
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
  /** Where the marketplace signs its customers in, with `{next}` for the page of My Page to come back to. */
  customerSignInUrl?: string;
  /** How e-mails that come back are heard of (features/bounces). */
  bounces?: {
    /** Its MX record leads to the receiver; without it e-mails come back to the sender's address. */
    domain?: string;
    /** Where the API takes what comes back. */
    receiver?: { host: string; port: number };
    sesTopicArn?: string;
    sendgridKey?: string;
    mailgunKey?: string;
    postmarkSecret?: string;
  };
  /** Where this process shows its figures to Prometheus. */
  metrics?: { host: string; port: number };
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

function portOf(name: string, example: number) {
  const message = `Set ${name} to a whole number from 1 to 65535, for example ${name}=${example}.`;
  return z
    .string()
    .regex(/^\d{1,5}$/, message)
    .transform(Number)
    .refine((port) => port >= 1 && port <= 65_535, message);
}

function hostOf(name: string) {
  const message = `Set ${name} to an address of this machine: 127.0.0.1 (this machine only) or 0.0.0.0 (all).`;
  return z
    .string()
    .regex(/^[A-Za-z0-9.:-]+$/, message)
    .default('127.0.0.1');
}

/** Is it what SendGrid shows: base64 of a public key of an elliptic curve? */
function isSendgridKey(text: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ec';
  } catch {
    return false;
  }
}

// Messages never repeat SMTP_URL, DATABASE_URL, keys and secrets.
const SETTINGS = z.object({
  PORT: portOf('PORT', 3000).default(3000),
  HOST: hostOf('HOST'),
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
  CUSTOMER_SIGN_IN_URL: urlOf(
    ['http', 'https'],
    'Set CUSTOMER_SIGN_IN_URL to where customers sign in at the marketplace, with {next} for where they came from, for example https://shop.example.com/sign-in?coupons={next}.',
  )
    .refine(
      (text) => text.includes('{next}'),
      'Set CUSTOMER_SIGN_IN_URL to an address that contains {next}, for example https://shop.example.com/sign-in?coupons={next}.',
    )
    .optional(),
  BOUNCE_DOMAIN: z
    .string()
    .regex(
      /^(?=.{4,180}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i,
      'Set BOUNCE_DOMAIN to a domain whose MX record leads to the bounce receiver, for example bounces.example.com.',
    )
    .optional(),
  BOUNCE_SMTP_PORT: portOf('BOUNCE_SMTP_PORT', 2525).optional(),
  BOUNCE_SMTP_HOST: hostOf('BOUNCE_SMTP_HOST'),
  BOUNCE_SES_TOPIC_ARN: z
    .string()
    .regex(
      /^arn:(aws|aws-us-gov|aws-cn):sns:[a-z0-9-]{5,30}:\d{12}:[\w-]+$/,
      'Set BOUNCE_SES_TOPIC_ARN to the SNS topic of your bounces, for example arn:aws:sns:ap-northeast-1:123456789012:bounces.',
    )
    .optional(),
  BOUNCE_SENDGRID_KEY: z
    .string()
    .refine(
      isSendgridKey,
      'Set BOUNCE_SENDGRID_KEY to the verification key that SendGrid shows, which begins with MFkw.',
    )
    .optional(),
  BOUNCE_MAILGUN_KEY: z
    .string()
    .min(16, 'Set BOUNCE_MAILGUN_KEY to the HTTP webhook signing key that Mailgun shows.')
    .optional(),
  BOUNCE_POSTMARK_SECRET: z
    .string()
    .min(
      20,
      'Set BOUNCE_POSTMARK_SECRET to at least 20 random characters, the password in the address that Postmark calls.',
    )
    .optional(),
  METRICS_PORT: portOf('METRICS_PORT', 9464).optional(),
  METRICS_HOST: hostOf('METRICS_HOST'),
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
  const bounces = bouncesOf(data);
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
    ...(data.CUSTOMER_SIGN_IN_URL === undefined ? {} : { customerSignInUrl: data.CUSTOMER_SIGN_IN_URL }),
    ...(bounces === undefined ? {} : { bounces }),
    ...(data.METRICS_PORT === undefined ? {} : { metrics: { host: data.METRICS_HOST, port: data.METRICS_PORT } }),
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

/** @throws ConfigError when there is a receiver, and nothing that could come back to it. */
function bouncesOf(data: z.infer<typeof SETTINGS>): Config['bounces'] {
  const { BOUNCE_DOMAIN: domain, BOUNCE_SMTP_PORT: port, BOUNCE_SMTP_HOST: host } = data;
  if (port !== undefined && domain === undefined) {
    throw new ConfigError(
      'Set BOUNCE_DOMAIN, too: without it no e-mail comes back to the receiver of BOUNCE_SMTP_PORT.',
    );
  }
  const bounces = {
    ...(domain === undefined ? {} : { domain: domain.toLowerCase() }),
    ...(port === undefined ? {} : { receiver: { host, port } }),
    ...(data.BOUNCE_SES_TOPIC_ARN === undefined ? {} : { sesTopicArn: data.BOUNCE_SES_TOPIC_ARN }),
    ...(data.BOUNCE_SENDGRID_KEY === undefined ? {} : { sendgridKey: data.BOUNCE_SENDGRID_KEY }),
    ...(data.BOUNCE_MAILGUN_KEY === undefined ? {} : { mailgunKey: data.BOUNCE_MAILGUN_KEY }),
    ...(data.BOUNCE_POSTMARK_SECRET === undefined ? {} : { postmarkSecret: data.BOUNCE_POSTMARK_SECRET }),
  };
  return Object.keys(bounces).length === 0 ? undefined : bounces;
}
