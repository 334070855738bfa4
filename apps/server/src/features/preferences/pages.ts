import type { Language } from '@coupon-push/i18n/languages.ts';
import { messageText } from '@coupon-push/i18n/translator.ts';
import { escapeHtml } from '../../messages/html.ts';
import { contactLink, plainPage } from '../../messages/plain-page.ts';

/** Asks; nothing has happened yet, as programs open links that nobody clicked. The form posts to the page's own address. */
export function askToVerifyPage(view: { language: Language; marketplace: string; address: string }): string {
  const { language, marketplace, address } = view;
  const text = messageText.bind(null, language);
  const title = text('verification.heading');
  return plainPage(language, title, [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p class="address"><span>${escapeHtml(text('unsubscribe.address'))}</span> ${escapeHtml(address)}</p>`,
    `<p>${escapeHtml(text('verification.body', { marketplace }))}</p>`,
    `<form method="post"><button>${escapeHtml(text('verification.button'))}</button></form>`,
  ]);
}

/** What became of a link that was to verify an address. */
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
