import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { test as base } from '@playwright/test';
import { startEmbeddedPostgres } from '../apps/server/src/db/embedded-postgres.ts';
import { freePort } from '../apps/server/src/db/postgres-process.ts';
import { silentLog } from '../apps/server/src/lib/plain-log.ts';
import { createDatabase, dropDatabase } from '../apps/server/test/server-databases.ts';
import { temporaryDataDir } from '../apps/server/test/temporary.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const READY_WITHIN_MS = 90_000;
const STOPPED_WITHIN_MS = 20_000;

/** The product as a person starts it, in a process of its own. */
export interface Product {
  url: string;
  dataDir: string;
  /** A database of the server in DATABASE_URL; undefined when it uses its own in dataDir. */
  databaseUrl: string | undefined;
  /** Everything it has printed so far: its addresses and the demo sign-ins among it. */
  output(): string;
  /** Ends it as Ctrl-C does, and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts the product on a free port with a data folder of its own; with DATABASE_URL set, on a new database of that server.
 * @param env settings on top of that
 * @throws with what it printed, when it is not ready within 90 s
 */
export async function startProduct(env: Record<string, string> = {}): Promise<Product> {
  const id = randomUUID().replaceAll('-', '').slice(0, 12);
  const dataDir = temporaryDataDir();
  const port = await freePort();
  const database = await ownDatabase(`coupon_push_e2e_${id}`);
  let printed = '';
  const child = spawn(process.execPath, ['apps/server/src/main.ts', 'start'], {
    cwd: ROOT,
    env: { ...process.env, PORT: String(port), DATA_DIR: dataDir, ...database.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  }
  const product: Product = {
    url: `http://localhost:${port}`,
    dataDir,
    databaseUrl: database.env.DATABASE_URL,
    output: () => printed,
    stop: async () => {
      await end(child, dataDir).catch((error: unknown) => {
        throw new Error(`${error instanceof Error ? error.message : error}. It printed:\n${printed}`);
      });
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  try {
    await ready(product.url, child);
  } catch (error) {
    await product.stop();
    throw new Error(`${error instanceof Error ? error.message : error}. It printed:\n${printed}`);
  }
  return product;
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('the product ended before it was ready');
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(50);
  }
  throw new Error(`the product was not ready within ${READY_WITHIN_MS / 1_000} s`);
}

async function end(child: ChildProcess, dataDir: string): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  const inTime = await Promise.race([exited.then(() => true), sleep(STOPPED_WITHIN_MS, false, { ref: false })]);
  if (inTime) return;
  child.kill('SIGKILL');
  await exited;
  // Its database is left behind now; whoever takes it over can stop it.
  const leftover = await startEmbeddedPostgres({ dataDir, log: silentLog });
  await leftover.stop();
  throw new Error(`the product did not stop within ${STOPPED_WITHIN_MS / 1_000} s of being asked to`);
}

async function ownDatabase(name: string): Promise<{ env: Record<string, string>; drop: () => Promise<void> }> {
  const server = process.env.DATABASE_URL;
  if (!server) return { env: {}, drop: async () => {} };
  const url = await createDatabase(server, name);
  return { env: { DATABASE_URL: url }, drop: () => dropDatabase(server, name) };
}

/**
 * Playwright's test, with a product; relative addresses lead to it. Files share one, unless they name one of their own
 * (`test.use({ productFor: 'guides' })`): a week of a shop that one file has used up is not there for the next.
 */
export const test = base.extend<object, { productFor: string; product: Product }>({
  productFor: ['every file', { scope: 'worker', option: true }],
  product: [
    // Named here so that another name is another worker, with a product of its own.
    async ({ productFor: _ }, use) => {
      const product = await startProduct();
      await use(product);
      await product.stop();
    },
    { scope: 'worker', timeout: READY_WITHIN_MS + 2 * STOPPED_WITHIN_MS },
  ],
  baseURL: async ({ product }, use) => use(product.url),
});
