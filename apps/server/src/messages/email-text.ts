import { formatMoney } from '@coupon-push/i18n/format.ts';
import type { Language } from '@coupon-push/i18n/languages.ts';
import { messageText } from '@coupon-push/i18n/translator.ts';
import { refuseUrl } from './placeholders.ts';
import type { PushContent } from './push-content.ts';
import { conditionText, discountText, validityText } from './wording.ts';

/** The e-mail's plain text part: the same as the HTML says, in the same order, every link written out. */
export function renderEmailText(content: PushContent, language: Language): string {
  const { marketplace, shop, terms } = content;
  const text = messageText.bind(null, language);
  const linked = (label: string, url: string) => `${label}:\n${url}`;
  const refuse = content.advertisingLabel ? 'email.refuseFree' : 'email.refuse';
  const paragraphs = [
    text('email.heading'),
    linked(text('email.couponList'), marketplace.couponBoxUrl),
    text('email.fromShop', { shop: shop.name }),
    [
      `  ${discountText(terms, marketplace.currency, language)}`,
      `  ${conditionText(terms, marketplace.currency, language)}`,
      `  ${text('coupon.validity')}: ${validityText(terms, marketplace, content.issuedAt, language)}`,
    ].join('\n'),
    linked(text('email.buy'), shop.url),
    content.banner && linked(text('email.banner', { shop: shop.name }), content.banner.url),
    itemList(content, language),
    '-'.repeat(40),
    text('email.sendOnly'),
    linked(text('email.contact'), marketplace.contactUrl),
    `${text('email.sender')}: ${marketplace.senderName}\n${marketplace.senderPostalAddress}\n${marketplace.senderEmail}`,
    `${text(refuse)}\n${linked(text('email.refuseLink'), refuseUrl(marketplace.publicUrl))}`,
  ];
  return `${paragraphs.filter((paragraph) => paragraph).join('\n\n')}\n`;
}

function itemList(content: PushContent, language: Language): string | null {
  if (content.items.length === 0) return null;
  const items = content.items.map(({ name, priceMinor, url }) => {
    return `- ${name}\n  ${formatMoney(priceMinor, content.marketplace.currency, language)}\n  ${url}`;
  });
  return [messageText(language, 'email.bestItems', { shop: content.shop.name }), ...items].join('\n\n');
}
