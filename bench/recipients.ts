import { listIssuedCoupons, listRecipients } from '../apps/server/src/features/results/lists.ts';
import type { SellerScope } from '../apps/server/src/http/actor.ts';
import { benchDatabase } from './database.ts';
import { fillLedger } from './ledger.ts';

/** Medians of a page of 50, ms; the slowest page of all. */
export interface RecipientsResult {
  recipients: number;
  firstPageMs: number;
  middlePageMs: number;
  failedMs: number;
  owedMs: number;
  withDeviceMs: number;
  usedMs: number;
  unusedMs: number;
  searchManyMs: number;
  searchFewMs: number;
  searchNobodyMs: number;
  searchWholeMs: number;
  slowestMs: number;
}

const bound = { atMost: 100 };
export const bounds = {
  firstPageMs: bound,
  middlePageMs: bound,
  failedMs: bound,
  owedMs: bound,
  withDeviceMs: bound,
  usedMs: bound,
  unusedMs: bound,
  searchManyMs: bound,
  searchFewMs: bound,
  searchNobodyMs: bound,
  searchWholeMs: bound,
};

/** The lists of recipients of a push to very many, by every filter there is. */
export async function run({ recipients = 1_000_000, rounds = 15 } = {}): Promise<RecipientsResult> {
  const bench = await benchDatabase();
  try {
    const { db } = bench.database;
    const { shop, pushId } = await fillLedger(bench.database, recipients);
    const scope: SellerScope = { userId: shop.userId, shopId: shop.shopId };
    const times: number[] = [];
    const median = async (list: () => Promise<{ entries: unknown[] }>, atLeast: number) => {
      const own: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const began = performance.now();
        const { entries } = await list();
        own.push(performance.now() - began);
        if (entries.length < atLeast) throw new Error(`only ${entries.length} found`);
      }
      times.push(...own);
      return own.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
    };
    const page = { pushId, after: undefined, limit: 50 };
    const of = (more: object, atLeast = 50) => median(() => listRecipients(db, scope, { ...page, ...more }), atLeast);
    const issued = (more: object, atLeast = 50) =>
      median(() => listIssuedCoupons(db, scope, { after: undefined, limit: 50, ...more }, new Date()), atLeast);
    const result = {
      firstPageMs: await of({}),
      middlePageMs: await of({ after: String(recipients / 2) }),
      failedMs: await of({ channel: 'email', state: 'failed' }),
      owedMs: await of({ channel: 'email', state: 'owed' }, 0),
      withDeviceMs: await of({ channel: 'app_push', state: 'sent' }),
      usedMs: await issued({ use: 'used' }),
      unusedMs: await issued({ use: 'unused' }),
      searchManyMs: await of({ search: 'c' }),
      searchFewMs: await of({ search: 'zzz' }, 5),
      searchNobodyMs: await of({ search: '%' }, 0),
      searchWholeMs: await of({ search: `c${recipients - 3}@customers.example.com` }, 1),
    };
    return { recipients, ...result, slowestMs: Math.max(...times) };
  } finally {
    await bench.close();
  }
}
