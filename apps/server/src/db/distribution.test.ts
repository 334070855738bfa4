import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { silentLog } from '../lib/plain-log.ts';
import {
  byCustomer,
  distribute,
  distributionStatements,
  onCoordinator,
  onEveryNode,
  readTies,
} from './distribution.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  return database.drop;
});

const all: readonly string[] = [...byCustomer, ...onEveryNode, ...onCoordinator];
const isByCustomer = (table: string) => byCustomer.some((name) => name === table);
const isOnEveryNode = (table: string) => onEveryNode.some((name) => name === table);

interface ForeignKey {
  from: string;
  to: string;
}

async function foreignKeys(): Promise<ForeignKey[]> {
  const { rows } = await sql<ForeignKey>`
    select conrelid::regclass::text as from, confrelid::regclass::text as to
      from pg_constraint
     where contype = 'f' and connamespace = 'public'::regnamespace`.execute(database.db);
  return rows;
}

describe('the schema on a Citus cluster', () => {
  it('has a place for every table, and one only', async () => {
    const { rows } = await sql<{ name: string }>`
      select relname as name from pg_class
       where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`.execute(database.db);
    expect([...all].sort()).toEqual(rows.map(({ name }) => name).sort());
    expect(new Set(all).size).toBe(all.length);
  });

  it('cuts tables by a customer_id that stands in their primary key and in every unique index', async () => {
    const { rows } = await sql<{ table_name: string; index_name: string; by_customer: boolean; main: boolean }>`
      select tables.relname as table_name, indexes.relname as index_name, index.indisprimary as main,
             exists (
               select from pg_attribute
                where attrelid = tables.oid and attname = 'customer_id' and attnum = any(index.indkey::int2[])
             ) as by_customer
        from pg_class tables
        join pg_index index on index.indrelid = tables.oid and index.indisunique
        join pg_class indexes on indexes.oid = index.indexrelid
       where tables.relkind = 'r' and tables.relnamespace = 'public'::regnamespace`.execute(database.db);
    const unique = rows.filter(({ table_name: table }) => isByCustomer(table));
    expect(new Set(unique.filter(({ main }) => main).map(({ table_name: table }) => table))).toEqual(
      new Set(byCustomer),
    );
    expect(unique.filter(({ by_customer: by }) => !by)).toEqual([]);
  });

  it('ties no small table to rows of customers, and those to nothing that is only on the coordinator', async () => {
    const wrong = (await foreignKeys()).filter(({ from, to }) =>
      isByCustomer(to) ? !isByCustomer(from) : (isByCustomer(from) || isOnEveryNode(from)) && !isOnEveryNode(to),
    );
    expect(wrong).toEqual([]);
  });

  it('ties rows of customers to nothing else, so that a transaction may write both them and a table on every node', async () => {
    expect((await foreignKeys()).filter(({ from }) => isByCustomer(from))).toEqual([]);
  });

  it('numbers rows by bigint, as Citus asks of identity columns', async () => {
    const { rows } = await sql<{ name: string }>`
      select attrelid::regclass::text || '.' || attname as name
        from pg_attribute
        join pg_class on pg_class.oid = attrelid
       where attidentity <> '' and atttypid <> 'bigint'::regtype and relnamespace = 'public'::regnamespace`.execute(
      database.db,
    );
    expect(rows).toEqual([]);
  });

  it('is distributed in an order in which what is referred to comes first', async () => {
    const { inOneTransaction, oneByOne } = distributionStatements(new Set(), []);
    const statements = [...inOneTransaction, ...oneByOne];
    const place = (table: string) => statements.findIndex((statement) => statement.includes(`('${table}'`));
    const early = (await foreignKeys()).filter(
      ({ from, to }) => from !== to && place(from) >= 0 && place(to) > place(from),
    );
    expect(early).toEqual([]);
    expect(statements).toHaveLength(byCustomer.length + onEveryNode.length);
    expect(distributionStatements(new Set(['customer', 'shop']), []).oneByOne).toHaveLength(oneByOne.length - 1);
  });

  it('copies no table that a foreign key ties to another, and then has each of these keys again as it was', async () => {
    const ties = await readTies(database.pool);
    const names = ties.map(({ table, to }) => `${table} -> ${to}`);
    expect(names).toEqual(expect.arrayContaining(['push_progress -> push', 'push -> shop']));
    const { inOneTransaction } = distributionStatements(new Set(), ties);
    const kinds = inOneTransaction.map((statement) => / (drop|add) constraint /.exec(statement)?.[1] ?? 'copy');
    const count = (kind: string) => kinds.filter((one) => one === kind).length;
    expect([count('drop'), count('copy'), count('add')]).toEqual([ties.length, onEveryNode.length, ties.length]);
    expect(kinds.lastIndexOf('drop')).toBeLessThan(kinds.indexOf('copy'));
    expect(kinds.lastIndexOf('copy')).toBeLessThan(kinds.indexOf('add'));
    const client = await database.pool.connect();
    try {
      await client.query('begin');
      for (const statement of inOneTransaction.filter((one) => one.startsWith('alter'))) await client.query(statement);
      expect(await readTies(client)).toEqual(ties);
    } finally {
      client.release(true);
    }
  });

  it('leaves what a cluster has already as it is', async () => {
    const ties = await readTies(database.pool);
    const all = new Set<string>([...byCustomer, ...onEveryNode, ...ties.map(({ table }) => table)]);
    expect(distributionStatements(all, ties)).toEqual({ inOneTransaction: [], oneByOne: [] });
    all.delete('reminder');
    const { inOneTransaction } = distributionStatements(all, ties);
    expect(inOneTransaction.map((statement) => statement.replace(/ (FOREIGN|ON) .*/, ''))).toEqual([
      'alter table reminder drop constraint reminder_push_id_fkey',
      "select create_reference_table('reminder')",
      'alter table reminder add constraint reminder_push_id_fkey',
    ]);
  });

  it('is asked for in vain where the server has no Citus, which is said', async () => {
    const { rowCount } = await database.pool.query(`select from pg_available_extensions where name = 'citus'`);
    if (rowCount === 0) await expect(distribute(database.pool, silentLog)).rejects.toThrow(/has no Citus/);
    else await expect(distribute(database.pool, silentLog)).rejects.toThrow(/Citus/);
  });
});
