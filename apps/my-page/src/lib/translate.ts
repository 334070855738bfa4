import type firstSentences from '@coupon-push/i18n/ja/my-page.json';
import type laterSentences from '@coupon-push/i18n/ja/my-page-later.json';
import type { Language } from '@coupon-push/i18n/languages.ts';

export type Catalogue = { [key: string]: string | Catalogue };

type Keys<T, Prefix extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${Prefix}${K}` : Keys<T[K], `${Prefix}${K}.`>;
}[keyof T & string];
/** A plural is one key: `coupons.count` for `coupons.count_one` and `coupons.count_other`. */
type WithoutForm<K extends string> = K extends `${infer Base}_one` | `${infer Base}_other` ? Base : K;
export type TextKey = WithoutForm<Keys<typeof firstSentences> | Keys<typeof laterSentences>>;
export type Params = Record<string, string | number>;

/**
 * Looks up `a.b` in a catalogue as i18next writes them: `{{name}}` is filled in, and `_one` / `_other` are chosen by `count`.
 * i18next itself would take a sixth of what this app may weigh.
 */
export function lookUp(catalogue: Catalogue, language: Language, key: string, params: Params = {}): string | undefined {
  const forms = typeof params.count === 'number' ? [`_${pluralForm(language, params.count)}`, '_other', ''] : [''];
  for (const form of forms) {
    const sentence = at(catalogue, key + form);
    if (sentence !== undefined) {
      return sentence.replace(/{{\s*([\w.]+)\s*}}/g, (whole, name: string) => String(params[name] ?? whole));
    }
  }
  return undefined;
}

function at(catalogue: Catalogue, path: string): string | undefined {
  let found: string | Catalogue | undefined = catalogue;
  for (const name of path.split('.')) found = typeof found === 'object' ? found[name] : undefined;
  return typeof found === 'string' ? found : undefined;
}

function pluralForm(language: Language, count: number): string {
  return new Intl.PluralRules(language).select(count);
}
