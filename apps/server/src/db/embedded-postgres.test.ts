import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { until } from '../../test/books.ts';
import { temporaryDataDir } from '../../test/temporary.ts';
import { silentLog } from '../lib/plain-log.ts';
import { StartError } from '../lib/start-error.ts';
import { type EmbeddedPostgres, findRunningPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { processState, readLockFile } from './postgres-process.ts';

const HOLDER = fileURLToPath(new URL('../../test/fixtures/hold-postgres.ts', import.meta.url));

const seed = temporaryDataDir();
let dataDir: string;
let running: EmbeddedPostgres[] = [];
let holders: ChildProcess[] = [];

beforeAll(async () => {
  await (await start(seed)).stop();
});

afterAll(() => rmSync(seed, { recursive: true, force: true }));

beforeEach(() => {
  dataDir = temporaryDataDir();
  running = [];
  holders = [];
});

/** Not every test has to make a cluster anew; a copy takes a tenth of the time. */
const withCluster = (): void => cpSync(seed, dataDir, { recursive: true });

afterEach(async () => {
  for (const holder of holders) holder.kill('SIGKILL');
  // A server that a test left behind is taken over, so that it ends here.
  if (findLock()) running.push(await start());
  for (const postgres of running) await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const findLock = (folder = dataDir): number | undefined => readLockFile(join(folder, 'postgres'))?.pid;

async function start(folder = dataDir): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: silentLog, settings: { fsync: 'off' } });
  running.push(postgres);
  return postgres;
}

