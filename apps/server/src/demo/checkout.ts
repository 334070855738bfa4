import { randomBytes } from 'node:crypto';
import type { DemoOrder, OrderRequest, PlacedOrder, Quote, QuoteRequest } from '@coupon-push/contract/checkout.ts';
import { moneySchema } from '@coupon-push/contract/common.ts';
import type { Redemption } from '@coupon-push/contract/redemptions.ts';
import { readMarketplace } from '../features/marketplace/service.ts';
import {
  type RedemptionDeps,
  redeem,
  redemptionsOf,
  rollBack,
  validateCoupons,
} from '../features/redemptions/service.ts';
import type { Customer } from '../http/customer.ts';
import { AppError, fieldRefused, found } from '../lib/app-error.ts';
import {
  cancelOrder as cancelOrderRow,
  holdOrderNumber,
  insertOrder,
  type OrderRow,
  selectLatestOrders,
  selectOrder,
  selectPrices,
  selectShop,
  takeOrderNumber,
} from './checkout-db.ts';

// The marketplace's checkout, as the demo plays it. Coupons are reached as every checkout reaches them: validate, redeem, roll
// back. What it keeps itself is what the marketplace would: orders and their numbers.

/**
 * What a cart costs now, and what each coupon of the customer does for it; with a number to order it by.
 * @throws AppError shop_unknown, item_not_found; invalid_request when the sum is more than there can be
 */
export async function quote(deps: RedemptionDeps, { customerNo }: Customer, request: QuoteRequest): Promise<Quote> {
  const { shopId: _, ...cart } = await priced(deps, request);
  const { cartMinor, currency } = cart;
  const { coupons } = await validateCoupons(deps, { customerNo, shopNo: request.shopNo, cartMinor, currency });
  return { ...cart, orderNo: `DEMO-${randomBytes(10).toString('hex').toUpperCase()}`, coupons };
}

/** Prices are the database's, never the browser's. */
async function priced({ db }: RedemptionDeps, { shopNo, lines }: QuoteRequest) {
  const { currency } = await readMarketplace(db);
  const shop = await selectShop(db, shopNo);
  if (shop === undefined) throw new AppError('shop_unknown');
  const items = await selectPrices(
    db,
    shop.shopId,
    lines.map(({ itemNo }) => itemNo),
  );
  const byNo = new Map(items.map((item) => [item.itemNo, item]));
  const bought = lines.map(({ itemNo, quantity }) => {
    const item = byNo.get(itemNo);
    if (item === undefined) throw new AppError('item_not_found');
    return { ...item, quantity };
  });
  const cartMinor = bought.reduce((sum, { priceMinor, quantity }) => sum + priceMinor * quantity, 0);
  if (!moneySchema.safeParse(cartMinor).success) throw fieldRefused('lines', 'custom');
  return { shopId: shop.shopId, cartMinor, currency, lines: bought };
}

/**
 * Places an order, once: a repeat of it (a double click, an answer that was not heard) gets the same answer. Its coupon is
 * redeemed first, so a refused coupon leaves no order, and the number is good for another try.
 * @throws AppError a code of the redemption API; shop_unknown, item_not_found; order_number_taken when the number is another
 * customer's, or stands for an order with another coupon or shop; order_rolled_back when that was cancelled.
 */
export async function placeOrder(
  deps: RedemptionDeps,
  customer: Customer,
  request: OrderRequest,
): Promise<PlacedOrder> {
  const { orderNo, couponCode } = request;
  const earlier = await selectOrder(deps.db, customer, orderNo);
  if (earlier !== undefined) return await sameAgain(deps, customer, earlier, request);
  const { shopId, cartMinor, currency } = await priced(deps, request);
  if (!(await takeOrderNumber(deps.db, customer, shopId, orderNo))) throw new AppError('order_number_taken');
  const { customerNo } = customer;
  const cart = { customerNo, shopNo: request.shopNo, cartMinor, currency };
  const redemption = couponCode === null ? null : await redeem(deps, { ...cart, couponCode, orderNo });
  const placed = await enter(deps, customer, { orderNo, shopId, cartMinor, redemption });
  if (placed === 'placed') return answerOf({ orderNo, currency, cartMinor }, redemption);
  // Somebody placed this very number in the meantime.
  const other = found(await selectOrder(deps.db, customer, orderNo));
  return await sameAgain(deps, customer, other, request);
}

/**
 * Writes the order. The number is held, so that of an order with a coupon and one without it, sent at the same moment under one
 * number, one is placed: whoever comes second gives back what it redeemed.
 */
