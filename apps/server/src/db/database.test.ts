import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { openDatabase } from './database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const one = async (expression: string): Promise<unknown> => {
  const { rows } = await database.pool.query<{ value: unknown }>(`select ${expression} as value`);
  return rows[0]?.value;
};

it.each([
  ['9007199254740991::bigint', Number.MAX_SAFE_INTEGER],
  ['array[1, null, 3]::bigint[]', [1, null, 3]],
  ["date '2026-03-01'", '2026-03-01'],
  ["array[date '2026-03-01']", ['2026-03-01']],
  ['1.10::numeric', '1.10'],
  ['array[1.10]::numeric[]', ['1.10']],
  ["timestamptz '2026-03-01 10:00+09'", new Date('2026-03-01T01:00:00Z')],
  [`'{"a": [1]}'::jsonb`, { a: [1] }],
])('%s arrives as %o', async (expression, value) => {
  expect(await one(expression)).toEqual(value);
});

it('throws rather than rounding a bigint', async () => {
  await expect(one('9007199254740993::bigint')).rejects.toThrow(/bigint out of range for a number: 9007199254740993/);
});

it('survives the loss of idle connections', async () => {
  const lost: string[] = [];
  const other = openDatabase(database.url, { max: 1, log: { info: () => {}, warn: (message) => lost.push(message) } });
  const { rows } = await other.pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  await database.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
  await expect.poll(() => lost.length).toBe(1);
  expect((await other.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await other.close();
  await other.close();
});
