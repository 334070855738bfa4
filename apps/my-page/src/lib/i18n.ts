import { type Language, languages } from '@coupon-push/i18n/languages.ts';
import { useSyncExternalStore } from 'react';
import { ApiError, problemOf } from './http.ts';
import { readStored, writeStored } from './storage.ts';
import { type Catalogue, lookUp, type Params, type TextKey } from './translate.ts';

const storageKey = 'coupon-push.my-page.language';

type Load = Record<Language, () => Promise<{ default: Catalogue }>>;

/** What the first page says. */
const first: Load = {
  ja: () => import('@coupon-push/i18n/ja/my-page.json'),
  ko: () => import('@coupon-push/i18n/ko/my-page.json'),
  en: () => import('@coupon-push/i18n/en/my-page.json'),
};

/** What the pages say that are loaded when they are opened. */
const later: Load = {
  ja: () => import('@coupon-push/i18n/ja/my-page-later.json'),
  ko: () => import('@coupon-push/i18n/ko/my-page-later.json'),
  en: () => import('@coupon-push/i18n/en/my-page-later.json'),
};

/** The sentences of refusals, fetched when the first one has to be shown. */
const refusals: Load = {
  ja: () => import('@coupon-push/i18n/ja/errors.json'),
  ko: () => import('@coupon-push/i18n/ko/errors.json'),
  en: () => import('@coupon-push/i18n/en/errors.json'),
};

interface Shown {
  language: Language;
  catalogue: Catalogue;
}

let shown: Shown = { language: 'en', catalogue: {} };
let laterWanted = false;
const listeners = new Set<() => void>();

function isLanguage(value: unknown): value is Language {
  return languages.some((language) => language === value);
}

/** The language that was chosen on this browser before, if any. */
export function chosenLanguage(): Language | undefined {
  const stored = readStored('localStorage', storageKey);
  return isLanguage(stored) ? stored : undefined;
}

/** The first of the browser's languages that there is a catalogue for. */
export function browserLanguage(): Language | undefined {
  return navigator.languages.map((tag) => tag.split('-')[0]).find(isLanguage);
}

/** Fetches a language's sentences, if they are not there yet. */
export async function loadLanguage(language: Language): Promise<Catalogue> {
  const parts = await Promise.all([first[language](), ...(laterWanted ? [later[language]()] : [])]);
  return Object.assign({}, ...parts.map((part) => part.default)) as Catalogue;
}

/** Turns the app to a language: its sentences and `<html lang>`. */
export async function showLanguage(language: Language): Promise<void> {
  shown = { language, catalogue: await loadLanguage(language) };
  document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

/** Fetches what pages say that are not in the first load; they wait for it. */
export async function loadLaterSentences(): Promise<void> {
  if (laterWanted) return;
  laterWanted = true;
  await showLanguage(shown.language).catch((error: unknown) => {
    laterWanted = false;
    throw error;
  });
}

/** Shows a language and keeps it for the next visit. */
export async function chooseLanguage(language: Language): Promise<void> {
  writeStored('localStorage', storageKey, language);
  await showLanguage(language);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The language of the app, and its sentences. */
export function useText(): { language: Language; t: (key: TextKey, params?: Params) => string } {
  const { language, catalogue } = useSyncExternalStore(subscribe, () => shown);
  return { language, t: (key, params) => lookUp(catalogue, language, key, params) ?? key };
}

/** What a refusal says, in the app's language; without a network, when its sentences cannot be had, that. */
export async function refusalText(error: unknown): Promise<string> {
  const { language, catalogue } = shown;
  const { code, params } = problemOf(error);
  const own = lookUp(catalogue, language, `refusal.${code}`);
  if (own !== undefined) return own;
  const { default: sentences } = await refusals[language]().catch(() => ({ default: {} }));
  const filled = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value ?? '']));
  return (
    lookUp(sentences, language, `error.${code}`, filled) ??
    lookUp(catalogue, language, error instanceof ApiError ? 'refusal.internal' : 'refusal.unreachable') ??
    code
  );
}
