import type { Language } from '@coupon-push/i18n/languages.ts';
import { messageText } from '@coupon-push/i18n/translator.ts';
import { cleanContent, type PushContent } from './push-content.ts';
import { type RenderedAppPush, type RenderedQpost, senderAndRefusal } from './render.ts';
import { discountText, expiryText, labelled } from './wording.ts';

/** What those who have not used the coupon are reminded with: no e-mail, and an app push that makes no sound. */
export interface RenderedReminder {
  qpost: RenderedQpost;
  appPush: RenderedAppPush & { silent: true };
}

/** Renders a push's reminder in one language. Short: what the coupon is, and until when. */
export function renderReminder(content: PushContent, language: Language): RenderedReminder {
  const clean = cleanContent(content);
  const { marketplace, shop, terms, advertisingLabel } = clean;
  const values = {
    shop: shop.name,
    discount: discountText(terms, marketplace.currency, language),
    moment: expiryText(terms, marketplace, clean.issuedAt, language),
  };
  const sender = { sender: marketplace.senderName, contact: marketplace.senderEmail };
  const body = messageText(language, 'reminder.appPush', values);
  return {
    qpost: {
      title: labelled(clean, messageText(language, 'reminder.title')),
      shop: shop.name,
      heading: messageText(language, 'reminder.heading', values),
      body: messageText(language, 'reminder.body'),
      button: messageText(language, 'qpost.button'),
      buttonUrl: marketplace.couponBoxUrl,
      items: [],
      footer: advertisingLabel ? messageText(language, 'qpost.footer', sender) : null,
    },
    appPush: {
      title: labelled(clean, marketplace.name),
      body: advertisingLabel ? `${body}\n${senderAndRefusal(clean, language)}` : body,
      url: marketplace.couponBoxUrl,
      silent: true,
    },
  };
}
