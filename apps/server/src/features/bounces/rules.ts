import { classifyReply, isHardBounce, parseReply } from '../../channels/email/classify.ts';
import type { SuppressionReason } from '../customers/service.ts';

/**
 * What a bounce says of the address (law-and-standards: RFC 3463):
 * - hard: it does not exist; disabled: 5.2.1; soft: it may be reached another time;
 * - ours: it was refused because of us or the message, and says nothing about the address;
 * - complaint: the customer reported the mail as unwanted.
 */
export type BounceClass = 'hard' | 'disabled' | 'soft' | 'ours' | 'complaint';

/** The weakest first. */
export const bounceClasses: readonly BounceClass[] = ['ours', 'soft', 'disabled', 'hard', 'complaint'];

/** Of two things heard about one message the stronger one stays. */
export function isStronger(one: BounceClass, other: BounceClass): boolean {
  return bounceClasses.indexOf(one) > bounceClasses.indexOf(other);
}

/** How an e-mail failed, as a notification tells it. */
export interface Failure {
  class: BounceClass;
  /** `5.1.1`; null when nobody said. */
  status: string | null;
  /** For the operator: it can name addresses. */
  reason: string;
}

const enhancedPattern = /(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?!\d|\.\d)/;

/**
 * What a final failure means, by its enhanced status code and by what the mail server said. Codes that say nothing
 * (5.0.0) give way to the one in the text, and where there is none, to its words.
 */
export function failureOf(code: string | null, text: string): Failure {
  // PostgreSQL keeps no NUL, and whoever sends a report may put one there.
  const reason = text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 500);
  const stated = enhancedPattern.exec(code ?? '')?.[1] ?? null;
  const inText = enhancedPattern.exec(text)?.[1] ?? null;
  const status = stated !== null && !isVague(stated) ? stated : (inText ?? stated);
  if (status !== null && !isVague(status)) return { class: classOfStatus(status), status, reason };
  return { class: classOfWords(reason), status, reason };
}

function isVague(status: string): boolean {
  return /^[45]\.0\.\d+$/.test(status);
}

function classOfStatus(status: string): BounceClass {
  const [kind, subject, detail] = status.split('.');
  const rest = `${subject}.${detail}`;
  // Also 4.7.x that never ended: the other side slows down senders it mistrusts.
  if (subject === '7' || rest === '1.7' || rest === '1.8') return 'ours';
  if (kind === '4') return 'soft';
  if (isHardBounce(rest)) return 'hard';
  if (rest === '2.1') return 'disabled';
  // Too big, a protocol error, a content that is not taken.
  return rest === '2.3' || rest === '3.4' || subject === '5' || subject === '6' ? 'ours' : 'soft';
}

/** Servers without enhanced codes: judged like the same words in an SMTP reply (channels/email/classify.ts). */
function classOfWords(text: string): BounceClass {
  const reply = parseReply(/\b[45]\d\d[ -].*/.exec(text)?.[0] ?? `550 ${text}`);
  if (reply === null) return 'soft';
  const answer = classifyReply({ ...reply, enhanced: null }, 'rcpt');
  if (answer.kind === 'ours') return 'ours';
  return answer.kind === 'failed' && answer.hardBounce === true ? 'hard' : 'soft';
}

const day = 86_400_000;

/** Bounces older than this say nothing about an address any more. */
export const rememberedMs = 30 * day;

/** Mail servers try for up to five days: an e-mail that is not back by then has arrived. */
export const arrivedAfterMs = 5 * day;

/** 5.2.1 on so many pushes: nobody has this mailbox any more. */
const disabledBeforeSuppression = 3;

/**
 * Is the address to be suppressed? `recent`: the classes of the customer's bounces, one for each push, this one
 * included, since the last e-mail that arrived.
 */
export function suppressionOf(
  failure: BounceClass,
  recent: readonly BounceClass[],
  policy: { softBouncesBeforeSuppression: number },
): SuppressionReason | null {
  if (failure === 'hard') return 'hard_bounce';
  if (failure === 'ours' || failure === 'complaint') return null;
  const disabled = recent.filter((one) => one === 'disabled').length;
  if (disabled >= disabledBeforeSuppression) return 'mailbox_disabled';
  const temporary = recent.filter((one) => one === 'soft' || one === 'disabled').length;
  return temporary >= policy.softBouncesBeforeSuppression ? 'soft_bounces' : null;
}
