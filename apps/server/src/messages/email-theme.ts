import type { Language } from '@coupon-push/i18n/languages.ts';
import { accentOf, type Colour, contrast, mix, readable } from './colours.ts';

/** The colours of one appearance. */
export interface Palette {
  page: Colour;
  card: Colour;
  ink: Colour;
  muted: Colour;
  line: Colour;
  tile: Colour;
  ticket: Colour;
  ticketLine: Colour;
  accent: Colour;
  /** The button, and the text on it. */
  button: Colour;
  buttonInk: Colour;
}

/** Light and dark, both from the marketplace's accent; text in the accent keeps 4.5 : 1 whatever the accent is. */
export function palettes(accentText: string | undefined): { light: Palette; dark: Palette } {
  const accent = accentOf(accentText);
  const lightTicket = mix(accent, '#ffffff', 0.93);
  const darkTicket = mix(accent, '#1b1c1f', 0.86);
  const onButton: Colour = contrast(accent, '#ffffff') >= 4.5 ? '#ffffff' : '#17181a';
  const button = readable(accent, onButton, onButton === '#ffffff' ? '#000000' : '#ffffff');
  const light: Palette = {
    page: '#f2f3f5',
    card: '#ffffff',
    ink: '#1c1d1f',
    muted: '#5f646b',
    line: '#e3e5e8',
    tile: '#eceef0',
    ticket: lightTicket,
    ticketLine: mix(accent, '#ffffff', 0.6),
    accent: readable(accent, lightTicket, '#000000'),
    button,
    buttonInk: onButton,
  };
  const dark: Palette = {
    page: '#101113',
    card: '#1b1c1f',
    ink: '#ececee',
    muted: '#a6abb2',
    line: '#33363b',
    tile: '#2a2c30',
    ticket: darkTicket,
    ticketLine: mix(accent, '#1b1c1f', 0.4),
    accent: readable(accent, darkTicket, '#ffffff'),
    button,
    buttonInk: onButton,
  };
  return { light, dark };
}

const fonts: Record<Language, string> = {
  ja: "'Hiragino Sans','Hiragino Kaku Gothic ProN','Noto Sans JP','Noto Sans CJK JP','Yu Gothic UI',Meiryo",
  ko: "'Apple SD Gothic Neo','Noto Sans KR','Noto Sans CJK KR','Malgun Gothic'",
  en: 'Roboto,Helvetica,Arial',
};

export function fontStack(language: Language): string {
  return `-apple-system,BlinkMacSystemFont,'Segoe UI',${fonts[language]},sans-serif`;
}

/** Lines break by phrase: between words in Korean, at phrases in Japanese where the reader's program can. */
const wordBreaks: Record<Language, string> = {
  ja: 'word-break:normal;word-break:auto-phrase;',
  ko: 'word-break:keep-all;',
  en: '',
};

/** What inline styles cannot say: the dark appearance, narrow screens, line breaking. */
export function styleSheet(language: Language, dark: Palette): string {
  return `
:root{color-scheme:light dark;supported-color-schemes:light dark}
td,div,a{${wordBreaks[language]}overflow-wrap:anywhere}
a{color:inherit}
@media (max-width:479px){
.pad{padding-left:16px !important;padding-right:16px !important}
.big{font-size:40px !important}
.buy table{width:100% !important}
}
${darkRules(dark)}
`;
}

function darkRules(dark: Palette): string {
  const rules: [string, string][] = [
    ['.page,.page>div', `background:${dark.page} !important`],
    ['.card,.card>table', `background:${dark.card} !important`],
    ['.ink', `color:${dark.ink} !important`],
    ['.muted', `color:${dark.muted} !important`],
    ['.accent', `color:${dark.accent} !important`],
    ['.rule', `border-color:${dark.line} !important`],
    ['.tile', `background:${dark.tile} !important;color:${dark.muted} !important`],
    ['.ticket', `background:${dark.ticket} !important;border-color:${dark.ticketLine} !important`],
    ['.notch', `background:${dark.card} !important;border-color:${dark.ticketLine} !important`],
  ];
  const text = rules.map(([selector, style]) => `${selector}{${style}}`).join('\n');
  return `@media (prefers-color-scheme:dark){\n${text}\n}`;
}
