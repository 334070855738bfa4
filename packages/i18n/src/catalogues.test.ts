import { readFileSync } from 'node:fs';
import { errorCodes } from '@coupon-push/contract/problem.ts';
import { describe, expect, it } from 'vitest';
import { languages } from './languages.ts';

const namespaces = ['messages', 'errors', 'console', 'my-page', 'my-page-later'] as const;

type Catalogue = { [key: string]: string | Catalogue };

/** A sentence with forms for one and many counts as one sentence; Japanese and Korean have one form only. */
const pluralSuffix = /_(one|other)$/;

function sentences(language: string, namespace: string): Map<string, string> {
  const file = new URL(`./${language}/${namespace}.json`, import.meta.url);
  const flat = new Map<string, string>();
  const walk = (catalogue: Catalogue, prefix: string) => {
    for (const [key, value] of Object.entries(catalogue)) {
      if (typeof value === 'string') flat.set(prefix + key, value);
      else walk(value, `${prefix}${key}.`);
    }
  };
  walk(JSON.parse(readFileSync(file, 'utf8')) as Catalogue, '');
  return flat;
}

const keys = (language: string, namespace: string) =>
  [...new Set([...sentences(language, namespace).keys()].map((key) => key.replace(pluralSuffix, '')))].sort();

function placeholders(language: string, namespace: string): Record<string, string[]> {
  const found: Record<string, Set<string>> = {};
  for (const [key, sentence] of sentences(language, namespace)) {
    const names = [...sentence.matchAll(/{{\s*([\w.]+)/g)].map((match) => match[1] ?? '');
    const base = key.replace(pluralSuffix, '');
    found[base] = new Set([...(found[base] ?? []), ...names]);
  }
  return Object.fromEntries(Object.entries(found).map(([key, names]) => [key, [...names].sort()]));
}

describe.each(namespaces)('the catalogue %s', (namespace) => {
  it.each(languages)('has every sentence in %s, and none that is empty', (language) => {
    expect(keys(language, namespace)).toEqual(keys('ja', namespace));
    const empty = [...sentences(language, namespace)].filter(([, sentence]) => sentence.trim() === '');
    expect(empty).toEqual([]);
  });

  it.each(languages)('fills the same values into each sentence in %s', (language) => {
    const own = placeholders(language, namespace);
    const ja = placeholders('ja', namespace);
    for (const key of keys('ja', namespace)) {
      // "1 fellow" may leave the number out of one of its forms, never out of all of them.
      expect([key, own[key]]).toEqual([key, ja[key]]);
    }
  });
});

describe('the catalogue of refusals', () => {
  it('has a sentence for every code of the API', () => {
    const known = keys('ja', 'errors');
    expect(errorCodes.filter((code) => !known.includes(`error.${code}`))).toEqual([]);
  });
});
