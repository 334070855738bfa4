import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  return database.drop;
});

/** Small tables that mention a customer: they stay on the coordinator, or are distributed by a number of their own. */
const notByCustomer = [
  'customer_number',
  'customer_session',
  'order_number',
  'redemption_order',
  'compensation_upload_row',
];

describe('a table of rows per customer can be distributed by customer (Citus)', () => {
  it('because customer_id stands in its primary key and in every unique index', async () => {
    const { rows } = await sql<{ table_name: string; index_name: string; by_customer: boolean }>`
      select tables.relname as table_name, indexes.relname as index_name,
             customer.attnum = any(index.indkey::int2[]) as by_customer
        from pg_class tables
        join pg_namespace on pg_namespace.oid = tables.relnamespace and nspname = 'public'
        join pg_attribute customer on customer.attrelid = tables.oid and customer.attname = 'customer_id'
        join pg_index index on index.indrelid = tables.oid and index.indisunique
        join pg_class indexes on indexes.oid = index.indexrelid
       where tables.relkind = 'r'`.execute(database.db);
    const perCustomer = rows.filter((row) => !notByCustomer.includes(row.table_name));
    expect(new Set(perCustomer.map((row) => row.table_name)).size).toBeGreaterThanOrEqual(11);
    expect(perCustomer.filter((row) => !row.by_customer)).toEqual([]);
  });

  it('because no foreign key ties it to a table that is distributed otherwise', async () => {
    const { rows } = await sql<{ from_table: string; to_table: string }>`
      select conrelid::regclass::text as from_table, confrelid::regclass::text as to_table
        from pg_constraint
       where contype = 'f'
         and (select count(*) from pg_attribute
               where attrelid in (conrelid, confrelid) and attname = 'customer_id') > 0`.execute(database.db);
    expect(rows.filter((row) => !notByCustomer.includes(row.from_table))).toEqual([]);
  });
});
