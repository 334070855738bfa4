import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import { z } from 'zod';
import { AppError } from '../../lib/app-error.ts';

/** How the marketplace signs for its customers: with a secret that we share, or with keys that it publishes. */
export interface CustomerTokenSettings {
  key: { secret: string } | { jwksUrl: string };
  issuer: string;
  audience: string;
}

/** What a valid token says. */
export interface CustomerToken {
  customerNo: string;
  jti: string;
  expiresAt: Date;
}

/** @throws AppError token_invalid, token_expired, customer_keys_unreachable, customer_sign_in_off */
export type ReadCustomerToken = (token: string, now: Date) => Promise<CustomerToken>;

/** What clocks may differ by. */
export const leewaySeconds = 30;
const longestSeconds = 10 * 60;

/** Published keys: fetched again after ten minutes, or at once for a key not seen before, but not more than twice a minute. */
const keysAreFresh = { timeoutDuration: 3000, cooldownDuration: 30_000, cacheMaxAge: 10 * 60_000 };
/** While they cannot be fetched, those fetched before are good for so long. */
const keysAreKeptMs = 60 * 60_000;

/** One line of text; PostgreSQL takes no NUL, and no number of a marketplace holds control characters. */
const plainText = (longest: number) => z.string().regex(new RegExp(`^\\P{Cc}{1,${longest}}$`, 'u'));
const claims = z.object({ sub: plainText(64), jti: plainText(255), exp: z.number(), iat: z.number() });

/**
 * Reads tokens as RFC 8725 says: which algorithms may sign follows from our settings and never from the token, so a public
 * key cannot be taken for a secret, and issuer and audience are checked. Without settings every token is refused.
 */
export function customerTokens(settings: CustomerTokenSettings | undefined): ReadCustomerToken {
  if (settings === undefined) {
    return async () => {
      throw new AppError('customer_sign_in_off');
    };
  }
  const { key, issuer, audience } = settings;
  const secret = 'secret' in key;
  const keys: JWTVerifyGetKey = secret ? sharedKey(key.secret) : publishedKeys(key.jwksUrl);
  const options: JWTVerifyOptions = {
    algorithms: secret ? ['HS256'] : ['RS256', 'ES256', 'EdDSA', 'Ed25519'],
    issuer,
    audience,
    requiredClaims: ['exp', 'iat', 'sub', 'jti'],
    maxTokenAge: longestSeconds,
    clockTolerance: leewaySeconds,
  };
  return async (token, now) => {
    const payload = await verified(token, keys, { ...options, currentDate: now });
    if (payload.exp > now.getTime() / 1000 + longestSeconds + leewaySeconds) throw new AppError('token_invalid');
    return { customerNo: payload.sub, jti: payload.jti, expiresAt: new Date(payload.exp * 1000) };
  };
}

async function verified(token: string, keys: JWTVerifyGetKey, options: JWTVerifyOptions) {
  try {
    return claims.parse(await payloadOf(token, keys, options));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(error instanceof errors.JWTExpired ? 'token_expired' : 'token_invalid');
  }
}

/** Without a `kid` each key of its kind may be the token's: there are two while the marketplace goes over to a new one. */
async function payloadOf(token: string, keys: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (refusal) {
        if (!(refusal instanceof errors.JWSSignatureVerificationFailed)) throw refusal;
      }
    }
    throw error;
  }
}

function sharedKey(secret: string): JWTVerifyGetKey {
  const bytes = new TextEncoder().encode(secret);
  return async () => bytes;
}

function publishedKeys(url: string): JWTVerifyGetKey {
  const published = createRemoteJWKSet(new URL(url), keysAreFresh);
  let kept: { keys: JWTVerifyGetKey; until: number } | undefined;
  const keep = () => {
    const jwks = published.jwks();
    if (jwks) kept = { keys: createLocalJWKSet(jwks), until: performance.now() + keysAreKeptMs };
  };
  return async (header, token) => {
    try {
      const key = await published(header, token);
      keep();
      return key;
    } catch (error) {
      // The keys are there, and none of them is the token's, or several may be.
      if (error instanceof errors.JWKSNoMatchingKey) throw error;
      if (error instanceof errors.JWKSMultipleMatchingKeys) {
        keep();
        throw error;
      }
      if (kept !== undefined && kept.until > performance.now()) return await kept.keys(header, token);
      throw new AppError('customer_keys_unreachable');
    }
  };
}
