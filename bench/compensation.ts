import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { compensationUploadSchema, recipientsPage } from '@coupon-push/contract/compensation.ts';
import type { Database } from '../apps/server/src/db/database.ts';
import { freePort } from '../apps/server/src/db/postgres-process.ts';
import { xlsxFile } from '../apps/server/src/lib/table-file.ts';
import { createMarketplace, createShop, password } from '../apps/server/test/marketplace.ts';
import { benchDatabase } from './database.ts';

export interface CompensationResult {
  orderNumbers: number;
  ordersInDatabase: number;
  /** From the first byte that is sent until the answer says what became of every row. */
  uploadSeconds: number;
  uploadAgainSeconds: number;
  idleP50Ms: number;
  idleP99Ms: number;
  meanwhileP50Ms: number;
  meanwhileP99Ms: number;
  /** How much longer others wait while a file is read and matched. */
  p50Ratio: number;
  /** Of 20,000 recipients. */
  recipientsPageMs: number;
  recipientsLastPageMs: number;
  recipientsSearchMs: number;
}

export const bounds = { uploadSeconds: { atMost: 3 }, recipientsPageMs: { atMost: 100 } };

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * A seller's xlsx of order numbers, uploaded over HTTP to an API process, read and matched against a million orders;
 * meanwhile another client goes on asking for its slots. Then pages of 20,000 recipients.
 */
export async function run({ rows = 100_000, orders = 1_000_000 }): Promise<CompensationResult> {
  const bench = await benchDatabase();
  const port = await freePort();
  const env = {
    ...process.env,
    DATABASE_URL: bench.url,
    PORT: String(port),
    DEMO: 'off',
    TRUST_PROXY: '127.0.0.1',
    SMTP_URL: 'smtp://127.0.0.1:9',
  };
  let api: ChildProcess | undefined;
  try {
    await createMarketplace(bench.database.db);
    const shop = await createShop(bench.database.db, 'Bench');
    await createOrders(bench.database, shop.shopId, orders);
    api = spawn(process.execPath, [...flags, file('../apps/server/src/main.ts'), 'api'], { env, stdio: 'ignore' });
    const url = `http://127.0.0.1:${port}`;
    await untilReady(url, api);
    const client = new Client(url, await signIn(url, shop.email));
    const slots = `/api/shops/${shop.shopId}/slots`;
    const uploads = `/api/shops/${shop.shopId}/compensation-uploads`;
    const xlsx = await fileOf(rows, orders);
    await client.timed(slots, 100);
    const idle = await client.timed(slots, 300);
    const meanwhile: number[] = [];
    const upload = client.upload(uploads, xlsx);
    const seconds = await measureUntil(upload, async () => meanwhile.push(...(await client.timed(slots, 1))));
    const again = client.upload(uploads, xlsx);
    const againSeconds = await measureUntil(again, async () => meanwhile.push(...(await client.timed(slots, 1))));
    const matched = (await again).rows.matched;
    if (matched !== rows) throw new Error(`${matched} of ${rows} rows were matched`);
    const { id } = await client.upload(uploads, await fileOf(20_000, orders));
    const page = async (query: string) => median(await client.timed(`${uploads}/${id}/recipients${query}`, 30));
    const found = recipientsPage.parse(await client.get(`${uploads}/${id}/recipients?search=sho`));
    if (found.total !== 20_000) throw new Error(`${found.total} recipients were found`);
    return {
      orderNumbers: rows,
      ordersInDatabase: orders,
      uploadSeconds: seconds,
      uploadAgainSeconds: againSeconds,
      idleP50Ms: median(idle),
      idleP99Ms: quantile(idle, 0.99),
      meanwhileP50Ms: median(meanwhile),
      meanwhileP99Ms: quantile(meanwhile, 0.99),
      p50Ratio: median(meanwhile) / median(idle),
      recipientsPageMs: await page(''),
      recipientsLastPageMs: await page('?page=400'),
      recipientsSearchMs: await page('?search=sho'),
    };
  } finally {
    await end(api);
    await bench.close();
  }
}

/** As "npm run api" starts it. */
const flags = ['--max-semi-space-size=8', '--heap-growing-percent=50'];

