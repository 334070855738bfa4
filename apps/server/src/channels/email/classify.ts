import type { Answer } from '../answer.ts';

/** What the reply was an answer to; `message` is the reply after the message's last line. */
export type Phase = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data' | 'message';

export interface SmtpReply {
  /** Three digits. */
  code: number;
  /** RFC 3463, as `5.1.1`; null when the server gave none. */
  enhanced: string | null;
  text: string;
}

const replyLine = /^(\d{3})[ -]?(?:([245]\.\d{1,3}\.\d{1,3})(?:\s|$))?(.*)$/;

/** Reads a reply of one or more lines; null when it is none. */
export function parseReply(response: string): SmtpReply | null {
  const lines = response.split(/\r?\n/).map((line) => replyLine.exec(line.trim()));
  const [first] = lines;
  if (!first) return null;
  const enhanced = lines.find((line) => line?.[2])?.[2] ?? null;
  const text = lines.map((line) => line?.[3]?.trim()).filter(Boolean);
  return { code: Number(first[1]), enhanced, text: text.join(' ') };
}

/** The address does not exist: RFC 3463, and 5.1.10 (RFC 7505: a domain that takes no mail). */
const hardBounces = new Set(['1.1', '1.2', '1.3', '1.6', '1.10']);

/** `1.1` of 5.1.1: does it say that there is no such address? */
export function isHardBounce(detail: string): boolean {
  return hardBounces.has(detail);
}

/** Servers without enhanced codes say it in words. */
const unknownUser =
  /user unknown|unknown (user|recipient|mailbox)|no such (user|recipient|mailbox|person)|(user|mailbox|recipient|address) (does ?n[o']t exist|not found)|invalid (recipient|mailbox)/i;
const aboutUs =
  /spam|blocked|block ?list|black ?list|dnsbl|rbl|reputation|polic(y|ies)|spf|dkim|dmarc|relay|authenticat|rate limit/i;

/** What a server's refusal means (law-and-standards.md, enhanced status codes). Pure. */
export function classifyReply(reply: SmtpReply, phase: Phase): Answer {
  const reason = describe(reply);
  const kind = Math.floor(reply.code / 100);
  if (kind === 2 && phase === 'message') return { kind: 'sent' };
  // 503: the session was in another state than the command needs; the message itself was not judged.
  if (kind === 4 || reply.code === 503) return { kind: 'retry', reason, inDoubt: false };
  // No answer to the message: it may have been taken all the same.
  if (kind !== 5) return { kind: 'retry', reason: `unexpected reply: ${reason}`, inDoubt: phase === 'message' };
  if (isTooBig(reply)) return { kind: 'failed', reason };
  if (phase === 'connect' || phase === 'auth' || phase === 'mail') return { kind: 'ours', reason };
  return reply.enhanced === null ? withoutEnhanced(reply, phase, reason) : withEnhanced(reply.enhanced, reason);
}

function describe({ code, enhanced, text }: SmtpReply): string {
  return [code, enhanced, text].filter(Boolean).join(' ').slice(0, 300);
}

/** 5.2.3 and 5.3.4: our fault, and of this message only. */
function isTooBig({ enhanced }: SmtpReply): boolean {
  return enhanced !== null && ['5.2.3', '5.3.4'].includes(enhanced);
}

function withEnhanced(enhanced: string, reason: string): Answer {
  const detail = enhanced.slice(2);
  if (isHardBounce(detail)) return { kind: 'failed', reason, hardBounce: true };
  // 5.1.7 and 5.1.8 are about the sender's address, 5.7 about security and policy, which a recipient may have, too.
  if (detail === '1.7' || detail === '1.8') return { kind: 'ours', reason };
  if (detail.startsWith('7.')) return { kind: 'ours', reason, perhapsTheirs: true };
  // With 5.2.1 (disabled; suppressed after repeats, by the reason's code) and 5.2.2 (full).
  return { kind: 'failed', reason, vague: !/^[12]\./.test(detail) };
}

function withoutEnhanced({ code, text }: SmtpReply, phase: Phase, reason: string): Answer {
  if (code === 530 || code === 535) return { kind: 'ours', reason };
  if (phase === 'rcpt' && unknownUser.test(text)) return { kind: 'failed', reason, hardBounce: true };
  return aboutUs.test(text) ? { kind: 'ours', reason, perhapsTheirs: true } : { kind: 'failed', reason, vague: true };
}

/** What SMTPConnection makes of a loss or refusal. */
export interface SmtpFailure {
  code?: string | undefined;
  originalCode?: string | undefined;
  command?: string | undefined;
  response?: string | undefined;
  message: string;
}

const phases: Record<string, Phase> = { 'MAIL FROM': 'mail', 'RCPT TO': 'rcpt' };

function phaseOf({ code, command = '' }: SmtpFailure): Phase {
  if (command === 'DATA') return code === 'EMESSAGE' ? 'message' : 'data';
  if (command.startsWith('AUTH')) return 'auth';
  return phases[command] ?? 'connect';
}

/**
 * What a failed attempt means. `messageStarted`: the server had asked for the message (354) and its bytes were being
 * written, so if no answer came, it may have been taken.
 */
export function classifyFailure(failure: SmtpFailure, messageStarted: boolean): Answer {
  const reply = failure.response === undefined ? null : parseReply(failure.response);
  if (reply !== null && failure.code !== 'EPROTOCOL') return classifyReply(reply, phaseOf(failure));
  if (reply !== null && !messageStarted) return classifyReply(reply, 'connect');
  const reason = failure.message.slice(0, 300);
  // How we are set up: credentials that are missing, a certificate that does not hold, TLS that is demanded and not there.
  if (failure.code === 'EAUTH' || isTlsFailure(failure)) return { kind: 'ours', reason };
  // Refused by SMTPConnection itself, before anything was written: too big for this server, or not an address.
  if ((failure.code === 'EMESSAGE' || failure.code === 'EENVELOPE') && !messageStarted)
    return { kind: 'failed', reason };
  return { kind: 'retry', reason, inDoubt: messageStarted };
}

const lostConnections = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH']);

function isTlsFailure({ code, originalCode = '', message }: SmtpFailure): boolean {
  if (/CERT|SELF_SIGNED|ERR_TLS|ERR_SSL/.test(originalCode)) return true;
  return code === 'ETLS' && !lostConnections.has(originalCode) && !/closed unexpectedly/.test(message);
}
