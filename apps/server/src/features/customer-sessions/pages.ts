import type { Language } from '@coupon-push/i18n/languages.ts';
import { messageText } from '@coupon-push/i18n/translator.ts';
import { escapeHtml } from '../../messages/html.ts';
import { contactLink, plainPage } from '../../messages/plain-page.ts';

/** Who came from the marketplace could not be signed in: says why. */
export function enterRefusedPage(view: { language: Language; contactUrl: string; reason: string }): string {
  const { language, contactUrl, reason } = view;
  const title = messageText(language, 'enter.refused');
  const parts = [`<h1>${escapeHtml(title)}</h1>`, `<p>${escapeHtml(reason)}</p>`, contactLink(language, contactUrl)];
  return plainPage(language, title, parts);
}
