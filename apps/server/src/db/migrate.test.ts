import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { silentLog } from '../lib/plain-log.ts';
import { latestVersion, migrate } from './migrate.ts';

const log = silentLog;

describe('the migrations of this code', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
    return database.drop;
  });

  it('are all applied in a test database, and applying them again does nothing', async () => {
    const { rows } = await database.pool.query<{ last: number }>('select max(version) as last from schema_migration');
    expect(rows[0]?.last).toBe(latestVersion());
    expect(await migrate(database.pool, { log })).toEqual({ applied: [] });
  });

  it('bring the job queue with them', async () => {
    await database.pool.query(`select graphile_worker.add_job('anything', '{}')`);
  });
});

describe('a folder of migrations', () => {
  let database: TestDatabase;
  let directory: string;
  beforeEach(async () => {
    database = await createTestDatabase();
    directory = mkdtempSync(join(tmpdir(), 'coupon-push-migrations-'));
    await database.pool.query('drop table schema_migration');
    write('0001_first.sql', 'create table first_table (id int);');
  });
  afterEach(async () => {
    rmSync(directory, { recursive: true, force: true });
    await database.drop();
  });
  const write = (name: string, sql: string): void => writeFileSync(join(directory, name), sql);

  it('is applied in order, and only what is new', async () => {
    write('0002_second.sql', 'insert into first_table values (1);');
    const first = await migrate(database.pool, { log, directory });
    write('0003_third.sql', 'insert into first_table values (2);');
    const second = await migrate(database.pool, { log, directory });
    expect([first.applied, second.applied]).toEqual([['0001_first.sql', '0002_second.sql'], ['0003_third.sql']]);
    expect((await database.pool.query('select id from first_table order by id')).rows).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('is applied once by processes that start together', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => migrate(database.pool, { log, directory })));
    expect(runs.flatMap(({ applied }) => applied)).toEqual(['0001_first.sql']);
  });

  it('leaves nothing of a migration that fails', async () => {
    write('0002_broken.sql', 'create table half (id int); select 1 / 0;');
    await expect(migrate(database.pool, { log, directory })).rejects.toThrow(
      /0002_broken.sql failed: division by zero/,
    );
    expect((await database.pool.query(`select to_regclass('half') as half`)).rows).toEqual([{ half: null }]);
  });

  it('is refused when the database is newer, with what to do', async () => {
    await migrate(database.pool, { log, directory });
    await database.pool.query(`insert into schema_migration values (2, '0002_future.sql', '')`);
    await expect(migrate(database.pool, { log, directory })).rejects.toThrow(
      /schema version 2, .* only knows up to 1. Start the newer version/,
    );
  });

  it('is refused when an applied file was changed', async () => {
    await migrate(database.pool, { log, directory });
    write('0001_first.sql', 'create table first_table (id bigint);');
    await expect(migrate(database.pool, { log, directory })).rejects.toThrow(/0001_first.sql was changed/);
  });

  it('does not mind CRLF line ends', async () => {
    write('0001_first.sql', 'create table first_table (\n id int);\n');
    await migrate(database.pool, { log, directory });
    write('0001_first.sql', 'create table first_table (\r\n id int);\r\n');
    expect(await migrate(database.pool, { log, directory })).toEqual({ applied: [] });
  });

  it('must be numbered without gaps', () => {
    write('0003_third.sql', '');
    expect(() => latestVersion(directory)).toThrow(/0003_third.sql should have the number 2/);
  });
});
