import { formatMoney } from '@coupon-push/i18n/format.ts';
import type { Language } from '@coupon-push/i18n/languages.ts';
import { messageText } from '@coupon-push/i18n/translator.ts';
import { fontStack, type Palette, palettes, styleSheet } from './email-theme.ts';
import { Values } from './html.ts';
import { refuseUrl } from './placeholders.ts';
import type { ItemContent, PushContent } from './push-content.ts';
import { conditionText, discountParts, discountText, labelled, validityText } from './wording.ts';

/** What the parts of the e-mail are drawn from. `text` and `link` give marks for values, never values (Values). */
interface Sketch {
  content: PushContent;
  language: Language;
  colours: Palette;
  value: (value: string) => string;
  text: (...args: Parameters<typeof messageText> extends [unknown, ...infer Rest] ? Rest : never) => string;
}

/**
 * The e-mail's HTML (spec 4, in its order): heading, coupon list, shop, ticket, one button, banner, best items, footer.
 * `content` has been cleaned; the recipient's token is still a placeholder.
 */
export async function renderEmailHtml(content: PushContent, language: Language): Promise<string> {
  const values = new Values();
  const { light, dark } = palettes(content.marketplace.accent);
  const sketch: Sketch = {
    content,
    language,
    colours: light,
    value: (value) => values.put(value),
    text: (key, params) => values.put(messageText(language, key, params)),
  };
  return values.fill(await compile(mjmlSource(sketch, styleSheet(language, dark))));
}

const mostKept = 32;
/**
 * By source, which holds marks for values: e-mails of one language with as many items differ in their values alone. What
 * mjml does with it takes 10 ms of processor time, and many pushes are dispatched at one slot.
 */
const compiled = new Map<string, Promise<string>>();

async function compile(source: string): Promise<string> {
  const known = compiled.get(source);
  if (known !== undefined) return await known;
  const html = compileAnew(source);
  compiled.set(source, html);
  html.catch(() => compiled.delete(source));
  const [oldest = ''] = compiled.keys();
  if (compiled.size > mostKept) compiled.delete(oldest);
  return await html;
}

async function compileAnew(source: string): Promise<string> {
  const mjml = await loadMjml();
  const { html } = await mjml(source, {
    fonts: {},
    validationLevel: 'strict',
    keepComments: false,
    ignoreIncludes: true,
  });
  // Indentation is a quarter of what mjml writes. The marks' values are filled in afterwards and keep their spaces.
  return html.replace(/\n\s+/g, '\n').trim().concat('\n');
}

/** Loaded when the first message is rendered: it takes half a second, and most processes never need it. */
async function loadMjml() {
  return (await import('mjml')).default;
}

function mjmlSource(sketch: Sketch, styles: string): string {
  const { content, language, colours, value, text } = sketch;
  const subject = labelled(content, messageText(language, 'email.subject', { marketplace: content.marketplace.name }));
  return `<mjml lang="${language}" dir="ltr">
<mj-head>
<mj-title>${value(subject)}</mj-title>
<mj-preview>${value(preheader(content, language))}</mj-preview>
<mj-attributes>
<mj-all font-family="${fontStack(language)}" padding="0" />
<mj-text font-size="14px" line-height="1.5" color="${colours.ink}" />
</mj-attributes>
<mj-raw><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><meta name="format-detection" content="telephone=no,date=no,address=no"></mj-raw>
<mj-style>${styles}</mj-style>
</mj-head>
<mj-body background-color="${colours.page}" css-class="page" width="600px">
<mj-section css-class="card" background-color="${colours.card}" border-radius="6px" padding="0">
<mj-column>
${heading(sketch)}
${ticket(sketch)}
<mj-button css-class="pad buy" href="${value(content.shop.url)}" align="center" width="320px" background-color="${colours.button}" color="${colours.buttonInk}" border-radius="6px" font-size="16px" font-weight="700" inner-padding="15px 16px" padding="20px 24px 28px">${text('email.buy')}</mj-button>
${banner(sketch)}
${bestItems(sketch)}
</mj-column>
</mj-section>
<mj-section padding="20px 0 32px">
<mj-column>
${footer(sketch)}
</mj-column>
</mj-section>
</mj-body>
</mjml>`;
}