async function startElsewhere(): Promise<{ holder: ChildProcess; how: string; url: string }> {
  const holder = spawn(process.execPath, [HOLDER, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  holders.push(holder);
  const line = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit').then(() => undefined)]);
  if (!line) throw new Error('the other process ended before it had a database');
  return { holder, ...(JSON.parse(String(line[0])) as { how: string; url: string }) };
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function kill(holder: ChildProcess): Promise<void> {
  holder.kill('SIGKILL');
  await once(holder, 'exit');
}

it('keeps data between runs, and leaves no process behind', async () => {
  withCluster();
  const first = await start();
  const pid = findLock() ?? 0;
  await query(first.url, 'create table kept as select 42 as answer');
  await first.stop();
  expect(processState(pid)).not.toBe('alive'); // ended; its parent may not have been told yet
  expect([findLock(), await findRunningPostgres(dataDir)]).toEqual([undefined, undefined]);
  const second = await start();
  expect(await query(second.url, 'select * from kept')).toEqual([{ answer: 42 }]);
});

it('knows upper and lower case of every language', async () => {
  withCluster();
  const { url } = await start();
  expect(await query(url, `select lower('ÉΣЖ') as lower, 'Ａbc' ilike 'ａBC' as wide`)).toEqual([
    { lower: 'éσж', wide: true },
  ]);
});

it('lets nobody in without the password, which only its owner can read', async () => {
  withCluster();
  const { url } = await start();
  const wrong = new URL(url);
  wrong.password = 'guess';
  await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  const modes = ['postgres.json', 'postgres/coupon-push.password'].map(
    (file) => statSync(join(dataDir, file)).mode & 0o777,
  );
  expect(modes).toEqual([0o600, 0o600]);
  expect(JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8'))).toEqual({ url, pid: findLock() });
});

it('takes over a server whose process was killed, and stops it in the end', async () => {
  withCluster();
  const { holder, url } = await startElsewhere();
  const pid = findLock() ?? 0;
  await kill(holder);
  const ours = await start();
  expect(ours).toMatchObject({ how: 'taken over', url });
  expect(findLock()).toBe(pid);
  await ours.stop();
  expect(processState(pid)).not.toBe('alive');
});

it('joins a server in use; the last one to leave stops it, whoever started it', async () => {
  withCluster();
  const { holder, url } = await startElsewhere();
  const ours = await start();
  expect(ours).toMatchObject({ how: 'joined', url });
  expect(await findRunningPostgres(dataDir)).toBe(url);
  holder.kill('SIGTERM');
  await once(holder, 'exit');
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await ours.stop();
  expect(findLock()).toBeUndefined();
});

it('starts one server for processes that start at the same moment in an empty folder', async () => {
  const all = await Promise.all([startElsewhere(), startElsewhere(), start()]);
  expect(new Set(all.map(({ url }) => url)).size).toBe(1);
});

it('stops a leftover that no longer answers, and starts a new server', async () => {
  withCluster();
  const { holder } = await startElsewhere();
  const pid = findLock() ?? 0;
  process.kill(pid, 'SIGSTOP');
  await kill(holder);
  const ours = await start();
  expect(ours.how).toBe('started');
  expect(findLock()).not.toBe(pid);
});

it('recovers after the server itself was killed', async () => {
  withCluster();
  const { holder, url } = await startElsewhere();
  await query(url, 'create table kept as select 42 as answer');
  process.kill(findLock() ?? 0, 'SIGKILL');
  await kill(holder);
  const ours = await start();
  expect([ours.how, await query(ours.url, 'select * from kept')]).toEqual(['started', [{ answer: 42 }]]);
});

it('is started again at the same address when it is killed while it is used, with all that was committed', async () => {
  withCluster();
  const postgres = await start();
  await query(postgres.url, 'create table kept as select 1 as one');
  const killed = findLock() ?? 0;
  process.kill(killed, 'SIGKILL');
  const rows = () => query(postgres.url, 'select one from kept').catch(() => undefined);
  expect(await until(rows, 20_000, 'the server to be back')).toEqual([{ one: 1 }]);
  expect(findLock()).not.toBe(killed);
  await postgres.stop();
  expect(findLock()).toBeUndefined();
});

it('is not stopped by a lock file whose process number belongs to something else now', async () => {
  withCluster();
  await (await start()).stop();
  writeFileSync(
    join(dataDir, 'postgres/postmaster.pid'),
    `${process.pid}\n${dataDir}/postgres\n0\n5432\n\n\n\nready\n`,
  );
  expect((await start()).how).toBe('started');
});

it('runs two clusters side by side', async () => {
  const other = `${dataDir}-other`;
  try {
    const [first, second] = await Promise.all([start(), start(other)]);
    expect([first.how, second.how, first.url === second.url]).toEqual(['started', 'started', false]);
    await second.stop();
  } finally {
    rmSync(other, { recursive: true, force: true });
  }
});

it('says what to do about a data folder that cannot be written', async () => {
  writeFileSync(dataDir, 'a file where a folder should be');
  const attempt = start(join(dataDir, 'below'));
  await expect(attempt).rejects.toThrow(StartError);
  await expect(attempt).rejects.toThrow(/The data folder .*below cannot be written .*set DATA_DIR to another folder/);
});

it('says what to do about a cluster of another PostgreSQL', async () => {
  withCluster();
  await (await start()).stop();
  writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '15\n');
  await expect(start()).rejects.toThrow(/made by PostgreSQL 15, and this version of Coupon Push brings PostgreSQL 18/);
  writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '18\n');
});

it('says what to do about a folder that is something else', async () => {
  mkdirSync(join(dataDir, 'postgres'), { recursive: true });
  writeFileSync(join(dataDir, 'postgres/letter.txt'), 'hello');
  await expect(start()).rejects.toThrow(/is not empty and is no PostgreSQL database. Move it away/);
});

it('passes on what PostgreSQL says about a setting it does not take', async () => {
  withCluster();
  const attempt = startEmbeddedPostgres({ dataDir, log: silentLog, settings: { fsync: 'off', work_mem: 'lots' } });
  await expect(attempt).rejects.toThrow(/did not start: .*invalid value for parameter "work_mem": "lots"/);
});
