import type { Answer } from '../answer.ts';

const longestWaitMs = 7 * 86_400_000;

/** What a push service's status means (RFC 8030; law-and-standards.md). Pure; `now` is for a Retry-After that is a date. */
export function classifyStatus(
  response: { status: number; retryAfter: string | undefined; text: string },
  now: Date,
): Answer {
  const { status, retryAfter, text } = response;
  const reason = `${status} ${text.replace(/\s+/g, ' ').trim()}`.trim().slice(0, 300);
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (status === 404 || status === 410) return { kind: 'gone', reason };
  if (status === 408 || status === 429 || status >= 500) {
    const afterMs = parseRetryAfter(retryAfter, now);
    return { kind: 'retry', reason, inDoubt: false, ...(afterMs === null ? {} : { afterMs }) };
  }
  // The request, or the key it is signed with, is not accepted: that is the same for everyone.
  if (status === 400 || status === 401 || status === 403) return { kind: 'ours', reason };
  // 413, and whatever else there may be, is about this message.
  return { kind: 'failed', reason };
}

/** RFC 9110 10.2.3: seconds, or a date. Null for none, or nonsense. */
export function parseRetryAfter(value: string | undefined, now: Date): number | null {
  const text = value?.trim() ?? '';
  const ms = /^\d{1,12}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) || text === '' ? null : Math.min(longestWaitMs, Math.max(0, ms));
}

/** Those that come up before a request is written: nobody can have taken it. */
const unsent =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS_.*|.*_CERT.*)$/;

/** What a request that got no answer means. */
export function classifyError(error: unknown): Answer {
  const { code = '', message = String(error) } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  const reason = [code, message].filter(Boolean).join(' ').slice(0, 300);
  return { kind: 'retry', reason, inDoubt: !unsent.test(code) };
}
