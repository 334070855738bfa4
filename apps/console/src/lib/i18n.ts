import { type Language, languages } from '@coupon-push/i18n/languages.ts';
import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { readStored, writeStored } from './storage.ts';

const storageKey = 'coupon-push.language';

const catalogues: Record<Language, () => Promise<{ console: unknown; errors: unknown }>> = {
  ja: () => import('./catalogue-ja.ts'),
  ko: () => import('./catalogue-ko.ts'),
  en: () => import('./catalogue-en.ts'),
};

/** The web font behind the system's own: declared with its language, and fetched only where a glyph is missing. */
const fonts: Record<Language, () => Promise<unknown>> = {
  ja: () => import('@fontsource-variable/noto-sans-jp/index.css'),
  ko: () => import('@fontsource-variable/noto-sans-kr/index.css'),
  en: () => Promise.resolve(),
};

export function isLanguage(value: unknown): value is Language {
  return languages.some((language) => language === value);
}

/** The language that was chosen on this browser before, if any. */
export function chosenLanguage(): Language | null {
  const stored = readStored(storageKey);
  return isLanguage(stored) ? stored : null;
}

/** The first of the browser's languages that there is a catalogue for. */
export function browserLanguage(): Language | null {
  for (const tag of navigator.languages) {
    const base = tag.split('-')[0];
    if (isLanguage(base)) return base;
  }
  return null;
}

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'console')) return;
  const catalogue = await catalogues[language]();
  i18next.addResourceBundle(language, 'console', catalogue.console);
  i18next.addResourceBundle(language, 'errors', catalogue.errors);
}

export async function startI18n(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    ns: ['console', 'errors'],
    defaultNS: 'console',
    partialBundledLanguages: true,
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await load(language);
  await showLanguage(language);
}

/** Turns the page to a language: its sentences, its font and `<html lang>`. */
export async function showLanguage(language: Language): Promise<void> {
  await load(language);
  void fonts[language]();
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

/** Shows a language and keeps it for the next visit. */
export async function chooseLanguage(language: Language): Promise<void> {
  writeStored(storageKey, language);
  await showLanguage(language);
}

/** The language of the page as it is now. */
export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return isLanguage(i18n.language) ? i18n.language : 'en';
}
