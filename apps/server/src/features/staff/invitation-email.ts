import { randomUUID } from 'node:crypto';
import { formatMoment } from '@coupon-push/i18n/format.ts';
import type { Language } from '@coupon-push/i18n/languages.ts';
import { messageText } from '@coupon-push/i18n/translator.ts';
import type { OutgoingEmail } from '../../channels/email/channel.ts';
import { asciiAddress } from '../../lib/email-address.ts';
import { escapeHtml } from '../../messages/html.ts';
import { addressHeader, quotedPrintable, textHeader } from '../../messages/mime.ts';

export interface InvitationEmail {
  invitationId: number;
  language: Language;
  to: string;
  shop: string;
  role: 'owner' | 'staff';
  invitedBy: string;
  expiresAt: Date;
  link: string;
  date: Date;
  marketplace: { name: string; zone: string; senderName: string; senderEmail: string; contactUrl: string };
  publicUrl: string;
}

const boundary = '=_coupon-push-invitation';

/** The e-mail that asks somebody to join a shop: plain text and HTML, readable without pictures. */
export function invitationEmail(invitation: InvitationEmail): OutgoingEmail {
  const { language, marketplace, to } = invitation;
  const from = asciiAddress(marketplace.senderEmail) ?? marketplace.senderEmail;
  const subject = messageText(language, 'invitation.subject', {
    marketplace: marketplace.name,
    shop: invitation.shop,
  });
  const domain = new URL(invitation.publicUrl).hostname;
  const head = [
    addressHeader('From', marketplace.senderName, from),
    textHeader('Subject', subject),
    `To: ${asciiAddress(to) ?? 'undisclosed-recipients:;'}\r\n`,
    `Date: ${invitation.date.toUTCString().replace('GMT', '+0000')}\r\n`,
    `Message-ID: <invitation.${invitation.invitationId}.${randomUUID()}@${domain}>\r\n`,
    `Content-Language: ${language}\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n`,
    `Content-Type: multipart/alternative; boundary="${boundary}"\r\n\r\n`,
  ].join('');
  const body = part('text/plain', plainText(invitation)) + part('text/html', html(invitation));
  return { from, to, raw: Buffer.from(`${head}${body}--${boundary}--\r\n`, 'latin1') };
}

/** Cannot occur in a sentence: nothing is to be cut out here. */
const nothing = '\u0000';

function part(type: string, text: string): string {
  const head = `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;
  return `${head}${quotedPrintable(text, nothing).join('')}\r\n`;
}

function sentences({ language, shop, role, invitedBy, expiresAt, marketplace }: InvitationEmail) {
  const text = messageText.bind(null, language);
  return {
    heading: text('invitation.heading', { shop }),
    body: text('invitation.body', { invitedBy, shop, role: text(`invitation.role.${role}`) }),
    button: text('invitation.button'),
    once: text('invitation.once', { moment: formatMoment(expiresAt, marketplace.zone, language) }),
    ignore: text('invitation.ignore'),
    sender: `${marketplace.name}, ${marketplace.senderName}`,
  };
}

function plainText(invitation: InvitationEmail): string {
  const { heading, body, button, once, ignore, sender } = sentences(invitation);
  return `${heading}\n\n${body}\n\n${button}:\n${invitation.link}\n\n${once}\n${ignore}\n\n--\n${sender}\n`;
}

function html(invitation: InvitationEmail): string {
  const texts = sentences(invitation);
  const { heading, body, button, once, ignore, sender } = Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, escapeHtml(text)]),
  ) as typeof texts;
  const font = "font-family:-apple-system,'Segoe UI','Hiragino Sans','Apple SD Gothic Neo',sans-serif";
  return `<!doctype html>
<html lang="${invitation.language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light"></head>
<body style="margin:0;padding:24px;background:#ffffff;color:#1d2126;${font};font-size:15px;line-height:1.6">
<div style="max-width:520px;margin:0 auto">
<h1 style="font-size:20px">${heading}</h1>
<p>${body}</p>
<p style="margin:24px 0"><a href="${escapeHtml(invitation.link)}" style="display:inline-block;padding:10px 20px;background:#b93815;color:#ffffff;text-decoration:none;border-radius:6px">${button}</a></p>
<p>${once}</p>
<p>${ignore}</p>
<hr style="border:0;border-top:1px solid #c8cdd3">
<p style="font-size:13px">${sender}</p>
</div>
</body>
</html>
`;
}
