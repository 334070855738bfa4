import { z } from 'zod';
import type { Answer } from '../answer.ts';
import type { Verdict } from '../evidence.ts';
import { parseRetryAfter } from '../web-push/classify.ts';

export interface FcmResponse {
  status: number;
  retryAfter: string | undefined;
  text: string;
}

const errorBody = z.object({
  error: z.object({
    status: z.string().default(''),
    message: z.string().default(''),
    details: z.array(z.object({ errorCode: z.string().optional() })).default([]),
  }),
});

/** Google's own wait where a 429 names none, ms. */
const quotaWaitMs = 60_000;

/**
 * What FCM's answer means (firebase.google.com/docs/cloud-messaging/error-codes; law-and-standards.md).
 * @param evidence what else is known: whether others took this same payload, and whether this project reaches anybody. A
 * token is given up for INVALID_ARGUMENT or SENDER_ID_MISMATCH only when that shows that it is the token's fault.
 */
export function classifyFcm(
  response: FcmResponse,
  now: Date,
  evidence: { payload: () => Verdict; project: () => Verdict },
): Answer {
  const { status } = response;
  if (status >= 200 && status < 300) return { kind: 'sent' };
  const { code, message } = readError(response.text);
  const reason = `${status} ${code} ${message}`.replace(/\s+/g, ' ').trim().slice(0, 300);
  if (status === 408 || status === 429 || status >= 500) {
    const afterMs = parseRetryAfter(response.retryAfter, now) ?? (status === 429 ? quotaWaitMs : null);
    return { kind: 'retry', reason, inDoubt: false, ...(afterMs === null ? {} : { afterMs }) };
  }
  if (code === 'UNREGISTERED') return { kind: 'gone', reason };
  if (code === 'INVALID_ARGUMENT') return byVerdict(evidence.payload(), reason);
  if (code === 'SENDER_ID_MISMATCH') return byVerdict(evidence.project(), reason);
  // 401, THIRD_PARTY_AUTH_ERROR, PERMISSION_DENIED, an unknown project: the same for everyone.
  return { kind: 'ours', reason };
}

/** As long as nothing tells, it is tried again: by then others have been, and it is known. */
function byVerdict(verdict: Verdict, reason: string): Answer {
  if (verdict === 'device') return { kind: 'gone', reason };
  return verdict === 'us' ? { kind: 'ours', reason } : { kind: 'retry', reason, inDoubt: false };
}

function readError(text: string): { code: string; message: string } {
  try {
    const { error } = errorBody.parse(JSON.parse(text));
    const code = error.details.find(({ errorCode }) => errorCode !== undefined)?.errorCode ?? error.status;
    return { code, message: error.message };
  } catch {
    return { code: '', message: text.slice(0, 200) };
  }
}
