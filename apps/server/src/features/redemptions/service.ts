import { couponTermsSchema } from '@coupon-push/contract/coupons.ts';
import type {
  RedeemRequest,
  Redemption,
  RollBack,
  ValidatedCoupon,
  ValidateRequest,
} from '@coupon-push/contract/redemptions.ts';
import type pg from 'pg';
import type { Db } from '../../db/database.ts';
import { violatedConstraint } from '../../db/violated-constraint.ts';
import { AppError } from '../../lib/app-error.ts';
import type { Clock } from '../../lib/clock.ts';
import { dayOf } from '../../lib/zoned-time.ts';
import { couponCode, readCouponCode } from '../coupon-box/code.ts';
import { discountOf } from '../coupons/rules.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { redemptionSlot } from '../results/rules.ts';
import { countRollBack } from '../results/service.ts';
import {
  type CouponUse,
  closeOrder,
  type IssuedCouponRow,
  type RedeemedRow,
  selectCouponsOfCustomer,
  selectCustomerId,
  selectIssuedCoupon,
  selectOrder,
  selectRedeemed,
  selectShopId,
  undoRedemption,
  useCoupon,
} from './db.ts';
import type { RedeemablePushes, TermsOfPush } from './redeemable-pushes.ts';
import { byUse, type IssuedCoupon, type Refusal, refusalOf, refusalSentences } from './rules.ts';

export interface RedemptionDeps {
  db: Db;
  pool: pg.Pool;
  clock: Clock;
  couponSecret: string;
  pushes: RedeemablePushes;
}

/** A customer's coupons beyond this are not listed. */
const listed = 200;

/**
 * Which of a customer's coupons apply to a cart, what they take off, and otherwise why not.
 * @throws AppError wrong_currency, customer_unknown, shop_unknown
 */
export async function validateCoupons(
  { db, clock, couponSecret }: RedemptionDeps,
  request: ValidateRequest,
): Promise<{ coupons: ValidatedCoupon[]; more: boolean }> {
  const marketplace = await readMarketplace(db);
  checkCurrency(request.currency, marketplace.currency);
  const customerId = await selectCustomerId(db, request.customerNo);
  if (customerId === undefined) throw new AppError('customer_unknown');
  const shopId = await selectShopId(db, request.shopNo);
  if (shopId === undefined) throw new AppError('shop_unknown');
  const now = clock.now();
  const rows = await selectCouponsOfCustomer(db, { customerId, shopId, now, limit: listed + 1 });
  const coupons = rows.slice(0, listed).map((row): ValidatedCoupon => {
    const coupon = issuedCouponOf(row);
    const refusal = refusalOf(coupon, { shopId, cartMinor: request.cartMinor, now });
    return {
      couponCode: couponCode(couponSecret, { customerId, pushId: row.pushId }),
      couponId: row.couponId,
      shopNo: row.shopNo,
      name: coupon.terms.name,
      validFrom: row.validFrom.toISOString(),
      validUntil: row.validUntil.toISOString(),
      minPurchaseMinor: coupon.terms.minPurchaseMinor,
      applicable: refusal === null,
      discountMinor: refusal === null ? discountOf(coupon.terms, request.cartMinor) : 0,
      refusal: refusal && {
        code: refusal.code,
        sentences: refusalSentences(refusal.code, refusal.params, marketplace),
        missingMinor: typeof refusal.params.missingMinor === 'number' ? refusal.params.missingMinor : null,
      },
    };
  });
  return { coupons: coupons.sort(byUse(request.shopNo)), more: rows.length > listed };
}

/** So often a coupon is tried for that was refused for a reason which is gone when it is looked for. */
const turns = 5;

/**
 * Uses a coupon for an order, once: a repeat of the same order gets the same answer, whoever raced with it (spec 7).
 * @throws AppError a code of couponRefusals, coupon_unknown, coupon_other_customer, wrong_currency; order_has_redemption
 * and order_rolled_back when the order number stands for something else.
 */
export async function redeem(deps: RedemptionDeps, request: RedeemRequest): Promise<Redemption> {
  const { db, clock } = deps;
  const key = readCouponCode(deps.couponSecret, request.couponCode);
  const push = key === null ? undefined : await deps.pushes.find(db, key.pushId);
  if (key === null || push === undefined) throw new AppError('coupon_unknown');
  checkCurrency(request.currency, push.currency);
  const { customerNo, orderNo, cartMinor } = request;
  const discountMinor = push.shopNo === request.shopNo ? discountOf(push.terms, cartMinor) : 0;
  for (let turn = 0; turn < turns; turn += 1) {
    const now = clock.now();
    const { shopId, couponId, limited } = push;
    const counted = { day: dayOf(now, push.zone), slot: redemptionSlot(key.customerId) };
    const use: CouponUse = {
      ...key,
      customerNo,
      shopId,
      couponId,
      limited,
      orderNo,
      cartMinor,
      discountMinor,
      now,
      counted,
    };
    // What takes nothing off is refused below, where it is told why.
    if (discountMinor > 0 && (await tryToUse(deps.pool, use))) {
      return answer(deps, { ...use, redeemedAt: now }, use.orderNo, push.currency);
    }
    const earlier = await earlierAnswer(deps, request, use, push);
    if (earlier !== undefined) return earlier;
    const refusal = await whyNot(db, request, use, push);
    if (refusal !== null) throw new AppError(refusal.code, refusal.params);
  }
  throw new AppError('unavailable');
}

