import { couponTermsSchema } from '@coupon-push/contract/coupons.ts';
import type { Results } from '@coupon-push/contract/results.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { type Day, dayOf } from '../../lib/zoned-time.ts';
import { registeredWithin } from '../audiences/service.ts';
import { validityWindow } from '../coupons/rules.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { readShop } from '../shops/service.ts';
import { addToDay, type PushChoice, selectDays, selectPushFigures } from './daily-db.ts';
import { expiredOf, issueSlot, noFigures, redemptionSlot, sumOf, withoutGaps } from './rules.ts';

/** So many pushes are listed; a shop has about one a week. */
const listed = 100;

/** Counts coupons in the transaction that issues them. The day is that of `issuedAt` in the marketplace's zone. */
export async function countIssued(
  trx: Trx,
  issue: { pushId: number; issuedAt: Date; zone: string; coupons: number },
): Promise<void> {
  if (issue.coupons === 0) return;
  const day = dayOf(issue.issuedAt, issue.zone);
  const figures = { ...noFigures, issued: issue.coupons };
  await addToDay(trx, { pushId: issue.pushId, day, slot: issueSlot, figures });
}

/** A redemption as it stands in the ledger of redemptions; money in minor units. */
export interface Redemption {
  pushId: number;
  customerId: number;
  cartMinor: number;
  discountMinor: number;
  redeemedAt: Date;
}

/** Counts a coupon as used, in the transaction that writes its redemption: once for each row of that. */
export async function countRedemption(trx: Trx, redemption: Redemption, zone: string): Promise<void> {
  await addRedemption(trx, redemption, zone, 1);
}

/**
 * Takes a redemption off the counters again, in the transaction that marks it as rolled back. It comes off the day that
 * it was counted on: `redeemedAt` is that of the redemption.
 */
export async function countRollBack(trx: Trx, redemption: Redemption, zone: string): Promise<void> {
  await addRedemption(trx, redemption, zone, -1);
}

async function addRedemption(trx: Trx, redemption: Redemption, zone: string, times: 1 | -1): Promise<void> {
  const { pushId, customerId, cartMinor, discountMinor, redeemedAt } = redemption;
  await addToDay(trx, {
    pushId,
    day: dayOf(redeemedAt, zone),
    slot: redemptionSlot(customerId),
    figures: { issued: 0, used: times, discountMinor: times * discountMinor, salesMinor: times * cartMinor },
  });
}

/** Which pushes a seller asks about; days are those of application, both inclusive, in the marketplace's zone. */
export interface ResultsFilter {
  from?: Day | undefined;
  until?: Day | undefined;
  couponId?: number | undefined;
  pushId?: number | undefined;
}

export function choiceOf({ from, until, couponId, pushId }: ResultsFilter, zone: string): PushChoice {
  const applied = registeredWithin(from, until, zone);
  return { appliedFrom: applied.from, appliedBefore: applied.until, couponId, pushId };
}

/**
 * Issue and use of the chosen pushes, in all, by day and by push, out of counters alone.
 * @throws AppError not_found when it is not the person's shop.
 */
export async function readResults(
  db: Db | Trx,
  scope: SellerScope,
  filter: ResultsFilter,
  now: Date,
): Promise<Results> {
  await readShop(db, scope);
  const { zone } = await readMarketplace(db);
  const choice = choiceOf(filter, zone);
  const days = await selectDays(db, scope, choice);
  const pushes = (await selectPushFigures(db, scope, choice)).map(({ terms: kept, issuedAt, ...push }) => {
    const terms = couponTermsSchema.parse(kept);
    const { until } = validityWindow(terms.validity, issuedAt, zone);
    const expired = expiredOf(push, until, now);
    return { ...push, terms, issuedAt: issuedAt.toISOString(), validUntil: until.toISOString(), expired };
  });
  return {
    totals: { ...sumOf(days), expired: pushes.reduce((sum, { expired }) => sum + expired, 0) },
    days: withoutGaps(days, dayOf(now, zone)),
    pushes: pushes.slice(0, listed),
    more: pushes.length > listed,
  };
}
