import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { errorLogger } from '../../test/error-logger.ts';
import { createFellows, createMarketplace, createShop, type TestShop } from '../../test/marketplace.ts';
import { createWaitingPush, issueWhole } from '../../test/waiting-push.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { readDashboard } from '../features/dashboard/service.ts';
import { listPushes, readProgress, readPush } from '../features/pushes/service.ts';
import { readResults } from '../features/results/service.ts';
import { systemClock } from '../lib/clock.ts';
import type { DeliveryDeps } from './deps.ts';
import { dispatchPush } from './dispatch.ts';

const many = 3000;
const publicUrl = 'http://localhost:3000';
const ledgers = ['recipient', 'issued_coupon', 'qpost_message', 'exclusion', 'delivery_failure'];

let database: TestDatabase;
/** One connection, so that what it read can be asked of it. */
let reader: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  await createMarketplace(database.db);
  reader = openDatabase(database.url, { max: 1 });
  return async () => {
    await reader.close();
    await database.drop();
  };
});

/** A shop whose push is under way: everything is issued, nothing was sent. */
async function shopWithPush(recipients: number): Promise<{ shop: TestShop; pushId: number }> {
  const { db } = database;
  const shop = await createShop(db, `${recipients}`);
  await createFellows(db, shop.shopId, { reachable: recipients, refused: 2 });
  const { pushId } = await createWaitingPush(db, shop);
  const channel = { inFlight: 1, send: async () => ({ kind: 'sent' as const }), close: async () => undefined };
  const deps: DeliveryDeps = {
    ...{ db, publicUrl, clock: systemClock, logger: errorLogger, rangeSize: 500, retryDelaysMs: [] },
    watchers: { changed: () => undefined },
    ...{ unsubscribeSecret: '', vapidPublicKey: '', email: channel, webPush: channel },
  };
  await dispatchPush(deps, pushId);
  await issueWhole(deps, pushId);
  return { shop, pushId };
}

/** Rows and index entries of the ledger that were read since the beginning. */
async function ledgerReads(): Promise<number> {
  await sql`select pg_stat_force_next_flush()`.execute(reader.db);
  const { rows } = await sql<{ reads: number }>`
    select (sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) + (
             select sum(idx_tup_read) from pg_stat_user_indexes where relname = any(${ledgers})))::bigint as reads
      from pg_stat_user_tables
     where relname = any(${ledgers})`.execute(reader.db);
  return rows[0]?.reads ?? 0;
}

const everyPush = {
  ...{ type: undefined, state: undefined, appliedFrom: undefined, appliedBefore: undefined },
  ...{ couponId: undefined, before: undefined, limit: 20 },
};

/** What the pages of a seller ask for that people wait for, or ask for again and again. */
const pages: Record<string, (push: { shop: TestShop; pushId: number }) => Promise<unknown>> = {
  'a push under way': ({ shop, pushId }) =>
    readPush(reader.db, { userId: shop.userId, shopId: shop.shopId }, pushId, { now: new Date(), publicUrl }),
  'its progress': ({ shop, pushId }) => readProgress(reader.db, { userId: shop.userId, shopId: shop.shopId }, pushId),
  'the list of pushes': ({ shop }) =>
    listPushes(reader.db, { userId: shop.userId, shopId: shop.shopId }, everyPush, new Date()),
  'results by day and push': ({ shop }) =>
    readResults(reader.db, { userId: shop.userId, shopId: shop.shopId }, {}, new Date()),
  'the dashboard': ({ shop }) => readDashboard(reader.db, { userId: shop.userId, shopId: shop.shopId }, new Date()),
};

describe('no page that people wait for reads the ledger, however many recipients there are:', () => {
  let few: { shop: TestShop; pushId: number };
  let large: { shop: TestShop; pushId: number };

  beforeAll(async () => {
    few = await shopWithPush(10);
    large = await shopWithPush(many);
  }, 60_000);

  it.each(Object.keys(pages))('%s', async (page) => {
    for (const push of [few, large]) {
      const before = await ledgerReads();
      await pages[page]?.(push);
      expect((await ledgerReads()) - before).toBe(0);
    }
  });

  it('and reading it would be noticed', async () => {
    const before = await ledgerReads();
    await sql`select count(*) from recipient where push_id = ${large.pushId}`.execute(reader.db);
    expect((await ledgerReads()) - before).toBeGreaterThanOrEqual(many);
  });
});
