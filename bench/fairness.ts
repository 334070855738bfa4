import type { ChildProcess } from 'node:child_process';
import type { Db } from '../apps/server/src/db/database.ts';
import { dispatchKey, enqueueAll } from '../apps/server/src/jobs/enqueue.ts';
import { createFellows, createMarketplace, createShop, type TestShop } from '../apps/server/test/marketplace.ts';
import { createWaitingPush } from '../apps/server/test/waiting-push.ts';
import { benchDatabase } from './database.ts';
import { end, startSink, startWorker } from './processes.ts';

export const bounds = {
  smallShareOfBig: { atMost: 0.1 },
  // Measured after each other on a machine that is shared.
  togetherToAlone: { atMost: 1.1 },
};

/** A slot before the one that counts, as a worker meets that has been running for a while. */
const slotBefore = { pushes: 25, recipients: 400 };

/**
 * Pushes of one slot, one of a shop with very many fellows and the others of small ones: when the small ones are done, as a
 * share of the time that the big one takes; and whether all of it takes longer than as many recipients of one push alone
 * (not asked with --alone=0).
 */
export async function run(options: Record<string, number>): Promise<object> {
  const { big = 200_000, small = 200, pushes = 50, workers = 1, alone = 1 } = options;
  const smallOnes = Array.from({ length: pushes - 1 }, () => small);
  const together = await send([big, ...smallOnes], workers);
  const [bigSeconds = 0, ...smallSeconds] = together;
  const ofOne = alone === 0 ? undefined : Math.max(...(await send([big + small * smallOnes.length], workers)));
  return {
    bigSeconds,
    lastSmallSeconds: Math.max(...smallSeconds),
    medianSmallSeconds: smallSeconds.sort((a, b) => a - b)[Math.floor(smallSeconds.length / 2)],
    smallShareOfBig: Math.max(...smallSeconds) / bigSeconds,
    togetherSeconds: Math.max(...together),
    ...(ofOne === undefined ? {} : { aloneSeconds: ofOne, togetherToAlone: Math.max(...together) / ofOne }),
  };
}

/** Pushes to so many recipients each, at one moment. Returns after how many seconds each was sent. */
async function send(audiences: readonly number[], workers: number): Promise<number[]> {
  const bench = await benchDatabase();
  const children: ChildProcess[] = [];
  try {
    const { db, pool } = bench.database;
    await createMarketplace(db);
    const shops: TestShop[] = [];
    const before = Array.from({ length: slotBefore.pushes }, () => slotBefore.recipients);
    for (const reachable of [...before, ...audiences]) {
      const shop = await createShop(db, `Bench ${shops.length}`);
      await createFellows(db, shop.shopId, { reachable });
      shops.push(shop);
    }
    await pool.query('vacuum analyze');
    const sink = await startSink(children);
    const env = { DATABASE_URL: bench.url, SMTP_URL: `smtp://127.0.0.1:${sink.port}` };
    for (let worker = 0; worker < workers; worker += 1) await startWorker(children, env);
    const pushIds: number[] = [];
    for (const shop of shops) pushIds.push((await createWaitingPush(db, shop)).pushId);
    await sendAtOnce(db, pushIds.splice(0, before.length));
    return await sendAtOnce(db, pushIds);
  } finally {
    await Promise.all(children.map(end));
    await bench.close();
  }
}

/** As at a slot: all at one moment. Returns after how many seconds each was sent. */
async function sendAtOnce(db: Db, pushIds: readonly number[]): Promise<number[]> {
  const began = performance.now();
  const jobs = pushIds.map((pushId) => ({ payload: { pushId }, key: dispatchKey(pushId), priority: 0 }));
  await db.transaction().execute((trx) => enqueueAll(trx, 'dispatch', jobs));
  const sentAfter = new Map<number, number>();
  while (sentAfter.size < pushIds.length) {
    const ended = await db
      .selectFrom('push')
      .where('id', 'in', [...pushIds])
      .where('state', 'not in', ['waiting', 'sending'])
      .select(['id', 'state'])
      .execute();
    const seconds = (performance.now() - began) / 1000;
    for (const { id, state } of ended) {
      if (state !== 'sent') throw new Error(`push ${id} ended as ${state}`);
      if (!sentAfter.has(id)) sentAfter.set(id, seconds);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return pushIds.map((id) => sentAfter.get(id) ?? 0);
}
