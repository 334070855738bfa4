import type { Language } from '@coupon-push/i18n/languages.ts';
import { messageText } from '@coupon-push/i18n/translator.ts';
import { escapeHtml } from '../../messages/html.ts';

/** What the refusal pages are about. */
export interface RefusalView {
  language: Language;
  marketplace: { name: string; contactUrl: string };
  /** Masked; null when it is not known. */
  address: string | null;
}

/** Asks; nothing has happened yet. The form posts to the page's own address. */
export function confirmPage({ language, marketplace, address }: RefusalView): string {
  const text = messageText.bind(null, language);
  return page(language, text('unsubscribe.title'), [
    `<h1>${escapeHtml(text('unsubscribe.question', { marketplace: marketplace.name }))}</h1>`,
    address === null
      ? ''
      : `<p class="address"><span>${escapeHtml(text('unsubscribe.address'))}</span> ${escapeHtml(address)}</p>`,
    `<p>${escapeHtml(text('unsubscribe.consequence'))}</p>`,
    `<form method="post"><input type="hidden" name="confirm" value="yes"><button>${escapeHtml(text('unsubscribe.confirm'))}</button></form>`,
    `<p class="quiet">${escapeHtml(text('unsubscribe.keep'))}</p>`,
  ]);
}

/** `already`: it was so before. */
export function refusedPage({ language, marketplace }: RefusalView, already: boolean): string {
  const [title, body] = already
    ? (['unsubscribe.already', 'unsubscribe.alreadyBody'] as const)
    : (['unsubscribe.done', 'unsubscribe.doneBody'] as const);
  const heading = messageText(language, title);
  return page(language, heading, [
    `<h1>${escapeHtml(heading)}</h1>`,
    `<p>${escapeHtml(messageText(language, body, { marketplace: marketplace.name }))}</p>`,
  ]);
}

/** The link is not one of ours, or was cut off on its way. */
export function invalidPage({ language, marketplace }: Omit<RefusalView, 'address'>): string {
  const title = messageText(language, 'unsubscribe.invalidTitle');
  const contact = /^https?:/.test(marketplace.contactUrl)
    ? `<p><a href="${escapeHtml(marketplace.contactUrl)}">${escapeHtml(messageText(language, 'unsubscribe.contact'))}</a></p>`
    : '';
  return page(language, title, [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p>${escapeHtml(messageText(language, 'unsubscribe.invalidBody'))}</p>`,
    contact,
  ]);
}

/** Without scripts, pictures or anything from elsewhere: it has to work from any mail program's browser. */
function page(language: Language, title: string, parts: string[]): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${styles}</style>
</head>
<body><main>${parts.join('\n')}</main></body>
</html>
`;
}

const styles = `
:root{color-scheme:light dark;--page:#f2f3f5;--card:#fff;--ink:#1c1d1f;--muted:#5f646b;--line:#e3e5e8;--accent:#c2410c}
@media (prefers-color-scheme:dark){:root{--page:#101113;--card:#1b1c1f;--ink:#ececee;--muted:#a6abb2;--line:#33363b}}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.7 system-ui,-apple-system,'Segoe UI','Hiragino Sans','Noto Sans JP','Apple SD Gothic Neo','Noto Sans KR',sans-serif;overflow-wrap:anywhere}
:lang(ko){word-break:keep-all}
:lang(ja){word-break:normal;word-break:auto-phrase}
main{max-width:480px;margin:8vh auto;padding:32px 24px;background:var(--card);border:1px solid var(--line);border-radius:6px}
@media (max-width:520px){main{margin:0;border:0;border-radius:0}}
h1{margin:0 0 16px;font-size:20px;line-height:1.45}
p{margin:0 0 16px}
.address{padding:10px 12px;border:1px solid var(--line);border-radius:6px}
.address span{display:block;color:var(--muted);font-size:13px}
.quiet{margin:16px 0 0;color:var(--muted);font-size:14px}
a{color:inherit}
button{width:100%;padding:13px 16px;border:0;border-radius:6px;background:var(--accent);color:#fff;font:inherit;font-weight:700;cursor:pointer}
button:focus-visible,a:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
`;
