import { z } from 'zod';
import { type Field, fieldsOf, type ImportKind } from './fields.ts';
import type { Source } from './rules.ts';

/** How a file's headings become fields. */
export interface Mapping {
  /** field → heading in the file. */
  map: Readonly<Record<string, string>>;
  /** field → the same text for every row. */
  set: Readonly<Record<string, string>>;
  /** Amount field → factor, for files in another currency. */
  multiply: Readonly<Record<string, number>>;
}

export const noMapping: Mapping = { map: {}, set: {}, multiply: {} };

/** What `--mapping file.json` holds. */
export const mappingFile = z.strictObject({
  map: z.record(z.string(), z.string()).default({}),
  set: z.record(z.string(), z.string()).default({}),
  multiply: z.record(z.string(), z.number().positive()).default({}),
});

/** The file as a whole cannot be imported; the message says why and what to do. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

/**
 * Finds the place of every field of this kind in a file with these headings: as mapped, or else by the field's name, or
 * else by one of the headings that other systems use. Undefined: the file does not have it.
 * @throws ImportError when a needed field is not found, or the mapping names what does not exist; it lists what there is.
 */
export function planSources(kind: ImportKind, headings: readonly string[], mapping: Mapping): (Source | undefined)[] {
  const fields = fieldsOf[kind];
  checkMapping(kind, mapping);
  const places = new Map<string, number>();
  for (const [place, heading] of headings.entries()) {
    const folded = foldHeading(heading);
    if (!places.has(folded)) places.set(folded, place);
  }
  const mapped = new Set(Object.values(mapping.map).map(foldHeading));
  const sources = fields.map((field) => findSource(field, { headings, places, mapped, mapping }));
  const missing = fields.filter((field, index) => field.required && sources[index] === undefined);
  if (missing.length > 0) throw new ImportError(missingSentence(missing, headings));
  return sources;
}

interface Search {
  headings: readonly string[];
  places: ReadonlyMap<string, number>;
  /** Headings that are taken by --map and so are not looked at for other fields. */
  mapped: ReadonlySet<string>;
  mapping: Mapping;
}

function findSource(field: Field, { headings, places, mapped, mapping }: Search): Source | undefined {
  const factor = mapping.multiply[field.name];
  const constant = mapping.set[field.name];
  if (constant !== undefined) return { field, heading: field.name, from: { constant }, factor };
  const heading = mapping.map[field.name];
  if (heading !== undefined) {
    const cell = places.get(foldHeading(heading));
    if (cell === undefined) {
      throw new ImportError(`There is no column "${heading}" for ${field.name}. The file has: ${list(headings)}.`);
    }
    return { field, heading: headings[cell] ?? heading, from: { cell }, factor };
  }
  for (const candidate of [field.name, ...field.headings]) {
    const folded = foldHeading(candidate);
    const cell = places.get(folded);
    if (cell !== undefined && !mapped.has(folded)) {
      return { field, heading: headings[cell] ?? candidate, from: { cell }, factor };
    }
  }
  return undefined;
}

/** Headings are the same whatever their width, case, spaces and signs: `Order No.`, `order_no` and `ＯｒｄｅｒＮｏ`. */
export function foldHeading(heading: string): string {
  return heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-.:：・#"'()[\]]+/g, '');
}

function checkMapping(kind: ImportKind, mapping: Mapping): void {
  const fields = fieldsOf[kind];
  for (const name of [...Object.keys(mapping.map), ...Object.keys(mapping.set), ...Object.keys(mapping.multiply)]) {
    if (fields.some((field) => field.name === name)) continue;
    throw new ImportError(
      `${kind} have no field "${name}". They have: ${fields.map((field) => field.name).join(', ')}.`,
    );
  }
  for (const name of Object.keys(mapping.multiply)) {
    if (fields.some((field) => field.name === name && field.money)) continue;
    const amounts = fields.filter((field) => field.money).map((field) => field.name);
    throw new ImportError(
      `${name} is not an amount and cannot be multiplied.${amounts.length > 0 ? ` Amounts: ${amounts.join(', ')}.` : ''}`,
    );
  }
}

function missingSentence(missing: readonly Field[], headings: readonly string[]): string {
  const names = missing.map((field) => field.name);
  const advice = names.map((name) =>
    name === 'shop_no'
      ? '--shop SHOP_NO for a file of one shop, or --map shop_no="Heading"'
      : `--map ${name}="Heading"`,
  );
  return (
    `No column for ${names.join(', ')} was found. The file has: ${list(headings)}.\n` +
    `Say which column it is: ${advice.join(' ')}`
  );
}

function list(headings: readonly string[]): string {
  if (headings.length === 0) return 'no columns at all';
  const shown = headings.slice(0, 40).map((heading) => `"${heading.slice(0, 60).replace(/\p{Cc}+/gu, ' ')}"`);
  return shown.join(', ') + (headings.length > shown.length ? ' and more' : '');
}