/** What mail programs show beside the subject. */
export function preheader(content: PushContent, language: Language): string {
  const { currency } = content.marketplace;
  const discount = discountText(content.terms, currency, language);
  const shop = content.shop.name;
  if (content.terms.minPurchaseMinor === 0) return messageText(language, 'email.preheaderFree', { shop, discount });
  const condition = conditionText(content.terms, currency, language);
  return messageText(language, 'email.preheader', { shop, discount, condition });
}

function heading({ content, colours, value, text }: Sketch): string {
  const cell = `padding:16px 0;border-bottom:1px solid ${colours.line};`;
  // Latin capitals may be spaced; CJK never is (design.md).
  return `<mj-table css-class="pad" padding="0 24px" line-height="1.5"><tr>
<td class="rule" style="${cell}"><span class="accent" style="color:${colours.accent};font-size:13px;font-weight:700;letter-spacing:2px">${text('email.heading')}</span></td>
<td class="rule" align="right" style="${cell}"><a class="muted" href="${value(content.marketplace.couponBoxUrl)}" style="color:${colours.muted};font-size:13px;text-decoration:underline">${text('email.couponList')}</a></td>
</tr></mj-table>
<mj-text css-class="pad" padding="28px 24px 20px" align="center" font-size="20px" font-weight="700" line-height="1.4"><a class="ink" href="${value(content.shop.url)}" style="color:${colours.ink};text-decoration:none">${text('email.fromShop', { shop: content.shop.name })}</a></mj-text>`;
}

/**
 * The coupon card as a ticket, without images: a perforated row whose outer cells hold half circles in the card's
 * colour. Programs that know no border-radius (Outlook) draw square notches.
 */
function ticket({ content, language, colours, value, text }: Sketch): string {
  const { currency } = content.marketplace;
  const { discount, cap } = discountParts(content.terms, currency, language);
  const line = `1px solid ${colours.ticketLine}`;
  const ground = `background:${colours.ticket};`;
  const notch = `width:10px;height:20px;font-size:0;line-height:0;background:${colours.card};border:${line};box-sizing:border-box;`;
  const small = `font-size:13px;line-height:1.6;color:${colours.muted};`;
  const capRow =
    cap === null
      ? ''
      : `<div class="ink" style="font-size:15px;font-weight:700;color:${colours.ink}">${value(cap)}</div>`;
  return `<mj-text css-class="pad" padding="0 24px"><table role="presentation" border="0" cellpadding="0" cellspacing="0" width="100%" style="max-width:440px;margin:0 auto;border-collapse:separate">
<tr><td class="ticket" colspan="3" align="center" style="${ground}border:${line};border-bottom:0;border-radius:8px 8px 0 0;padding:20px 16px 10px">
<div class="ink" style="font-size:14px;line-height:1.5;color:${colours.ink}">${value(content.shop.name)}</div>
<div class="accent big" style="font-size:48px;line-height:1.2;font-weight:700;color:${colours.accent}">${value(discount)}</div>${capRow}
</td></tr>
<tr><td class="ticket" width="10" style="${ground}padding:0"><div class="notch" style="${notch}border-left:0;border-radius:0 10px 10px 0">&nbsp;</div></td>
<td class="ticket" style="${ground}padding:0 6px"><div class="ticket" style="border-top:2px dashed ${colours.ticketLine};font-size:0;line-height:0;height:0">&nbsp;</div></td>
<td class="ticket" width="10" style="${ground}padding:0"><div class="notch" style="${notch}border-right:0;border-radius:10px 0 0 10px">&nbsp;</div></td></tr>
<tr><td class="ticket" colspan="3" align="center" style="${ground}border:${line};border-top:0;border-radius:0 0 8px 8px;padding:8px 16px 18px">
<div class="ink" style="font-size:16px;line-height:1.5;font-weight:700;color:${colours.ink}">${value(conditionText(content.terms, currency, language))}</div>
<div class="muted" style="${small}padding-top:4px">${text('coupon.validity')}</div>
<div class="muted" style="${small}">${value(validityText(content.terms, content.marketplace, content.issuedAt, language))}</div>
</td></tr></table></mj-text>`;
}

