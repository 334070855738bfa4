import type { MessagePreview } from '@coupon-push/contract/pushes.ts';
import { formatMoney } from '@coupon-push/i18n/format.ts';
import type { Language } from '@coupon-push/i18n/languages.ts';
import { messageText } from '@coupon-push/i18n/translator.ts';
import { preheader, renderEmailHtml } from './email-html.ts';
import { renderEmailText } from './email-text.ts';
import { fillToken, sampleToken } from './placeholders.ts';
import { cleanContent, type PushContent } from './push-content.ts';
import type { RenderedReminder } from './reminder.ts';
import { discountText, labelled } from './wording.ts';

export interface RenderedEmail {
  subject: string;
  from: { name: string; address: string };
  /** What mail programs show beside the subject; the HTML begins with it. */
  preheader: string;
  /** With placeholders, as is the text (placeholders.ts). */
  html: string;
  text: string;
}

export interface RenderedQpost {
  title: string;
  shop: string;
  heading: string;
  body: string;
  button: string;
  buttonUrl: string;
  items: { name: string; price: string; imageUrl: string; url: string }[];
  footer: string | null;
}

export interface RenderedAppPush {
  title: string;
  body: string;
  url: string;
  icon?: string;
}

/** The three messages of a push in one language: what all its recipients of that language get. Plain JSON. */
export interface RenderedMessage {
  language: Language;
  email: RenderedEmail;
  qpost: RenderedQpost;
  appPush: RenderedAppPush;
  /** When its recipients are to be reminded. */
  reminder?: RenderedReminder;
}

/** Renders a push's messages in one language (spec 4). Once per push and language, about 10 ms. */
export async function renderMessage(content: PushContent, language: Language): Promise<RenderedMessage> {
  const clean = cleanContent(content);
  return {
    language,
    email: {
      subject: labelled(clean, messageText(language, 'email.subject', { marketplace: clean.marketplace.name })),
      from: { name: clean.marketplace.senderName, address: clean.marketplace.senderEmail },
      preheader: preheader(clean, language),
      html: await renderEmailHtml(clean, language),
      text: renderEmailText(clean, language),
    },
    qpost: renderQpost(clean, language),
    appPush: renderAppPush(clean, language),
  };
}

function renderQpost(content: PushContent, language: Language): RenderedQpost {
  const { marketplace, shop, terms } = content;
  const footer = { sender: marketplace.senderName, contact: marketplace.senderEmail };
  return {
    title: labelled(content, messageText(language, 'qpost.title')),
    shop: shop.name,
    heading: messageText(language, 'qpost.heading', { discount: discountText(terms, marketplace.currency, language) }),
    body: messageText(language, 'qpost.body'),
    button: messageText(language, 'qpost.button'),
    buttonUrl: marketplace.couponBoxUrl,
    items: content.items.map(({ name, priceMinor, imageUrl, url }) => ({
      name,
      price: formatMoney(priceMinor, marketplace.currency, language),
      imageUrl,
      url,
    })),
    footer: content.advertisingLabel ? messageText(language, 'qpost.footer', footer) : null,
  };
}

function renderAppPush(content: PushContent, language: Language): RenderedAppPush {
  const body = messageText(language, 'appPush.body');
  return {
    title: labelled(content, content.marketplace.name),
    body: content.advertisingLabel ? `${body}\n${senderAndRefusal(content, language)}` : body,
    url: content.marketplace.couponBoxUrl,
  };
}

/** What the Network Act wants at the end of an app push as of every message. */
export function senderAndRefusal({ marketplace }: PushContent, language: Language): string {
  const sender = { sender: marketplace.senderName, contact: marketplace.senderEmail };
  return messageText(language, 'appPush.refuse', sender);
}

/** As the API shows it, with sample values for what differs per recipient. */
export function toPreview({ language, email, qpost, appPush }: RenderedMessage): MessagePreview {
  return {
    language,
    email: {
      subject: email.subject,
      from: `${email.from.name} <${email.from.address}>`,
      preheader: email.preheader,
      html: fillToken(email.html, sampleToken),
      text: fillToken(email.text, sampleToken),
    },
    qpost: {
      title: qpost.title,
      shop: qpost.shop,
      heading: qpost.heading,
      body: qpost.body,
      button: qpost.button,
      items: qpost.items.map(({ name, price, imageUrl }) => ({ name, price, imageUrl })),
      footer: qpost.footer,
    },
    appPush: { title: appPush.title, body: appPush.body },
  };
}
