import { asciiAddress } from '../lib/email-address.ts';
import { addressHeader, quotedPrintable, textHeader } from './mime.ts';
import { sampleToken, tokenPlaceholder } from './placeholders.ts';
import type { RenderedMessage } from './render.ts';

export interface Recipient {
  to: string;
  customerId: number;
  pushId: number;
  /** By which the recipient refuses (features/consents); base64url. */
  token: string;
  date: Date;
}

/** The e-mail of a push in one language, all encoded but for what differs per recipient. */
export interface EmailTemplate {
  /** The envelope's sender. */
  readonly from: string;
  /**
   * A complete message (RFC 5322, MIME), CRLF, ready for DATA but for dot-stuffing. For one push and customer it is the
   * same on every attempt but for Date. Never throws over an address: one that cannot be written is left out, and the
   * channel refuses it by its envelope.
   * @throws RangeError when the token is not one.
   */
  build(recipient: Recipient): Buffer;
}

/** Cannot occur in quoted-printable text. */
const boundary = '=_coupon-push';

/**
 * Encodes a rendered e-mail once, so that a recipient's message costs little more than copying it.
 * @throws RangeError when the sender's address cannot be written into a header.
 */
export function prepareEmail(
  rendered: RenderedMessage,
  options: { publicUrl: string; messageIdDomain: string },
): EmailTemplate {
  const { email, language } = rendered;
  const from = senderOf(rendered);
  const first = addressHeader('From', email.from.name, from) + textHeader('Subject', email.subject);
  const last = `${oneClick}Content-Language: ${language}\r\n${constantHeaders}\r\n`;
  const pieces = bodyPieces(email);
  const headers = recipientHeaders(options, language);
  return {
    from,
    build: (recipient) => {
      if (!/^[A-Za-z0-9_-]{1,64}$/.test(recipient.token)) throw new RangeError('not an unsubscribe token');
      return assemble(first + headers(recipient) + last, pieces, recipient.token);
    },
  };
}

/**
 * The e-mail as a test for the seller who made it: the same parts under a marked subject. Nobody can be unsubscribed by
 * it: its link leads to a page that says so, and it has no header for one.
 * @throws RangeError when the sender's address cannot be written into a header.
 */
export function buildTestEmail(
  rendered: RenderedMessage,
  test: { to: string; testSendId: number; date: Date; messageIdDomain: string },
): { from: string; raw: Buffer } {
  const { email, language } = rendered;
  const from = senderOf(rendered);
  const head =
    addressHeader('From', email.from.name, from) +
    textHeader('Subject', `[Test] ${email.subject}`) +
    `To: ${asciiAddress(test.to) ?? 'undisclosed-recipients:;'}\r\n` +
    `Date: ${headerDate(test.date)}\r\n` +
    `Message-ID: <test.${test.testSendId}.${language}@${test.messageIdDomain}>\r\n` +
    `Content-Language: ${language}\r\n${constantHeaders}\r\n`;
  return { from, raw: assemble(head, bodyPieces(email), sampleToken) };
}

function senderOf({ email }: RenderedMessage): string {
  const from = asciiAddress(email.from.address);
  if (from === null) throw new RangeError(`not an e-mail address: ${email.from.address}`);
  return from;
}

/** RFC 8058. */
const oneClick = 'List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n';

// RFC 3834.
const constantHeaders = [
  'Auto-Submitted: auto-generated',
  'Precedence: bulk',
  'MIME-Version: 1.0',
  `Content-Type: multipart/alternative; boundary="${boundary}"`,
  '',
].join('\r\n');

function recipientHeaders(
  options: { publicUrl: string; messageIdDomain: string },
  language: string,
): (recipient: Recipient) => string {
  const { publicUrl, messageIdDomain } = options;
  // Whom Gmail counts complaints by: the push, the kind of mail, its language, the sender (5 to 15 characters).
  const sender = messageIdDomain
    .replace(/[^a-z0-9]/gi, '')
    .padEnd(5, '0')
    .slice(0, 15);
  return ({ to, customerId, pushId, token, date }) =>
    `To: ${asciiAddress(to) ?? 'undisclosed-recipients:;'}\r\n` +
    `Date: ${headerDate(date)}\r\n` +
    `Message-ID: <push.${pushId}.${customerId}@${messageIdDomain}>\r\n` +
    `List-Unsubscribe:\r\n <${publicUrl}/u/${token}>\r\n` +
    `Feedback-ID: ${pushId}:coupon:${language}:${sender}\r\n`;
}

let dateText = { second: Number.NaN, text: '' };

/** RFC 5322 date and time; the same for everything within a second, so it is made once. */
function headerDate(date: Date): string {
  const second = Math.floor(date.getTime() / 1000);
  if (dateText.second !== second) dateText = { second, text: date.toUTCString().replace('GMT', '+0000') };
  return dateText.text;
}

/** The body, cut where the token goes. */
function bodyPieces(email: { text: string; html: string }): Buffer[] {
  const text = quotedPrintable(email.text, tokenPlaceholder);
  const html = quotedPrintable(email.html, tokenPlaceholder);
  const whole = [
    partHead('text/plain') + text.join(tokenPlaceholder),
    partHead('text/html') + html.join(tokenPlaceholder),
    `--${boundary}--\r\n`,
  ].join('\r\n');
  return whole.split(tokenPlaceholder).map((piece) => Buffer.from(piece, 'latin1'));
}

function partHead(type: string): string {
  return `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;
}

function assemble(head: string, pieces: readonly Buffer[], token: string): Buffer {
  let length = head.length + token.length * (pieces.length - 1);
  for (const piece of pieces) length += piece.length;
  const message = Buffer.allocUnsafe(length);
  let at = message.write(head, 0, 'latin1');
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) at += message.write(token, at, 'latin1');
    at += piece.copy(message, at);
  }
  return message;
}
