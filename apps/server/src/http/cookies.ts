/** The value of a cookie of a request; undefined when there is none, or one that is no token. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at !== -1 && part.slice(0, at).trim() === name) return /^[\w.-]+$/.exec(part.slice(at + 1).trim())?.[0];
  }
  return undefined;
}

/** A cookie that scripts cannot read and foreign pages cannot send along with a change. An age of 0 removes it. */
export function sessionCookie(
  name: string,
  value: string,
  { maxAgeSeconds, secure }: { maxAgeSeconds: number; secure: boolean },
): string {
  const attributes = `Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax`;
  return `${name}=${value}; ${attributes}${secure ? '; Secure' : ''}`;
}
