import { heldBackReasons } from '@coupon-push/contract/audience.ts';
import type { FailureKind } from '@coupon-push/contract/pushes.ts';
import type { Answer } from '../channels/answer.ts';

/** A recipient's place in the ledger after an attempt; `ours` is no outcome for anyone: it pauses the channel. */
export interface Outcome {
  customerId: number;
  /** How often it had been tried before. */
  attempts: number;
  state: 'sent' | 'retry' | 'failed' | 'gone';
  /** Was something handed to the wire? What was never tried does not count as an attempt. */
  tried: boolean;
  inDoubt: boolean;
  reason: string | null;
  /** Why it was not reached for good, as sellers are told; null as long as it was, or may yet be. */
  failure: FailureKind | null;
  afterMs: number;
}

/** Where the last range of a push ends: larger than any customer_id that a number holds exactly. */
export const beyondLast = Number.MAX_SAFE_INTEGER;

export const afterSmallPushes = 1;

/**
 * When a batch's turn is, lower first: a push that is one batch as a whole before those that are many, which nobody notices
 * of those; then each push's first batch before any other's second.
 */
export function sendPriority({ batchNo, until }: { batchNo: number; until: number }): number {
  return batchNo === 0 && until === beyondLast ? 0 : batchNo + afterSmallPushes;
}

const minute = 60_000;

/** How long to wait after the first, second ... attempt; there is one attempt more than there are waits. */
export const retryDelaysMs: readonly number[] = [
  0.5 * minute,
  2 * minute,
  10 * minute,
  30 * minute,
  60 * minute,
  2 * 60 * minute,
  4 * 60 * minute,
];

/** However long a server asks us to stay away: beyond this a coupon message is of no use to anyone. */
const longestWaitMs = 6 * 60 * minute;

/** `ours` pauses the channel of the push: the reason is about us, nobody failed (spec 6). */
export interface Ours {
  ours: string;
}

/**
 * What an answer means for a recipient who had been tried `attempts` times before. What is temporary is tried again
 * until the waits are used up, then it failed (spec 6).
 */
export function outcomeOf(
  recipient: { customerId: number; attempts: number },
  answer: Answer,
  delaysMs: readonly number[],
): Outcome | Ours {
  const { customerId, attempts } = recipient;
  const final = { customerId, attempts, tried: true, inDoubt: false, failure: failureKind(answer), afterMs: 0 };
  switch (answer.kind) {
    case 'sent':
      return { ...final, state: 'sent', reason: null };
    case 'gone':
      return { ...final, state: 'gone', reason: answer.reason };
    case 'failed':
      return { ...final, state: 'failed', reason: answer.reason };
    case 'ours':
      return { ours: answer.reason };
    case 'retry': {
      const wait = delaysMs[attempts];
      if (wait === undefined) return { ...final, state: 'failed', reason: answer.reason, inDoubt: answer.inDoubt };
      const afterMs = Math.min(Math.max(wait, answer.afterMs ?? 0), longestWaitMs);
      return { ...final, state: 'retry', reason: answer.reason, inDoubt: answer.inDoubt, failure: null, afterMs };
    }
  }
}

/**
 * As PostgreSQL can keep it: no text holds a NUL, and no JSON half a letter, as where a long answer was cut. Anybody's device
 * may answer with either, and a result that cannot be written would have its whole window sent to again and again.
 */
export function storable(answer: Answer): Answer {
  return 'reason' in answer ? { ...answer, reason: answer.reason.replaceAll('\0', '').toWellFormed() } : answer;
}

/** What a seller is told of a final answer. What the other side said is not: it can name addresses. */
function failureKind(answer: Answer): FailureKind | null {
  switch (answer.kind) {
    case 'sent':
    case 'ours':
      return null;
    case 'gone':
      return heldBackReasons.some((reason) => reason === answer.reason) ? 'changed' : 'device_gone';
    case 'retry':
      return 'no_answer';
    case 'failed':
      if (answer.hardBounce === true) return 'address_unknown';
      return /^5\d\d 5\.2\.[12]\b/.test(answer.reason) ? 'mailbox_unavailable' : 'message_refused';
  }
}

export function isOurs(outcome: Outcome | Ours): outcome is Ours {
  return 'ours' in outcome;
}

const byStrength: readonly Answer['kind'][] = ['sent', 'ours', 'retry', 'failed', 'gone'];

/**
 * One answer for a customer with several devices: reached when one of them was; owed still when one may yet be; gone
 * when all of them are.
 */
export function strongestAnswer(answers: readonly Answer[]): Answer {
  for (const kind of byStrength) {
    const found = answers.filter((answer) => answer.kind === kind);
    const [first] = found;
    // What was attempted says more than what was not.
    if (first !== undefined) return found.find((answer) => !('untried' in answer)) ?? first;
  }
  return { kind: 'gone', reason: 'no subscription' };
}
