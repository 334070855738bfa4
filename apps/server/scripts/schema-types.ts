import type { Catalog, Column, Table } from './schema-catalog.ts';

/** How values arrive from the pool that src/db/database.ts opens. */
const TYPES: Record<string, string> = {
  bool: 'boolean',
  bytea: 'Buffer',
  date: 'string',
  float4: 'number',
  float8: 'number',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  json: 'unknown',
  jsonb: 'unknown',
  numeric: 'string',
  timestamptz: 'Date',
};

/** Kysely's view of the database: one interface per table, and `Schema` with all of them. */
export function renderTypes(catalog: Catalog): string {
  const enums = new Map(catalog.enums.map(({ name, labels }) => [name, labels.map(quote).join(' | ')]));
  const tables = catalog.tables.filter(({ partitionOf }) => partitionOf === null);
  const blocks = [
    ...[...enums].map(([name, union]) => `export type ${pascal(name)} = ${union};`),
    ...tables.map((table) => renderTable(table, enums)),
    ['export interface Schema {', ...tables.map(({ name }) => `  ${name}: ${pascal(name)}Table;`), '}'].join('\n'),
  ];
  const body = blocks.join('\n\n');
  const imports = ['Generated', 'GeneratedAlways'].filter((name) => body.includes(`${name}<`));
  const head = [
    '// Generated from the migrated database by scripts/generate-schema.ts ("npm run db:generate"). Do not edit.',
    '// timestamptz is Date; date, numeric, uuid and text are string; bigint is number (beyond 2^53 the pool throws).',
    ...(imports.length > 0 ? [`import type { ${imports.join(', ')} } from 'kysely';`] : []),
  ];
  return `${head.join('\n')}\n\n${body}\n`;
}

function renderTable(table: Table, enums: Map<string, string>): string {
  const comment = table.comment ? [`/** ${inComment(table.comment)} */`] : [];
  const columns = table.columns.flatMap((column) => [
    ...(column.comment ? [`  /** ${inComment(column.comment)} */`] : []),
    `  ${column.name}: ${renderColumn(column, table, enums)};`,
  ]);
  return [...comment, `export interface ${pascal(table.name)}Table {`, ...columns, '}'].join('\n');
}

function renderColumn(column: Column, table: Table, enums: Map<string, string>): string {
  const single = enums.has(column.baseType)
    ? pascal(column.baseType)
    : (literals(column, table) ?? TYPES[column.baseType] ?? 'string');
  const value = column.array ? (single.includes(' ') ? `(${single})[]` : `${single}[]`) : single;
  // unknown holds null already.
  const whole = column.nullable && value !== 'unknown' ? `${value} | null` : value;
  if (column.generated || column.identity === 'always') return `GeneratedAlways<${whole}>`;
  return column.defaultValue !== null || column.identity !== null ? `Generated<${whole}>` : whole;
}

/** A text column with `check (column in ('a', 'b'))` is a closed union. */
function literals(column: Column, table: Table): string | undefined {
  for (const { kind, column: only, definition } of table.constraints) {
    if (kind !== 'c' || only !== column.name) continue;
    const list = /^CHECK \(\(\w+ = ANY \(ARRAY\[((?:'[^']*'::text(?:, )?)+)\]\)\)\)$/.exec(definition)?.[1];
    if (list) return [...list.matchAll(/'([^']*)'::text/g)].map(([, label]) => quote(label ?? '')).join(' | ');
  }
  return undefined;
}

function pascal(name: string): string {
  return name.replace(/(^|_)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`;
}

function inComment(text: string): string {
  return text.replaceAll('*/', '* /').replaceAll('\n', ' ');
}
