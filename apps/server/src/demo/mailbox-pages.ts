import { formatNumber, formatTimestamp } from '@coupon-push/i18n/format.ts';
import { type Language, languages } from '@coupon-push/i18n/languages.ts';
import { messageText } from '@coupon-push/i18n/translator.ts';
import { escapeHtml } from '../messages/html.ts';
import type { MailEntry, MailPage } from './mailbox-db.ts';

export interface MailboxReader {
  language: Language;
  zone: string;
  /** The language was chosen on the page; links keep it. */
  chosen: boolean;
}

export interface MailView {
  entry: MailEntry;
  headers: { name: string; value: string }[];
  hasHtml: boolean;
  text: string;
  source: string;
}

const languageNames: Record<Language, string> = { ja: '日本語', ko: '한국어', en: 'English' };

export function listPage(reader: MailboxReader, page: MailPage, to: string): string {
  const text = texts(reader.language);
  const keep = { ...(to === '' ? {} : { to }) };
  const link = (label: string, target: Record<string, string>) =>
    `<a class="button" href="${address(reader, '/mailbox', { ...keep, ...target })}">${label}</a>`;
  const search = `<form class="search" role="search" action="/mailbox"><label class="hidden" for="to">${text('search')}</label>
<input id="to" name="to" type="search" value="${escapeHtml(to)}" placeholder="${text('search')}" autocomplete="off" spellcheck="false">
${reader.chosen ? `<input type="hidden" name="lang" value="${reader.language}">` : ''}<button>${text('find')}</button></form>`;
  const paging = [
    page.newer === null ? '' : link(`← ${text('newer')}`, { after: String(page.newer) }),
    page.older === null ? '' : link(`${text('older')} →`, { before: String(page.older) }),
  ].join('');
  const body = page.entries.length > 0 ? table(reader, page.entries) : emptyState(reader, to);
  return document(reader, messageText(reader.language, 'mailbox.title'), '/mailbox', keep, [
    `<p class="note">${text('note')}</p>`,
    search,
    body,
    paging === '' ? '' : `<nav class="paging">${paging}</nav>`,
  ]);
}

function table(reader: MailboxReader, entries: MailEntry[]): string {
  const text = texts(reader.language);
  const rows = entries.map((entry) => {
    const href = address(reader, `/mailbox/${entry.id}`, {});
    return `<tr><td class="to"><a href="${href}">${escapeHtml(entry.to)}</a></td><td class="subject">${escapeHtml(entry.subject)}</td>
<td class="time"><time datetime="${entry.receivedAt.toISOString()}">${escapeHtml(formatTimestamp(entry.receivedAt, reader.zone, reader.language))}</time></td>
<td class="size">${size(entry.bytes, reader.language)}</td></tr>`;
  });
  return `<table><thead><tr><th>${text('to')}</th><th>${text('subject')}</th><th>${text('received')}</th><th class="size">${text('size')}</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`;
}

function emptyState(reader: MailboxReader, to: string): string {
  const text = texts(reader.language);
  if (to === '') return `<div class="empty"><h2>${text('emptyTitle')}</h2><p>${text('emptyBody')}</p></div>`;
  const all = address(reader, '/mailbox', {});
  return `<div class="empty"><h2>${text('noneFound')}</h2><p><a href="${all}">${text('showAll')}</a></p></div>`;
}

