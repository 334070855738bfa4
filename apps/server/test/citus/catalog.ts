import type pg from 'pg';
import { byCustomer, onEveryNode } from '../../src/db/distribution.ts';
import { parseQueryTree, type Tree } from './query-tree.ts';

/**
 * Where a table's rows are on a cluster. `beside`: only on the coordinator, but known to Citus, as foreign keys tie it to tables
 * that are on every node. `plain`: a table of which Citus knows nothing.
 */
export type Place = 'by customer' | 'every node' | 'beside' | 'plain';

export interface Table {
  name: string;
  place: Place;
  /** The attribute number of customer_id; undefined where it is not what the table is cut by. */
  key: number | undefined;
}

/** What of the database's catalog decides how Citus plans a statement; keys are object identifiers as text. */
export interface Catalog {
  tables: ReadonlyMap<string, Table>;
  functions: ReadonlyMap<string, { name: string; volatility: 'i' | 's' | 'v' }>;
  /** The functions of operators, and the names of those. */
  operators: ReadonlyMap<string, { name: string; functionId: string }>;
  /** What reads and writes the text of a type. */
  conversions: ReadonlyMap<string, { input: string; output: string }>;
}

export async function readCatalog(client: pg.ClientBase): Promise<Catalog> {
  const functions = await client.query<{ id: string; name: string; volatility: 'i' | 's' | 'v' }>(
    'select oid::text as id, proname as name, provolatile as volatility from pg_proc',
  );
  const operators = await client.query<{ id: string; name: string; functionId: string }>(
    'select oid::text as id, oprname as name, oprcode::oid::text as "functionId" from pg_operator',
  );
  const types = await client.query<{ id: string; input: string; output: string }>(
    'select oid::text as id, typinput::oid::text as input, typoutput::oid::text as output from pg_type',
  );
  const byId = <Row extends { id: string }>(rows: readonly Row[]) => new Map(rows.map((row) => [row.id, row]));
  return {
    tables: await readTables(client),
    functions: byId(functions.rows),
    operators: byId(operators.rows),
    conversions: byId(types.rows),
  };
}

async function readTables(client: pg.ClientBase): Promise<Map<string, Table>> {
  const { rows } = await client.query<{ id: string; name: string; schema: string; key: number | null }>(`
    select tables.oid::text as id, relname as name, relnamespace::regnamespace::text as schema, attnum as key
      from pg_class tables
      left join pg_attribute on attrelid = tables.oid and attname = 'customer_id'
     where relkind in ('r', 'p', 'v', 'm')`);
  const tied = await readTied(client);
  return new Map(
    rows.map(({ id, name, schema, key }): [string, Table] => {
      const ours = schema === 'public';
      const place = ours && tied.has(name) ? 'beside' : 'plain';
      if (ours && byCustomer.some((table) => table === name)) {
        return [id, { name, place: 'by customer', key: key ?? undefined }];
      }
      return [
        id,
        { name, place: ours && onEveryNode.some((table) => table === name) ? 'every node' : place, key: undefined },
      ];
    }),
  );
}

/** The tables of the coordinator that foreign keys tie to those on every node, directly or through others. */
async function readTied(client: pg.ClientBase): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    `with recursive key (one, other) as (
       select conrelid, confrelid from pg_constraint where contype = 'f'
        union
       select confrelid, conrelid from pg_constraint where contype = 'f'
     ),
     tied (id) as (
       select oid from pg_class where relnamespace = 'public'::regnamespace and relname = any ($1)
        union
       select key.other from tied join key on key.one = tied.id
     )
     select relname as name from tied join pg_class on pg_class.oid = tied.id`,
    [onEveryNode],
  );
  return new Set(rows.map(({ name }) => name));
}

/** What PostgreSQL cannot keep in a function has no tree: begin, copy, vacuum, create, listen ... */
export const hasTree = (statement: string): boolean =>
  /^\s*(select|with|insert|update|delete|values|merge)\b/i.test(statement);

/**
 * How PostgreSQL understands a statement: as the body of a function that is never called, and gone again afterwards.
 * @param before temporary tables that it needs.
 */
export async function analyse(client: pg.ClientBase, statement: string, before: readonly string[] = []): Promise<Tree> {
  await client.query('begin');
  try {
    for (const creation of before) await client.query(creation);
    await client.query(`prepare analysed as ${statement}`);
    const { rows: prepared } = await client.query<{ types: string[] }>(
      `select parameter_types::text[] as types from pg_prepared_statements where name = 'analysed'`,
    );
    await client.query(
      `create function pg_temp.analysed(${prepared[0]?.types.join(', ') ?? ''}) returns void begin atomic ${statement}; end`,
    );
    const { rows } = await client.query<{ tree: string }>(
      `select prosqlbody::text as tree from pg_proc where proname = 'analysed'`,
    );
    return parseQueryTree(rows[0]?.tree ?? '');
  } finally {
    await client.query('rollback');
    await client.query('deallocate all');
  }
}