function banner({ content, colours, value, text }: Sketch): string {
  if (content.banner === null) return '';
  const { imageUrl, url, width, height } = content.banner;
  const shown = Math.round((552 * height) / width);
  const image = `display:block;width:100%;height:auto;background:${colours.tile};color:${colours.muted};font-size:14px;line-height:1.5;text-align:center`;
  return `<mj-text css-class="pad" padding="0 24px 32px"><a href="${value(url)}"><img class="tile" src="${value(imageUrl)}" width="552" height="${shown}" alt="${text('email.banner', { shop: content.shop.name })}" style="${image}"></a></mj-text>`;
}

function bestItems(sketch: Sketch): string {
  const { content, colours, text } = sketch;
  if (content.items.length === 0) return '';
  const rows: string[] = [];
  for (let index = 0; index < content.items.length; index += 2) {
    const [left, right] = content.items.slice(index, index + 2);
    if (left === undefined) break;
    rows.push(
      `<tr>${itemCell(sketch, left, 'left')}${right ? itemCell(sketch, right, 'right') : '<td width="50%"></td>'}</tr>`,
    );
  }
  return `<mj-text css-class="pad" padding="0 24px 12px"><div class="ink rule" style="border-top:1px solid ${colours.line};padding-top:24px;font-size:16px;font-weight:700;color:${colours.ink}">${text('email.bestItems', { shop: content.shop.name })}</div></mj-text>
<mj-table css-class="pad" padding="0 24px 12px" line-height="1.5">${rows.join('\n')}</mj-table>`;
}

function itemCell({ content, language, colours, value }: Sketch, item: ItemContent, side: 'left' | 'right'): string {
  const padding = side === 'left' ? '0 8px 20px 0' : '0 0 20px 8px';
  const name = value(clip(item.name, 64));
  const alternative = value(clip(item.name, 24));
  const price = value(formatMoney(item.priceMinor, content.marketplace.currency, language));
  const image = `display:block;width:100%;height:auto;background:${colours.tile};color:${colours.muted};border-radius:6px;font-size:13px;line-height:1.5`;
  return `<td width="50%" valign="top" style="padding:${padding}"><a class="ink" href="${value(item.url)}" style="color:${colours.ink};text-decoration:none"><img class="tile" src="${value(item.imageUrl)}" width="268" alt="${alternative}" style="${image}"><span style="display:block;padding-top:8px;font-size:14px;line-height:1.45">${name}</span><b style="display:block;padding-top:2px;font-size:15px">${price}</b></a></td>`;
}

const graphemes = new Intl.Segmenter();

/** At most so many columns, of which a full-width character takes two; keeps a grid of items even. */
function clip(text: string, columns: number): string {
  let width = 0;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    width += /[\u1100-\uffff]/.test(segment) || segment.length > 1 ? 2 : 1;
    if (width > columns) return `${kept.trimEnd()}…`;
    kept += segment;
  }
  return text;
}

function footer({ content, colours, value, text }: Sketch): string {
  const { marketplace } = content;
  const link = `class="muted" style="color:${colours.muted};text-decoration:underline"`;
  const refuse = content.advertisingLabel ? 'email.refuseFree' : 'email.refuse';
  return `<mj-text css-class="pad" padding="0 24px" font-size="12px" line-height="1.7" color="${colours.muted}"><div class="muted">${text('email.sendOnly')}<br>
<a ${link} href="${value(marketplace.contactUrl)}">${text('email.contact')}</a></div>
<div class="muted" style="padding-top:10px">${text('email.sender')}: ${value(marketplace.senderName)}<br>${value(marketplace.senderPostalAddress)}<br>${value(marketplace.senderEmail)}</div>
<div class="muted" style="padding-top:10px">${text(refuse)}<br>
<a ${link} href="${value(refuseUrl(marketplace.publicUrl))}">${text('email.refuseLink')}</a></div></mj-text>`;
}
