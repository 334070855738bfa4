import { countAudience } from '../apps/server/src/features/audiences/service.ts';
import { createFellows, createMarketplace, createShop } from '../apps/server/test/marketplace.ts';
import { benchDatabase } from './database.ts';

export interface AudienceResult {
  fellows: number;
  medianMs: number;
  slowestMs: number;
  withPeriodMedianMs: number;
}

export const bounds = { medianMs: { atMost: 300 }, withPeriodMedianMs: { atMost: 300 } };

/** The live count of the form, with reasons, for a shop with many fellows beside another one's. */
export async function run({
  fellows = 500_000,
  rounds = 20,
}: {
  fellows?: number;
  rounds?: number;
}): Promise<AudienceResult> {
  const bench = await benchDatabase();
  try {
    const { db } = bench.database;
    await createMarketplace(db);
    const shop = await createShop(db, 'Bench');
    const other = await createShop(db, 'Other');
    const each = Math.round(fellows / 20);
    await createFellows(db, shop.shopId, {
      reachable: each * 16,
      unverified: each,
      refused: each,
      left: each,
      muted: each,
    });
    await createFellows(db, other.shopId, { reachable: each * 4 });
    await bench.database.pool.query('vacuum analyze fellow');
    const scope = { userId: shop.userId, shopId: shop.shopId };
    const all = await timed(rounds, () => countAudience(db, scope, { from: undefined, until: undefined }));
    const period = { from: '2026-01-01', until: '9000-01-01' };
    const within = await timed(rounds, () => countAudience(db, scope, period));
    return {
      fellows: each * 20,
      medianMs: median(all),
      slowestMs: Math.max(...all),
      withPeriodMedianMs: median(within),
    };
  } finally {
    await bench.close();
  }
}

async function timed(rounds: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return times;
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}
