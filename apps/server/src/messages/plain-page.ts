import type { Language } from '@coupon-push/i18n/languages.ts';
import { messageText } from '@coupon-push/i18n/translator.ts';
import { escapeHtml } from './html.ts';

/** For every answer with a plain page. Its address may be a key: it goes nowhere. */
export const plainPageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
};

/** A way out of a page that could not do what somebody came for. Empty when there is no address. */
export function contactLink(language: Language, contactUrl: string): string {
  if (!/^https?:/.test(contactUrl)) return '';
  return `<p><a href="${escapeHtml(contactUrl)}">${escapeHtml(messageText(language, 'unsubscribe.contact'))}</a></p>`;
}

/** Without scripts, pictures or anything from elsewhere: it has to work from any mail program's browser. Parts are HTML. */
export function plainPage(language: Language, title: string, parts: string[]): string {
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
label{display:flex;gap:12px;align-items:flex-start;padding:14px 0;border-top:1px solid var(--line);cursor:pointer}
label+button{margin-top:8px}
input{flex:none;width:20px;height:20px;margin:4px 0 0;accent-color:var(--accent)}
input:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
.hint{margin:-8px 0 14px 32px;color:var(--muted);font-size:14px}
.saved{padding:10px 12px;border:1px solid var(--accent);border-radius:6px}
button{width:100%;padding:13px 16px;border:0;border-radius:6px;background:var(--accent);color:#fff;font:inherit;font-weight:700;cursor:pointer}
button:focus-visible,a:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
`;
