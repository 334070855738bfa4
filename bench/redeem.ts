import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Db } from '../apps/server/src/db/database.ts';
import { createApiKey } from '../apps/server/src/features/api-keys/service.ts';
import { issueCoupons } from '../apps/server/test/issued-coupons.ts';
import { createFellows, createMarketplace, createShop } from '../apps/server/test/marketplace.ts';
import { benchDatabase } from './database.ts';

export interface RedeemResult {
  redemptions: number;
  redemptionsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  slowestMs: number;
}

export const bounds = { redemptionsPerSecond: { atLeast: 1500 }, p99Ms: { atMost: 50 } };

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const shops = 20;

/**
 * Different customers use different coupons for different orders: embedded PostgreSQL with the product's settings, one API
 * process, and a load generator in a third, over HTTP.
 */
export async function run({ redemptions = 30_000, connections = 32 } = {}): Promise<RedeemResult> {
  const bench = await benchDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'coupon-push-load-'));
  let api: ChildProcess | undefined;
  try {
    const { db, pool } = bench.database;
    const bodies = await prepare(db, redemptions);
    const key = (await createApiKey(db, 'bench')) ?? '';
    await pool.query('vacuum analyze');
    // With the flags of "npm run api".
    const execArgv = ['--max-semi-space-size=8', '--heap-growing-percent=50'];
    api = fork(file('./api-process.ts'), [bench.url], { execArgv });
    const [address] = (await once(api, 'message')) as [string];
    const load = (chosen: readonly string[]) => post({ address, connections, key, bodies: chosen, folder });
    // The first ones warm the process up and are not measured.
    await load(bodies.splice(0, Math.ceil(redemptions * 0.1)));
    const { seconds, statuses, p50, p99, slowest } = await load(bodies);
    if (statuses['200'] !== bodies.length) throw new Error(`not all were redeemed: ${JSON.stringify(statuses)}`);
    return {
      redemptions: bodies.length,
      redemptionsPerSecond: Math.round(bodies.length / seconds),
      p50Ms: p50,
      p99Ms: p99,
      slowestMs: slowest,
    };
  } finally {
    if (api !== undefined) {
      const exited = once(api, 'exit');
      api.kill('SIGTERM');
      await exited;
    }
    rmSync(folder, { recursive: true });
    await bench.close();
  }
}

/** Issues a coupon to each customer, of twenty shops; what each checkout will post, the shops taking turns. */
async function prepare(db: Db, redemptions: number): Promise<string[]> {
  await createMarketplace(db);
  const each = Math.ceil(redemptions / shops);
  const bodies: string[] = [];
  for (let place = 0; place < shops; place += 1) {
    const shop = await createShop(db, `Bench ${place}`);
    const { reachable = [] } = await createFellows(db, shop.shopId, { reachable: each });
    const push = await issueCoupons(db, shop, reachable);
    for (const [n, customerId] of reachable.entries()) {
      const cart = { customerNo: `c${customerId}`, shopNo: push.shopNo, cartMinor: 2000 + n, currency: 'JPY' };
      const order = { couponCode: push.codeOf(customerId), orderNo: `order-${customerId}` };
      bodies[n * shops + place] = JSON.stringify({ ...cart, ...order });
    }
  }
  return bodies;
}

interface Load {
  seconds: number;
  statuses: Record<string, number>;
  p50: number;
  p99: number;
  slowest: number;
}

async function post(load: {
  address: string;
  connections: number;
  key: string;
  bodies: readonly string[];
  folder: string;
}): Promise<Load> {
  const requests = join(load.folder, 'requests.ndjson');
  writeFileSync(requests, load.bodies.join('\n'));
  const args = [`${load.address}/api/redemptions`, String(load.connections), load.key, requests];
  const child = spawn(process.execPath, [file('./http-load.ts'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(await text(child.stdout)) as Load;
}