export function mailPage(reader: MailboxReader, { entry, headers, hasHtml, text: plain, source }: MailView): string {
  const text = texts(reader.language);
  const received = formatTimestamp(entry.receivedAt, reader.zone, reader.language);
  const rows = headers.map(({ name, value }) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`);
  // Without scripts: the two widths are radio buttons that the style sheet looks at.
  const shown = `<div class="widths"><input type="radio" name="width" id="phone" checked><label for="phone">${text('phone')}</label>
<input type="radio" name="width" id="desktop"><label for="desktop">${text('desktop')}</label>
<iframe title="${escapeHtml(entry.subject)}" src="/mailbox/${entry.id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe></div>`;
  return document(reader, entry.subject, `/mailbox/${entry.id}`, {}, [
    `<p><a href="${address(reader, '/mailbox', {})}">← ${text('back')}</a></p>`,
    `<dl><dt>${text('to')}</dt><dd><a href="${address(reader, '/mailbox', { to: entry.to })}">${escapeHtml(entry.to)}</a></dd>
<dt>${text('received')}</dt><dd>${escapeHtml(received)}</dd><dt>${text('size')}</dt><dd>${size(entry.bytes, reader.language)}</dd></dl>`,
    hasHtml ? shown : '',
    `<details${hasHtml ? '' : ' open'}><summary>${text('text')}</summary><pre>${escapeHtml(plain)}</pre></details>`,
    `<details><summary>${text('headers')}</summary><table class="headers"><tbody>${rows.join('')}</tbody></table></details>`,
    `<details><summary>${text('source')}</summary><pre>${escapeHtml(source)}</pre></details>`,
  ]);
}

export function missingPage(reader: MailboxReader): string {
  const text = texts(reader.language);
  return document(reader, messageText(reader.language, 'mailbox.title'), '/mailbox', {}, [
    `<div class="empty"><p>${text('notFound')}</p><p><a href="${address(reader, '/mailbox', {})}">${text('back')}</a></p></div>`,
  ]);
}

type MailboxText = Parameters<typeof messageText>[1] extends infer Key
  ? Key extends `mailbox.${infer Name}`
    ? Name
    : never
  : never;

/** The catalogue's sentences, escaped. */
function texts(language: Language): (key: MailboxText) => string {
  return (key) => escapeHtml(messageText(language, `mailbox.${key}`));
}

function size(bytes: number, language: Language): string {
  return `${formatNumber(Math.max(1, Math.round(bytes / 1024)), language)} KB`;
}

function address(reader: MailboxReader, path: string, query: Record<string, string>): string {
  const parameters = new URLSearchParams({ ...query, ...(reader.chosen ? { lang: reader.language } : {}) });
  return escapeHtml(parameters.size === 0 ? path : `${path}?${parameters}`);
}

function document(
  reader: MailboxReader,
  title: string,
  path: string,
  query: Record<string, string>,
  parts: string[],
): string {
  const choices = languages.map((language) => {
    if (language === reader.language)
      return `<span lang="${language}" aria-current="true">${languageNames[language]}</span>`;
    const href = address({ ...reader, language, chosen: true }, path, query);
    return `<a lang="${language}" href="${href}">${languageNames[language]}</a>`;
  });
  return `<!doctype html>
<html lang="${reader.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/mailbox/style.css">
</head>
<body>
<header><h1>${escapeHtml(title)}</h1><nav class="languages">${choices.join('')}</nav></header>
<main>${parts.join('\n')}</main>
</body>
</html>
`;
}

export const mailboxStyles = `
:root{color-scheme:light dark;--page:#f6f7f8;--card:#fff;--ink:#1c1d1f;--muted:#5f646b;--line:#e3e5e8;--hover:#f2f3f5;--accent:#c2410c}
@media (prefers-color-scheme:dark){:root{--page:#101113;--card:#1b1c1f;--ink:#ececee;--muted:#a6abb2;--line:#33363b;--hover:#232529;--accent:#f08a5d}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:14px/1.5 system-ui,-apple-system,'Segoe UI','Hiragino Sans','Noto Sans JP','Apple SD Gothic Neo','Noto Sans KR',sans-serif;overflow-wrap:anywhere}
:lang(ko){word-break:keep-all}
:lang(ja){word-break:normal;word-break:auto-phrase}
header,main{max-width:1080px;margin:0 auto;padding:0 20px}
header{display:flex;gap:16px;align-items:baseline;justify-content:space-between;padding-top:24px;padding-bottom:8px}
h1{margin:0;font-size:20px;line-height:1.4}
h2{margin:0 0 8px;font-size:16px}
main{padding-bottom:48px}
a{color:inherit}
a:focus-visible,button:focus-visible,input:focus-visible,summary:focus-visible,input:focus-visible+label{outline:2px solid var(--accent);outline-offset:2px}
.languages{display:flex;gap:12px;flex:none;font-size:13px;color:var(--muted)}
.languages [aria-current]{color:var(--ink);font-weight:700}
.note{margin:0 0 16px;color:var(--muted)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.search{display:flex;gap:8px;margin-bottom:16px}
.search input[type=search]{flex:1;max-width:420px;min-width:0;padding:8px 12px;border:1px solid var(--line);border-radius:6px;background:var(--card);color:inherit;font:inherit}
button,.button{padding:8px 14px;border:1px solid var(--line);border-radius:6px;background:var(--card);color:inherit;font:inherit;text-decoration:none;cursor:pointer}
button:hover,.button:hover{background:var(--hover)}
table{width:100%;border-collapse:collapse;background:var(--card);border:1px solid var(--line)}
th,td{padding:9px 12px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
thead th{color:var(--muted);font-size:13px;font-weight:400;white-space:nowrap}
tbody tr:hover{background:var(--hover)}
.to a{font-weight:600;text-decoration:none}
.to a:hover{text-decoration:underline}
.time,.size{white-space:nowrap;font-variant-numeric:tabular-nums;color:var(--muted)}
.size{text-align:right}
.paging{display:flex;gap:8px;margin-top:16px}
.empty{padding:64px 24px;background:var(--card);border:1px solid var(--line);border-radius:6px;text-align:center}
.empty p{margin:0;color:var(--muted)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:0 0 16px}
dt{color:var(--muted)}
dd{margin:0}
.widths{margin-bottom:16px}
.widths input{position:absolute;opacity:0}
.widths label{display:inline-block;margin:0 4px 12px 0;padding:6px 14px;border:1px solid var(--line);border-radius:6px;background:var(--card);color:var(--muted);cursor:pointer}
.widths input:checked+label{border-color:var(--accent);color:var(--ink);font-weight:700}
iframe{display:block;width:100%;height:800px;border:1px solid var(--line);border-radius:6px;background:#fff}
#phone:checked~iframe{max-width:390px}
details{margin-bottom:8px;background:var(--card);border:1px solid var(--line);border-radius:6px}
summary{padding:10px 12px;cursor:pointer;font-weight:600}
pre{margin:0;padding:12px;border-top:1px solid var(--line);overflow:auto;white-space:pre-wrap;word-break:normal;font:13px/1.6 ui-monospace,Menlo,Consolas,'Noto Sans Mono CJK JP',monospace}
.headers{border:0;border-top:1px solid var(--line)}
.headers th{width:180px;color:var(--muted);font-weight:400}
@media (max-width:600px){
header{flex-direction:column;gap:4px}
thead{display:none}
tr{display:block;padding:8px 0;border-bottom:1px solid var(--line)}
td,th{display:block;padding:2px 12px;border:0}
.size{display:none}
}
`;