/** What may stop the statement, and is then looked for: the coupon's limits, and the order's number. */
const guards = [
  'coupon_used_within_limit',
  'coupon_spent_within_budget',
  'redemption_order_pkey',
  'redemption_pkey',
] as const;

/** One statement: either all of it is there, or nothing. False when something stood in the way. */
async function tryToUse(pool: pg.Pool, use: CouponUse): Promise<boolean> {
  try {
    return await useCoupon(pool, use);
  } catch (error) {
    const violated = violatedConstraint(error);
    if (guards.some((guard) => guard === violated)) return false;
    throw error;
  }
}

/** The answer that the same order got before; undefined when its number is new. */
async function earlierAnswer(
  deps: RedemptionDeps,
  request: RedeemRequest,
  use: CouponUse,
  push: TermsOfPush,
): Promise<Redemption | undefined> {
  const order = await selectOrder(deps.db, use.orderNo);
  if (order === undefined) return undefined;
  if (order.rolledBackAt !== null) throw new AppError('order_rolled_back');
  const { redeemed } = order;
  const same =
    redeemed !== null &&
    redeemed.customerId === use.customerId &&
    redeemed.pushId === use.pushId &&
    redeemed.cartMinor === use.cartMinor &&
    // The coupon is the order's; so are its customer and its shop, whom the request names too.
    request.shopNo === push.shopNo &&
    (await selectCustomerId(deps.db, use.customerNo)) === redeemed.customerId;
  if (!same) throw new AppError('order_has_redemption');
  return answer(deps, redeemed, use.orderNo, push.currency);
}

/** Null when there is no reason any more. */
async function whyNot(
  db: Db,
  request: RedeemRequest,
  use: CouponUse,
  push: TermsOfPush,
): Promise<Refusal | { code: 'coupon_unknown' | 'coupon_other_customer'; params: Refusal['params'] } | null> {
  const row = await selectIssuedCoupon(db, use);
  if (row === undefined) return { code: 'coupon_unknown', params: {} };
  if (row.customerNo !== use.customerNo) return { code: 'coupon_other_customer', params: {} };
  if (request.shopNo !== push.shopNo) return { code: 'coupon_other_shop', params: {} };
  return refusalOf(issuedCouponOf(row), use);
}

/**
 * Takes back what an order redeemed, when it was cancelled; of a number that is not known, that it is not to be redeemed
 * any more (a redemption that was sent before may arrive after). Said again, it answers the same.
 */
export async function rollBack(deps: RedemptionDeps, orderNo: string): Promise<RollBack> {
  const { db, clock } = deps;
  const { currency, zone } = await readMarketplace(db);
  const now = clock.now();
  await db.transaction().execute(async (trx) => {
    const closed = await closeOrder(trx, { orderNo, now });
    if (closed === undefined || closed.customerId === null || closed.pushId === null) return;
    const undone = await undoRedemption(trx, { customerId: closed.customerId, pushId: closed.pushId, orderNo, now });
    if (undone !== undefined) await countRollBack(trx, undone, zone);
  });
  const order = await selectOrder(db, orderNo);
  const redeemed = order?.redeemed ?? null;
  return {
    orderNo,
    rolledBackAt: (order?.rolledBackAt ?? now).toISOString(),
    redemption: redeemed && answer(deps, redeemed, orderNo, currency),
  };
}

/** What each of these orders of a customer redeemed; also what was rolled back since. */
export async function redemptionsOf(
  deps: RedemptionDeps,
  customerId: number,
  orderNos: readonly string[],
): Promise<Map<string, Redemption & { rolledBack: boolean }>> {
  const { currency } = await readMarketplace(deps.db);
  const rows = await selectRedeemed(deps.db, customerId, orderNos);
  return new Map(
    rows.map(({ orderNo, rolledBackAt, ...redeemed }) => [
      orderNo,
      { ...answer(deps, redeemed, orderNo, currency), rolledBack: rolledBackAt !== null },
    ]),
  );
}

function checkCurrency(currency: string, expected: string): void {
  if (currency !== expected) throw new AppError('wrong_currency', { currency, expected });
}

function answer(
  { couponSecret }: RedemptionDeps,
  redeemed: RedeemedRow,
  orderNo: string,
  currency: string,
): Redemption {
  const { customerId, pushId, couponId, cartMinor, discountMinor, redeemedAt } = redeemed;
  return {
    orderNo,
    couponCode: couponCode(couponSecret, { customerId, pushId }),
    couponId,
    cartMinor,
    discountMinor,
    payableMinor: cartMinor - discountMinor,
    currency,
    redeemedAt: redeemedAt.toISOString(),
  };
}

function issuedCouponOf({
  terms,
  useLimit,
  budgetMinor,
  issued,
  used,
  spentMinor,
  ...row
}: IssuedCouponRow): IssuedCoupon {
  const { shopId, validFrom, validUntil, usedAt } = row;
  const limited = useLimit !== null || budgetMinor !== null;
  return {
    shopId,
    validFrom,
    validUntil,
    usedAt,
    terms: couponTermsSchema.parse(terms),
    limits: limited ? { useLimit, budgetMinor, issued, used, spentMinor } : null,
  };
}
