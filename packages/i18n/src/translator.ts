import i18next, { type i18n } from 'i18next';
import enConsole from './en/console.json' with { type: 'json' };
import enErrors from './en/errors.json' with { type: 'json' };
import enMessages from './en/messages.json' with { type: 'json' };
import jaConsole from './ja/console.json' with { type: 'json' };
import jaErrors from './ja/errors.json' with { type: 'json' };
import jaMessages from './ja/messages.json' with { type: 'json' };
import koConsole from './ko/console.json' with { type: 'json' };
import koErrors from './ko/errors.json' with { type: 'json' };
import koMessages from './ko/messages.json' with { type: 'json' };
import type { Language } from './languages.ts';

/** Dotted paths to the sentences of a catalogue: `email.subject`. */
export type Keys<T, Prefix extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${Prefix}${K}` : Keys<T[K], `${Prefix}${K}.`>;
}[keyof T & string];

export type MessageKey = Keys<typeof jaMessages>;
export type ErrorKey = Keys<typeof jaErrors>;
export type ConsoleKey = Keys<typeof jaConsole>;

const server: i18n = i18next.createInstance();
// Values are escaped where they are put into HTML, never here: the same sentence also goes into plain text.
void server.init({
  lng: 'en',
  fallbackLng: false,
  initAsync: false,
  interpolation: { escapeValue: false },
  resources: {
    ja: { messages: jaMessages, errors: jaErrors, console: jaConsole },
    ko: { messages: koMessages, errors: koErrors, console: koConsole },
    en: { messages: enMessages, errors: enErrors, console: enConsole },
  },
});

type Params = Record<string, string | number>;

/** The sentence of what customers receive (catalogue `messages`), plain text, not escaped. */
export function messageText(language: Language, key: MessageKey, params?: Params): string {
  if (params !== undefined) return server.t(key, { lng: language, ns: 'messages', ...params });
  const known = plain.get(`${language} ${key}`) ?? server.t(key, { lng: language, ns: 'messages' });
  plain.set(`${language} ${key}`, known);
  return known;
}

/** Sentences without values: a push's messages are made of some hundred, and many are rendered at one slot. */
const plain = new Map<string, string>();

/** The sentence of a refusal (catalogue `errors`), plain text, not escaped. */
export function errorText(language: Language, key: ErrorKey, params: Params = {}): string {
  return server.t(key, { lng: language, ns: 'errors', ...params });
}

/** A word of the console (catalogue `console`) for what sellers take with them: headings and states in their files. */
export function consoleText(language: Language, key: ConsoleKey, params: Params = {}): string {
  return server.t(key, { lng: language, ns: 'console', ...params });
}
