import { createHash, randomBytes } from 'node:crypto';

const day = 86_400_000;

/** A session ends when it was not used for so long. */
export const sessionMs = 30 * day;
/** It is prolonged at most once a day: reading a page writes nothing. */
const prolongedAfterMs = day;

export function sessionExpiry(now: Date): Date {
  return new Date(now.getTime() + sessionMs);
}

export function isToBeProlonged(expiresAt: Date, now: Date): boolean {
  return expiresAt.getTime() - now.getTime() < sessionMs - prolongedAfterMs;
}

/** The secret of a session: 256 random bits. Only its hash is kept. */
export function newSessionToken(): { token: string; hash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: sessionHash(token) };
}

export function sessionHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

const home = '/my/';

/**
 * Where to lead on to after signing in: a page of My Page, and nothing else, however it is written. What leads elsewhere
 * leads home, so that a link of ours cannot be made to point at a stranger's page.
 */
export function nextPage(next: string | undefined): string {
  const base = 'http://ours.invalid';
  const url = next?.startsWith('/') ? URL.parse(next, base) : null;
  if (url === null || url.origin !== base) return home;
  if (!url.pathname.startsWith(home) || url.pathname.startsWith('/my/enter')) return home;
  return url.pathname + url.search + url.hash;
}
