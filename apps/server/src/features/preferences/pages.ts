import type { Language } from '@coupon-push/i18n/languages.ts';
import { messageText } from '@coupon-push/i18n/translator.ts';
import { escapeHtml } from '../../messages/html.ts';
import { contactLink, plainPage } from '../../messages/plain-page.ts';

/** Where a link leads that was to verify an address. */
export function verificationPage(view: { language: Language; contactUrl: string; verified: boolean }): string {
  const { language, verified } = view;
  const title = messageText(language, verified ? 'verification.done' : 'verification.invalid');
  const body = messageText(language, verified ? 'verification.doneBody' : 'verification.invalidBody');
  return plainPage(language, title, [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p>${escapeHtml(body)}</p>`,
    verified ? '' : contactLink(language, view.contactUrl),
  ]);
}
