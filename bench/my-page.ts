import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Database, Db } from '../apps/server/src/db/database.ts';
import { actAs } from '../apps/server/src/features/customer-sessions/service.ts';
import { renderMessage } from '../apps/server/src/messages/render.ts';
import { createFellows, createMarketplace, createShop } from '../apps/server/test/marketplace.ts';
import { samplePushContent } from '../apps/server/test/push-content.ts';
import { createWaitingPush } from '../apps/server/test/waiting-push.ts';
import { benchDatabase } from './database.ts';

export interface MyPageResult {
  rowsOfEachTable: number;
  couponBoxP50Ms: number;
  couponBoxP99Ms: number;
  qpostP50Ms: number;
  qpostP99Ms: number;
  unreadP99Ms: number;
}

export const bounds = { couponBoxP99Ms: { atMost: 20 }, qpostP99Ms: { atMost: 20 } };

/** As many pushes, and so as many coupons and messages of each customer. */
const pushes = 1000;

/**
 * First pages of coupon box and Qpost for customers with 1,000 entries in tables of 5,000,000, over HTTP from a process of
 * its own. Each customer has an address of its own, as requests are limited by address, and asks for each page once:
 * nothing was read for that customer before.
 */
export async function run({ rows = 5_000_000, requests = 2000, atOnce = 2 } = {}): Promise<MyPageResult> {
  const bench = await benchDatabase();
  let api: ChildProcess | undefined;
  try {
    const { db, pool } = bench.database;
    const customers = await fill(bench.database, Math.ceil(rows / pushes));
    await pool.query('vacuum analyze');
    // Or what was just written would go to the disk while pages are measured.
    await pool.query('checkpoint');
    const cookies = await signIn(db, customers.slice(0, requests));
    const execArgv = ['--max-semi-space-size=8', '--heap-growing-percent=50'];
    api = fork(fileURLToPath(new URL('./api-process.ts', import.meta.url)), [bench.url], { execArgv });
    const [address] = (await once(api, 'message')) as [string];
    // The first ones warm the process up and are not measured.
    const first = cookies.splice(0, Math.ceil(requests * 0.1));
    const measure = async (path: string) => {
      await ask(`${address}/api/my/${path}`, first, atOnce);
      return await ask(`${address}/api/my/${path}`, cookies, atOnce);
    };
    const box = await measure('coupons');
    const qpost = await measure('qpost');
    const unread = await measure('qpost/unread');
    return {
      rowsOfEachTable: customers.length * pushes,
      couponBoxP50Ms: box(0.5),
      couponBoxP99Ms: box(0.99),
      qpostP50Ms: qpost(0.5),
      qpostP99Ms: qpost(0.99),
      unreadP99Ms: unread(0.99),
    };
  } finally {
    if (api !== undefined) {
      const exited = once(api, 'exit');
      api.kill('SIGTERM');
      await exited;
    }
    await bench.close();
  }
}

/** A push's coupons and messages, of which every other one is usable and unread. */
const issue = `
  with issued as (
    insert into issued_coupon (customer_id, push_id, coupon_id, shop_id, issued_at, valid_from, valid_until)
    select customer_id, push.id, coupon_id, shop_id, slot, slot,
           now() + ($3::int % 2 * 2 - 1) * ($3::int + 1) * interval '1 hour'
      from push, unnest($2::bigint[]) as customer_id
     where push.id = $1
    returning customer_id, push_id, shop_id, issued_at
  )
  insert into qpost_message (customer_id, source, source_id, tab, shop_id, sent_at, read_at)
  select customer_id, 'push', push_id, 'shop_event', shop_id, issued_at, case when $3::int % 2 = 0 then issued_at end
    from issued`;

/** Push after push, as they go out: what one customer has lies all over the tables. */
async function fill({ db, pool }: Database, people: number): Promise<number[]> {
  await createMarketplace(db);
  const shop = await createShop(db, 'Bench');
  const { reachable = [] } = await createFellows(db, shop.shopId, { reachable: people });
  const { pushId } = await createWaitingPush(db, shop);
  const { rows } = await pool.query<{ id: number }>(
    `insert into push (shop_id, type, state, coupon_id, coupon_terms, items_mode, items_count, slot, slot_week,
                       applied_by, applied_at)
     select shop_id, type, 'sent', coupon_id, coupon_terms, items_mode, items_count, slot - n * interval '7 days',
            slot_week - 7 * n, applied_by, applied_at
       from push, generate_series($2::int, 1, -1) n
      where id = $1
     returning id`,
    [pushId, pushes],
  );
  const ids = rows.map(({ id }) => id);
  for (const language of ['ja', 'ko', 'en'] as const) {
    const message = JSON.stringify(await renderMessage(samplePushContent(language), language));
    await pool.query(
      'insert into push_message (push_id, language, message) select id, $1, $2 from unnest($3::bigint[]) as id',
      [language, message, ids],
    );
  }
  for (const [index, id] of ids.entries()) await pool.query(issue, [id, reachable, index]);
  return reachable;
}

async function signIn(db: Db, customers: readonly number[]): Promise<string[]> {
  return await db.transaction().execute(async (trx) => {
    const cookies: string[] = [];
    for (const customerId of customers) cookies.push((await actAs(trx, `c${customerId}`, new Date())).token);
    return cookies;
  });
}

/** One request of each customer, some at once; the latency that a share of them stayed within, ms. */
async function ask(url: string, cookies: readonly string[], atOnce: number): Promise<(share: number) => number> {
  const agent = new Agent({ keepAlive: true });
  const latencies: number[] = [];
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < cookies.length; n = next++) {
      const began = performance.now();
      const cookie = `coupon-push.customer=${cookies[n]}`;
      const localAddress = `127.1.${n >> 7}.${(n & 127) + 1}`;
      await get(url, { agent, localAddress, headers: { cookie } });
      latencies.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  agent.destroy();
  latencies.sort((a, b) => a - b);
  return (share) => Math.round((latencies[Math.floor((latencies.length - 1) * share)] ?? 0) * 10) / 10;
}

async function get(url: string, options: RequestOptions): Promise<void> {
  const asked = request(url, options);
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}`);
}
