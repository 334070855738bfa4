import type { Language } from '@coupon-push/i18n/languages.ts';
import { messageText } from '@coupon-push/i18n/translator.ts';
import { escapeHtml } from '../../messages/html.ts';
import { contactLink, plainPage } from '../../messages/plain-page.ts';
import type { Choices } from './db.ts';

/** Who reads a page, and whose it is. */
export interface ReaderView {
  language: Language;
  marketplace: { name: string; contactUrl: string };
}

/** What the refusal pages are about. */
export interface RefusalView extends ReaderView {
  /** Masked; null when it is not known. */
  address: string | null;
  /** Where everything can be chosen, and not only this. */
  choicesUrl: string;
}

/** Asks; nothing has happened yet. The form posts to the page's own address. */
export function confirmPage({ language, marketplace, address, choicesUrl }: RefusalView): string {
  const text = messageText.bind(null, language);
  return plainPage(language, text('unsubscribe.title'), [
    `<h1>${escapeHtml(text('unsubscribe.question', { marketplace: marketplace.name }))}</h1>`,
    address === null
      ? ''
      : `<p class="address"><span>${escapeHtml(text('unsubscribe.address'))}</span> ${escapeHtml(address)}</p>`,
    `<p>${escapeHtml(text('unsubscribe.consequence'))}</p>`,
    `<form method="post"><input type="hidden" name="confirm" value="yes"><button>${escapeHtml(text('unsubscribe.confirm'))}</button></form>`,
    `<p class="quiet">${escapeHtml(text('unsubscribe.keep'))}</p>`,
    choicesLink(language, choicesUrl),
  ]);
}

/** `already`: it was so before. */
export function refusedPage({ language, marketplace, choicesUrl }: RefusalView, already: boolean): string {
  const [title, body] = already
    ? (['unsubscribe.already', 'unsubscribe.alreadyBody'] as const)
    : (['unsubscribe.done', 'unsubscribe.doneBody'] as const);
  const heading = messageText(language, title);
  return plainPage(language, heading, [
    `<h1>${escapeHtml(heading)}</h1>`,
    `<p>${escapeHtml(messageText(language, body, { marketplace: marketplace.name }))}</p>`,
    choicesLink(language, choicesUrl),
  ]);
}

/** The link of a preview or a test e-mail: it is nobody's. */
export function testPage({ language, marketplace }: ReaderView): string {
  const title = messageText(language, 'unsubscribe.testTitle');
  return plainPage(language, title, [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p>${escapeHtml(messageText(language, 'unsubscribe.testBody', { marketplace: marketplace.name }))}</p>`,
  ]);
}

/** The link is not one of ours, or was cut off on its way. */
export function invalidPage({ language, marketplace }: ReaderView): string {
  const title = messageText(language, 'unsubscribe.invalidTitle');
  return plainPage(language, title, [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p>${escapeHtml(messageText(language, 'unsubscribe.invalidBody'))}</p>`,
    contactLink(language, marketplace.contactUrl),
  ]);
}

function choicesLink(language: Language, url: string): string {
  return `<p class="quiet"><a href="${escapeHtml(url)}">${escapeHtml(messageText(language, 'choices.link'))}</a></p>`;
}

/** What a customer can choose on the page that every e-mail leads to. */
export interface ChoicesView extends ReaderView {
  choices: Choices;
  /** Whether the marketplace has quiet hours, so that the night is something to choose. */
  night: boolean;
  /** The shop that the e-mail was of, for who follows it. */
  shop: { name: string; muted: boolean } | null;
  saved: boolean;
}

/** Each choice as it stands, to be changed without signing in. The form posts to the page's own address. */
export function choicesPage({ language, marketplace, choices, night, shop, saved }: ChoicesView): string {
  const text = messageText.bind(null, language);
  const title = text('choices.title');
  const box = (name: string, label: string, checked: boolean) =>
    `<label><input type="checkbox" name="${name}"${checked ? ' checked' : ''}> <span>${escapeHtml(label)}</span></label>`;
  const note = `<p class="saved" role="status"><b>${escapeHtml(text('choices.saved'))}</b><br>${escapeHtml(text('choices.savedBody'))}</p>`;
  return plainPage(language, title, [
    `<h1>${escapeHtml(title)}</h1>`,
    saved ? note : '',
    `<p>${escapeHtml(text('choices.intro', { marketplace: marketplace.name }))}</p>`,
    '<form method="post">',
    box('couponMail', text('choices.couponMail'), choices.couponMail),
    `<p class="hint">${escapeHtml(text('choices.couponMailHint'))}</p>`,
    box('appPush', text('choices.appPush'), choices.appPush),
    night ? box('nightMessages', text('choices.nightMessages'), choices.nightMessages) : '',
    // Unticked and not shown look the same in what a form sends.
    shop === null ? '' : '<input type="hidden" name="shopShown" value="yes">',
    shop === null ? '' : box('shop', text('choices.shop', { shop: shop.name }), !shop.muted),
    `<button>${escapeHtml(text('choices.save'))}</button></form>`,
  ]);
}
