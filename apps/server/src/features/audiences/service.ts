import { type Audience, heldBackReasons } from '@coupon-push/contract/audience.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { addDays, type Day, startOfDay } from '../../lib/zoned-time.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { readShop } from '../shops/service.ts';
import { countFellows, type RegisteredWithin } from './db.ts';

/** Days in the marketplace's zone, both inclusive, as moments (spec 3.7). */
export function registeredWithin(
  from: Day | null | undefined,
  until: Day | null | undefined,
  zone: string,
): RegisteredWithin {
  return {
    from: from ? startOfDay(from, zone) : undefined,
    until: until ? startOfDay(addDays(until, 1), zone) : undefined,
  };
}

/** How many fellows match, how many can be reached, and how many are held back for which reason: an estimate. */
export async function countAudience(
  db: Db | Trx,
  scope: SellerScope,
  period: { from: Day | undefined; until: Day | undefined },
): Promise<Audience> {
  await readShop(db, scope);
  const { zone } = await readMarketplace(db);
  const rows = await countFellows(db, scope, registeredWithin(period.from, period.until, zone));
  const customers = (reason: string | null) => rows.find((row) => row.held_back === reason)?.customers ?? 0;
  return {
    matching: rows.reduce((sum, row) => sum + row.customers, 0),
    reachable: customers(null),
    heldBack: heldBackReasons
      .map((reason) => ({ reason, customers: customers(reason) }))
      .filter((entry) => entry.customers > 0),
    estimate: true,
  };
}
