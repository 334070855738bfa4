import { searchText } from '../items/search-text.ts';
import type { Field, ImportKind } from './fields.ts';
import { Problem, type ValueContext } from './values.ts';

/** Where a field's text comes from: a cell of the row (by its place), or the same text for every row. */
export interface Source {
  field: Field;
  /** The heading in the file; the field's own name for a constant. */
  heading: string;
  from: { cell: number } | { constant: string };
  factor: number | undefined;
}

export interface RowPlan {
  kind: ImportKind;
  /** By the field's place; undefined where the file does not have it. */
  sources: readonly (Source | undefined)[];
  context: ValueContext;
}

/** A row that can go in: by the field's place, as PostgreSQL reads it; null for an empty cell. */
export interface Accepted {
  values: (string | null)[];
  /** Bit n: the row has field n, so that an empty cell clears what was there; a field it does not have stays as it is. */
  present: number;
  /** Of what the row is about; two rows with the same key are about the same thing. */
  key: string;
}

export interface Rejection {
  /** The heading, or empty when it is about the whole row. */
  column: string;
  problem: Problem;
}

/**
 * One row into what goes into the tables, or the first thing that is wrong with it.
 * @param cells by place; undefined where this row does not have the cell at all (ndjson).
 */
export function parseRow(cells: readonly (string | undefined)[], plan: RowPlan): Accepted | Rejection {
  const { sources, context } = plan;
  const values: (string | null)[] = new Array(sources.length);
  let present = 0;
  for (let index = 0; index < sources.length; index += 1) {
    const source = sources[index];
    const text =
      source === undefined ? undefined : 'cell' in source.from ? cells[source.from.cell] : source.from.constant;
    values[index] = null;
    if (source === undefined || text === undefined) {
      if (source?.field.required) return missing(source);
      continue;
    }
    present |= 1 << index;
    const trimmed = text.trim();
    if (trimmed === '') {
      if (source.field.required) return missing(source);
      continue;
    }
    const value = source.field.parse(trimmed, context, source.factor);
    if (typeof value !== 'string') return { column: source.heading, problem: value };
    values[index] = value;
  }
  return finish(values, present, plan);
}

function missing(source: Source): Rejection {
  return { column: source.heading, problem: new Problem('missing', 'This is needed, and it is empty.') };
}

function finish(values: (string | null)[], present: number, plan: RowPlan): Accepted | Rejection {
  switch (plan.kind) {
    case 'orders':
    case 'customers':
      return { values, present, key: values[0] ?? '' };
    case 'fellows':
      return { values, present, key: `${values[0]} ${values[1]}` };
    case 'items':
      return finishItem(values, present, plan);
  }
}

/** Places in itemFields. */
const item = { shop: 0, no: 1, name: 2, large: 5, middle: 6, small: 7 } as const;

function finishItem(values: (string | null)[], present: number, plan: RowPlan): Accepted | Rejection {
  const [large, middle, small] = [values[item.large], values[item.middle], values[item.small]];
  if ((middle !== null && large === null) || (small !== null && middle === null)) {
    const column = plan.sources[large === null ? item.large : item.middle]?.heading ?? '';
    const sentence = 'A category is missing above the one that is given: large, then middle, then small.';
    return { column, problem: new Problem('category_without_parent', sentence) };
  }
  values.push(searchText(`${values[item.name]} ${values[item.no]}`));
  return { values, present, key: `${values[item.shop]} ${values[item.no]}` };
}

/**
 * The identity that rows with the same key must also share for the later one to simply replace the earlier one: an order
 * number that comes twice with two customers is for the database to judge, one after the other.
 */
export function identity(kind: ImportKind, row: Accepted): string {
  return kind === 'orders' ? `${row.present} ${row.values[1]} ${row.values[2]}` : String(row.present);
}

/** One line of COPY's text format. */
export function copyLine(row: number, { values, present }: Accepted): string {
  let line = `${row}\t${present}`;
  for (const value of values) {
    if (value === null) line += '\t\\N';
    else line += `\t${value.includes('\\') ? value.replaceAll('\\', '\\\\') : value}`;
  }
  return `${line}\n`;
}