/** Each of a customer of its own, a third of whom are fellows. */
async function createOrders({ pool }: Database, shopId: number, orders: number): Promise<void> {
  await pool.query(
    `insert into customer (customer_id, customer_no, login_id, email, email_verified_at, language)
     select n, 'c' || n, 'shopper' || n, 'c' || n || '@customers.example.com', now(), 'ja'
       from generate_series(1, $1::int) n`,
    [orders],
  );
  await pool.query(
    `insert into customer_order (customer_id, order_no, shop_id, ordered_at, total_minor)
     select n, $2::int + n, $1, now() - n % 400 * interval '1 hour', 1000 + n % 5000
       from generate_series(1, $3::int) n`,
    [shopId, firstOrder, orders],
  );
  await pool.query('insert into order_number select order_no, shop_id, customer_id from customer_order');
  await pool.query(
    `insert into fellow (customer_id, shop_id, registered_at)
     select customer_id, $1, now() from customer where customer_id % 3 = 0`,
    [shopId],
  );
  await pool.query('vacuum analyze');
}

const firstOrder = 262_000_000;

/** Order numbers in no order, as numbers, below the template's heading. */
async function fileOf(rows: number, orders: number): Promise<Uint8Array> {
  const numbers = Array.from({ length: rows }, (_, index) => firstOrder + 1 + ((index * 7_919) % orders));
  const columns = [{ heading: 'Order No.', kind: 'id' as const, value: (orderNo: number) => orderNo }];
  return await buffer(xlsxFile({ name: 'Orders', columns, pages: onePage(numbers), zone: 'Asia/Tokyo' }));
}

async function* onePage<T>(rows: readonly T[]): AsyncGenerator<readonly T[]> {
  yield rows;
}

async function untilReady(url: string, api: ChildProcess): Promise<void> {
  for (;;) {
    if (api.exitCode !== null) throw new Error('the API ended');
    if ((await fetch(`${url}/healthz`).catch(() => undefined))?.ok) return;
    await sleep(50);
  }
}

async function signIn(url: string, email: string): Promise<string> {
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: `http://localhost:${new URL(url).port}` },
    body: JSON.stringify({ email, password }),
  });
  if (!answer.ok) throw new Error(`the sign-in was answered ${answer.status}`);
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** One seller's browser; requests are limited per address, so each comes from another one. */
class Client {
  #requests = 0;
  readonly #url: string;
  readonly #cookie: string;

  constructor(url: string, cookie: string) {
    this.#url = url;
    this.#cookie = cookie;
  }

  async #send(path: string, init: RequestInit = {}): Promise<unknown> {
    this.#requests += 1;
    const address = `10.${(this.#requests >> 16) & 255}.${(this.#requests >> 8) & 255}.${this.#requests & 255}`;
    const headers = { cookie: this.#cookie, 'x-forwarded-for': address };
    const answer = await fetch(`${this.#url}${path}`, { ...init, headers });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return await answer.json();
  }

  async get(path: string): Promise<unknown> {
    return await this.#send(path);
  }

  async upload(path: string, bytes: Uint8Array) {
    const body = new FormData();
    body.append('file', new Blob([Buffer.from(bytes)]), 'orders.xlsx');
    return compensationUploadSchema.parse(await this.#send(path, { method: 'POST', body }));
  }

  /** Milliseconds of each of so many requests, one after the other, with a breath between them. */
  async timed(path: string, times: number): Promise<number[]> {
    const took: number[] = [];
    for (let index = 0; index < times; index += 1) {
      const began = performance.now();
      await this.#send(path);
      took.push(performance.now() - began);
      await sleep(20);
    }
    return took;
  }
}

/** Does this again and again until something is done. Returns the seconds that it took. */
async function measureUntil(done: Promise<unknown>, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  let seconds: number | undefined;
  const ended = done.then(() => {
    seconds = (performance.now() - began) / 1000;
  });
  while (seconds === undefined) await work();
  await ended;
  return seconds;
}

function quantile(times: readonly number[], share: number): number {
  return [...times].sort((a, b) => a - b)[Math.floor((times.length - 1) * share)] ?? Number.NaN;
}

const median = (times: readonly number[]) => quantile(times, 0.5);

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
