import { heldBackReasonSchema } from '@coupon-push/contract/audience.ts';
import type { Fellow, FellowSummary } from '@coupon-push/contract/fellows.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { fieldRefused } from '../../lib/app-error.ts';
import { maskIdentity } from '../../lib/masking.ts';
import { addDays, type Day, startOfDay } from '../../lib/zoned-time.ts';
import { countAudience, registeredWithin } from '../audiences/service.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { readShop } from '../shops/service.ts';
import { countNewFellows, selectFellows } from './db.ts';
import { daysOf, everyDay, longestPeriodDays, readPlace, writePlace } from './rules.ts';

/** The fellows of a shop, masked, newest registration first; days are the marketplace's, both inclusive. */
export async function listFellows(
  db: Db | Trx,
  scope: SellerScope,
  query: { from: Day | undefined; until: Day | undefined; after: string | undefined; limit: number },
): Promise<{ entries: Fellow[]; next: string | null }> {
  await readShop(db, scope);
  const { zone } = await readMarketplace(db);
  const within = registeredWithin(query.from, query.until, zone);
  const page = { ...within, before: readPlace(query.after), limit: query.limit + 1 };
  const rows = await selectFellows(db, scope, page);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    entries: shown.map((row) => ({
      customer: maskIdentity(row.identity ?? ''),
      registeredAt: row.registeredAt.toISOString(),
      heldBack: heldBackReasonSchema.nullable().parse(row.heldBack),
    })),
    next: rows.length > query.limit && last !== undefined ? writePlace(last) : null,
  };
}

/**
 * How many fellows there are, how many of them can be reached, and how many registered on each day of a period.
 * @throws AppError not_found; invalid_request at `until` for more than 366 days
 */
export async function summariseFellows(
  db: Db | Trx,
  scope: SellerScope,
  { from, until }: { from: Day; until: Day },
): Promise<FellowSummary> {
  if (daysOf(from, until) > longestPeriodDays) {
    throw fieldRefused('until', 'period_too_long', { maximum: longestPeriodDays });
  }
  const all = await countAudience(db, scope, { from: undefined, until: undefined });
  const { zone } = await readMarketplace(db);
  const period = { from: startOfDay(from, zone), until: startOfDay(addDays(until, 1), zone), zone };
  const counted = await countNewFellows(db, scope, period);
  const { matching: total, reachable, heldBack } = all;
  return { total, reachable, heldBack, days: everyDay(counted, from, until) };
}
