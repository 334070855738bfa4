import { randomUUID } from 'node:crypto';
import type { Language } from '@coupon-push/contract/common.ts';
import { formatMoment } from '@coupon-push/i18n/format.ts';
import { messageText } from '@coupon-push/i18n/translator.ts';
import type { Logger } from 'pino';
import type { Channel } from '../../channels/answer.ts';
import type { OutgoingEmail } from '../../channels/email/channel.ts';
import type { Db } from '../../db/database.ts';
import type { Clock } from '../../lib/clock.ts';
import { asciiAddress } from '../../lib/email-address.ts';
import { addressHeader, quotedPrintable, textHeader } from '../../messages/mime.ts';
import { type Marketplace, readMarketplace } from '../marketplace/service.ts';
import { selectAddress } from './db.ts';
import { verificationExpiry, verificationToken } from './rules.ts';

export interface MailDeps {
  db: Db;
  clock: Clock;
  logger: Logger;
  publicUrl: string;
  unsubscribeSecret: string;
  email: Channel<OutgoingEmail>;
}

/**
 * Sends a customer the link that verifies their address, as long as there is one to verify. The link is made here: it
 * stands in no job and in no table.
 * @throws Error when it has to be tried again later.
 */
export async function mailVerification(deps: MailDeps, customerId: number): Promise<void> {
  const { db, clock, publicUrl, unsubscribeSecret } = deps;
  const customer = await selectAddress(db, customerId);
  if (customer === undefined || customer.email === null) return;
  if (customer.verified && !customer.suppressed) return;
  const { email: to, language } = customer;
  const now = clock.now();
  const expiresAt = verificationExpiry(now);
  const token = verificationToken(unsubscribeSecret, { customerId, expiresAt }, to);
  const link = `${publicUrl}/my/verify/${token}`;
  const marketplace = await readMarketplace(db);
  const answer = await deps.email.send(
    verificationEmail({ to, language, link, expiresAt, now, marketplace, publicUrl }),
  );
  if (answer.kind === 'retry') throw new Error(`the mail server put a verification off: ${answer.reason}`);
  if (answer.kind !== 'sent') deps.logger.warn({ reason: answer.reason }, 'a verification was not mailed');
}

interface VerificationEmail {
  to: string;
  language: Language;
  link: string;
  expiresAt: Date;
  now: Date;
  marketplace: Marketplace;
  publicUrl: string;
}

/** Cannot occur in a sentence: nothing is to be cut out here. */
const nothing = '\u0000';

/** Plain text: a link, and why it came. No advertising, so nothing to refuse. */
function verificationEmail(mail: VerificationEmail): OutgoingEmail {
  const { to, language, link, expiresAt, now, marketplace, publicUrl } = mail;
  const text = messageText.bind(null, language);
  const { name, senderName, senderPostalAddress, contactUrl, zone } = marketplace;
  const from = asciiAddress(marketplace.senderEmail) ?? marketplace.senderEmail;
  const moment = formatMoment(expiresAt, zone, language);
  const body = [
    text('verification.heading'),
    text('verification.body', { marketplace: name }),
    `${text('verification.button')}:\n${link}`,
    `${text('verification.until', { moment })}\n${text('verification.ignore')}`,
    `--\n${name}, ${senderName}\n${senderPostalAddress}\n${contactUrl}\n`,
  ].join('\n\n');
  const head = [
    addressHeader('From', senderName, from),
    textHeader('Subject', text('verification.subject', { marketplace: name })),
    `To: ${asciiAddress(to) ?? 'undisclosed-recipients:;'}\r\n`,
    `Date: ${now.toUTCString().replace('GMT', '+0000')}\r\n`,
    `Message-ID: <verification.${randomUUID()}@${new URL(publicUrl).hostname}>\r\n`,
    `Content-Language: ${language}\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n`,
    'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n',
  ].join('');
  return { from, to, raw: Buffer.from(head + quotedPrintable(body, nothing).join(''), 'latin1') };
}
