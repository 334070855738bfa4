import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const keyPattern = /^cpk_([1-9]\d{0,14})_([A-Za-z0-9_-]{43})$/;

/** 256 random bits. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a secret. As it is random, a plain hash is enough: there is nothing to guess. */
export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** The key as a system sends it; the beginning makes it known to whoever looks for secrets that leaked. */
export function writeKey(id: number, secret: string): string {
  return `cpk_${id}_${secret}`;
}

/** Undefined for what is no key of ours. */
export function readKey(key: string): { id: number; secret: string } | undefined {
  const [, id, secret] = keyPattern.exec(key) ?? [];
  return secret === undefined ? undefined : { id: Number(id), secret };
}

/** The key in an `Authorization: Bearer ...` header (RFC 6750). */
export function bearerOf(header: string | undefined): string | undefined {
  return /^Bearer +(\S{1,200}) *$/i.exec(header ?? '')?.[1];
}

/** Takes the same time however much of the secret is right. */
export function isSecretOf(hash: string, secret: string): boolean {
  return timingSafeEqual(Buffer.from(hash, 'hex'), Buffer.from(hashOfSecret(secret), 'hex'));
}