async function enter(
  deps: RedemptionDeps,
  customer: Customer,
  order: { orderNo: string; shopId: number; cartMinor: number; redemption: Redemption | null },
): Promise<'placed' | 'there already'> {
  const { orderNo, shopId, cartMinor, redemption } = order;
  const payableMinor = cartMinor - (redemption?.discountMinor ?? 0);
  const now = deps.clock.now();
  const outcome = await deps.db.transaction().execute(async (trx) => {
    await holdOrderNumber(trx, customer, orderNo);
    const there = await selectOrder(trx, customer, orderNo);
    if (there !== undefined) return there;
    const redeemed = (await redemptionsOf({ ...deps, db: trx }, customer.customerId, [orderNo])).get(orderNo);
    // The twin with the coupon has redeemed it and is about to place its order.
    if (redemption === null && redeemed !== undefined) throw new AppError('order_number_taken');
    await insertOrder(trx, customer, { orderNo, shopId, payableMinor, now });
    return 'placed' as const;
  });
  if (outcome === 'placed') return outcome;
  if (redemption !== null && outcome.payableMinor !== payableMinor) {
    await rollBack(deps, orderNo);
    throw new AppError('order_number_taken');
  }
  return 'there already';
}

/** The answer that an order got before. */
async function sameAgain(
  deps: RedemptionDeps,
  { customerId }: Customer,
  order: OrderRow,
  request: OrderRequest,
): Promise<PlacedOrder> {
  if (order.cancelled) throw new AppError('order_rolled_back');
  const { currency } = await readMarketplace(deps.db);
  const redemption = activeOf(await redemptionsOf(deps, customerId, [order.orderNo]), order.orderNo);
  const same = order.shopNo === request.shopNo && (redemption?.couponCode ?? null) === request.couponCode;
  if (!same) throw new AppError('order_number_taken');
  const cartMinor = redemption?.cartMinor ?? order.payableMinor;
  return answerOf({ orderNo: order.orderNo, currency, cartMinor }, redemption);
}

function activeOf(redemptions: Awaited<ReturnType<typeof redemptionsOf>>, orderNo: string): Redemption | null {
  const redemption = redemptions.get(orderNo);
  return redemption === undefined || redemption.rolledBack ? null : redemption;
}

function answerOf(
  order: { orderNo: string; currency: string; cartMinor: number },
  redemption: Redemption | null,
): PlacedOrder {
  const discountMinor = redemption?.discountMinor ?? 0;
  return { ...order, discountMinor, payableMinor: order.cartMinor - discountMinor, redemption };
}

/** The latest orders that a customer placed here. */
export async function listDemoOrders(deps: RedemptionDeps, customer: Customer): Promise<DemoOrder[]> {
  return await toDemoOrders(deps, customer, await selectLatestOrders(deps.db, customer, 20));
}

/**
 * Cancels an order, and gives its coupon back. Said again, it answers the same, and does what was left undone.
 * @throws AppError not_found, also for another customer's
 */
export async function cancelDemoOrder(deps: RedemptionDeps, customer: Customer, orderNo: string): Promise<DemoOrder> {
  found(await selectOrder(deps.db, customer, orderNo));
  await rollBack(deps, orderNo);
  await deps.db.transaction().execute(async (trx) => {
    await holdOrderNumber(trx, customer, orderNo);
    await cancelOrderRow(trx, customer, orderNo);
  });
  const order = found(await selectOrder(deps.db, customer, orderNo));
  return found((await toDemoOrders(deps, customer, [order]))[0]);
}

async function toDemoOrders(deps: RedemptionDeps, { customerId }: Customer, rows: OrderRow[]): Promise<DemoOrder[]> {
  const { currency } = await readMarketplace(deps.db);
  const redemptions = await redemptionsOf(
    deps,
    customerId,
    rows.map(({ orderNo }) => orderNo),
  );
  return rows.map(({ orderNo, shopNo, shopName, placedAt, payableMinor, cancelled }) => {
    const redeemed = redemptions.get(orderNo);
    // One that a twin of the order redeemed and gave back is not this order's.
    const redemption = redeemed?.payableMinor === payableMinor ? redeemed : undefined;
    const discountMinor = redemption?.discountMinor ?? 0;
    return {
      orderNo,
      shop: { shopNo, name: shopName },
      placedAt: placedAt.toISOString(),
      state: cancelled ? 'cancelled' : 'placed',
      cartMinor: payableMinor + discountMinor,
      discountMinor,
      payableMinor,
      currency,
      couponCode: redemption?.couponCode ?? null,
    };
  });
}
