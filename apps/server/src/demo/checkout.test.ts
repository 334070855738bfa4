import {
  demoOrderSchema,
  demoOrders,
  type OrderRequest,
  placedOrderSchema,
  quoteSchema,
} from '@coupon-push/contract/checkout.ts';
import { redemptionProblemSchema } from '@coupon-push/contract/redemptions.ts';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkDailyCounters } from '../../test/books.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { couponSecret, type IssuedPush, issueCoupons } from '../../test/issued-coupons.ts';
import { createFellows, createMarketplace, createShop, type TestShop } from '../../test/marketplace.ts';
import { sessionCustomer } from '../features/customer-sessions/cookie.ts';
import { KnownSessions } from '../features/customer-sessions/known-sessions.ts';
import { actAs } from '../features/customer-sessions/service.ts';
import { createHttpServer, type HttpServer } from '../http/server.ts';
import { systemClock } from '../lib/clock.ts';
import { registerDemoCheckout } from './checkout-routes.ts';

let database: TestDatabase;
let app: HttpServer;
let shop: TestShop;
let push: IssuedPush;
let hanako: number;
let minsu: number;
let cookies: Map<number, string>;

const base = '/api/demo/checkout';

beforeAll(async () => {
  database = await createTestDatabase();
  const { db, pool } = database;
  await createMarketplace(db);
  app = await createHttpServer({ logger: pino({ level: 'silent' }), trustedOrigins: [], maxUploadBytes: 1000 });
  const parts = { db, clock: systemClock, publicUrl: 'https://demo.example.com' };
  const customer = sessionCustomer({ ...parts, known: new KnownSessions() });
  registerDemoCheckout(app, { ...parts, customer, pool, couponSecret });
});
afterAll(async () => {
  await app.close();
  await database.drop();
});
beforeEach(async () => {
  const { db } = database;
  // Its item n costs n * 100 yen; the coupon takes 500 yen off 1,700 yen and more.
  shop = await createShop(db, 'さくら');
  const { reachable = [] } = await createFellows(db, shop.shopId, { reachable: 2 });
  [hanako = 0, minsu = 0] = reachable;
  push = await issueCoupons(db, shop, reachable);
  cookies = new Map();
  for (const customerId of reachable) {
    const { token } = await db.transaction().execute((trx) => actAs(trx, `c${customerId}`, new Date()));
    cookies.set(customerId, `coupon-push.customer=${token}`);
  }
});

async function ask(customerId: number | null, method: 'GET' | 'POST', path: string, payload?: object) {
  const cookie = customerId === null ? undefined : cookies.get(customerId);
  const headers = cookie === undefined ? {} : { cookie };
  return await app.inject({ method, url: base + path, headers, ...(payload === undefined ? {} : { payload }) });
}

const line = (n: number, quantity: number) => ({ itemNo: `${shop.shopId}-${n}`, quantity });
const cart = (...lines: { itemNo: string; quantity: number }[]) => ({ shopNo: push.shopNo, lines });

async function quoteOf(customerId: number, request: object = cart(line(10, 2))) {
  return quoteSchema.parse((await ask(customerId, 'POST', '/quote', request)).json());
}

/** An order of two items of 1,000 yen, with the customer's own coupon. */
async function orderOf(customerId: number, more: Partial<OrderRequest> = {}): Promise<OrderRequest> {
  const { orderNo } = await quoteOf(customerId);
  return { ...cart(line(10, 2)), orderNo, couponCode: push.codeOf(customerId), ...more };
}

async function place(customerId: number, order: object) {
  const answer = await ask(customerId, 'POST', '/orders', order);
  return answer.statusCode === 200 ? placedOrderSchema.parse(answer.json()) : refusal(answer);
}

function refusal(answer: { json(): unknown }) {
  return redemptionProblemSchema.parse(answer.json());
}

const ordersOf = async (customerId: number) =>
  demoOrders.parse((await ask(customerId, 'GET', '/orders')).json()).orders;
const cancel = (customerId: number, orderNo: string) => ask(customerId, 'POST', '/orders/cancel', { orderNo });

/** What the order stands for in the marketplace's own tables. */
async function bookOf(orderNo: string) {
  const { rows } = await sql`
    select customer_id as customer, total_minor as total, state from customer_order
     where order_no = ${orderNo} and shop_id = ${shop.shopId}`.execute(database.db);
  return rows;
}

async function usedCoupons() {
  const { rows } = await sql<{ customer: number }>`
    select customer_id as customer from issued_coupon
     where push_id = ${push.pushId} and used_at is not null`.execute(database.db);
  return rows.map(({ customer }) => customer);
}

describe('a quote', () => {
  it('adds up the prices of the database, and says what each of the customer’s coupons takes off', async () => {
    const quoted = await quoteOf(hanako, cart(line(10, 2), line(3, 1)));
    expect(quoted).toMatchObject({
      cartMinor: 2300,
      currency: 'JPY',
      lines: [
        { itemNo: `${shop.shopId}-10`, quantity: 2, priceMinor: 1000 },
        { itemNo: `${shop.shopId}-3`, quantity: 1, priceMinor: 300 },
      ],
      coupons: [{ couponCode: push.codeOf(hanako), applicable: true, discountMinor: 500, refusal: null }],
    });
    expect(quoted.orderNo).not.toBe((await quoteOf(hanako)).orderNo);
    expect(await usedCoupons()).toEqual([]);
  });

  it('says how much is missing for a coupon', async () => {
    const { coupons } = await quoteOf(hanako, cart(line(10, 1)));
    expect(coupons).toMatchObject([{ applicable: false, refusal: { missingMinor: 700 } }]);
  });

  it('refuses what nobody can buy', async () => {
    const quantities = [0, -1, 100, 1.5, 1e15, '2'];
    for (const quantity of quantities) {
      const answer = await ask(
        hanako,
        'POST',
        '/quote',
        cart({ itemNo: `${shop.shopId}-1`, quantity: quantity as number }),
      );
      expect([quantity, refusal(answer)]).toMatchObject([quantity, { code: 'invalid_request' }]);
    }
    const other = await createShop(database.db, 'よその店');
    for (const [request, code] of [
      [cart(), 'invalid_request'],
      [cart(line(1, 1), line(1, 2)), 'invalid_request'],
      [cart({ itemNo: `${other.shopId}-1`, quantity: 1 }), 'item_not_found'],
      [{ ...cart(line(1, 1)), shopNo: 'nowhere' }, 'shop_unknown'],
    ] as const) {
      expect(refusal(await ask(hanako, 'POST', '/quote', request))).toMatchObject({ code });
    }
    await sql`update item set on_sale = false where id = ${shop.itemIds[0]}`.execute(database.db);
    expect(refusal(await ask(hanako, 'POST', '/quote', cart(line(1, 1))))).toMatchObject({ code: 'item_not_found' });
    await sql`update item set price_minor = 900000000000 where id = ${shop.itemIds[1]}`.execute(database.db);
    expect(refusal(await ask(hanako, 'POST', '/quote', cart(line(2, 99))))).toMatchObject({
      code: 'invalid_request',
      fields: [{ field: 'lines' }],
    });
  });
});

describe('an order', () => {
  it('uses the coupon, and is an order of the marketplace from then on', async () => {
    const order = await orderOf(hanako);
    const placed = await place(hanako, order);
    expect(placed).toMatchObject({ cartMinor: 2000, discountMinor: 500, payableMinor: 1500, currency: 'JPY' });
    expect(placed).toMatchObject({ redemption: { orderNo: order.orderNo, couponCode: push.codeOf(hanako) } });
    expect(await bookOf(order.orderNo)).toEqual([{ customer: hanako, total: 1500, state: 'paid' }]);
    expect(await usedCoupons()).toEqual([hanako]);
    expect(await ordersOf(hanako)).toMatchObject([{ ...placed, redemption: undefined, state: 'placed' }].map(listed));
    await checkDailyCounters(database.db, push.pushId);
  });

  it('needs no coupon', async () => {
    const order = await orderOf(hanako, { couponCode: null });
    expect(await place(hanako, order)).toMatchObject({ discountMinor: 0, payableMinor: 2000, redemption: null });
    expect(await ordersOf(hanako)).toMatchObject([{ couponCode: null, cartMinor: 2000 }]);
    expect(await usedCoupons()).toEqual([]);
  });

  it('costs what it costs, whatever the browser says', async () => {
    const order = { ...(await orderOf(hanako)), cartMinor: 1, discountMinor: 5000, priceMinor: 0 };
    expect(await place(hanako, order)).toMatchObject({ payableMinor: 1500 });
  });

  it('that is clicked twice is placed once, and both clicks get the same answer', async () => {
    for (const couponCode of [push.codeOf(hanako), null]) {
      const order = await orderOf(hanako, { couponCode });
      const answers = await Promise.all(Array.from({ length: 6 }, () => place(hanako, order)));
      expect(answers).toEqual(Array(6).fill(answers[0]));
      expect(answers[0]).toMatchObject({ orderNo: order.orderNo });
      expect(await bookOf(order.orderNo)).toHaveLength(1);
      expect(await place(hanako, order)).toEqual(answers[0]);
    }
    await checkDailyCounters(database.db, push.pushId);
  });

  it('that is placed with and without its coupon at once is one of the two', async () => {
    const order = await orderOf(hanako);
    const plain = { ...order, couponCode: null };
    await Promise.all([place(hanako, order), place(hanako, plain), place(hanako, order), place(hanako, plain)]);
    const book = await bookOf(order.orderNo);
    expect(book).toHaveLength(1);
    const withCoupon = (await usedCoupons()).length === 1;
    expect(book).toMatchObject([{ total: withCoupon ? 1500 : 2000 }]);
    expect(await ordersOf(hanako)).toMatchObject([{ cartMinor: 2000, discountMinor: withCoupon ? 500 : 0 }]);
    expect(await place(hanako, withCoupon ? plain : order)).toMatchObject({ code: 'order_number_taken' });
    await checkDailyCounters(database.db, push.pushId);
  });

  it('is refused with a coupon that is not this customer’s, of another shop, or used; then nothing is placed', async () => {
    const other = await createShop(database.db, 'よその店');
    const elsewhere = await issueCoupons(database.db, other, [hanako]);
    const refused = {
      coupon_other_customer: push.codeOf(minsu),
      coupon_other_shop: elsewhere.codeOf(hanako),
      coupon_unknown: 'AAAA-AAAA-AAAA-AAAA',
    };
    for (const [code, couponCode] of Object.entries(refused)) {
      const order = await orderOf(hanako, { couponCode });
      const answer = await place(hanako, order);
      expect(answer).toMatchObject({ code, sentences: { ja: expect.any(String), ko: expect.any(String) } });
      expect(await bookOf(order.orderNo)).toEqual([]);
      // The number is good for another try.
      expect(await place(hanako, { ...order, couponCode: null })).toMatchObject({ payableMinor: 2000 });
    }
    await place(hanako, await orderOf(hanako));
    expect(await place(hanako, await orderOf(hanako))).toMatchObject({ code: 'coupon_used' });
    expect(await usedCoupons()).toEqual([hanako]);
  });

  it('of another customer is out of reach: it is not placed again, cancelled or seen', async () => {
    const order = await orderOf(hanako);
    await place(hanako, order);
    expect(await place(minsu, { ...order, couponCode: push.codeOf(minsu) })).toMatchObject({
      code: 'order_number_taken',
    });
    expect(refusal(await cancel(minsu, order.orderNo))).toMatchObject({ code: 'not_found' });
    expect(await ordersOf(minsu)).toEqual([]);
    expect(await usedCoupons()).toEqual([hanako]);
    expect(await bookOf(order.orderNo)).toMatchObject([{ customer: hanako, state: 'paid' }]);
  });

  it('cannot take a number that is not of this checkout', async () => {
    for (const orderNo of ['20261122-1', 'DEMO-1', 'DEMO-0123456789ABCDEF012G', '']) {
      expect(await place(hanako, await orderOf(hanako, { orderNo }))).toMatchObject({ code: 'invalid_request' });
      expect(refusal(await cancel(hanako, orderNo))).toMatchObject({ code: 'invalid_request' });
    }
  });
});

describe('an order that is cancelled', () => {
  it('gives its coupon back, once, however often it is said; its number is used up', async () => {
    const order = await orderOf(hanako);
    await place(hanako, order);
    const answers = await Promise.all([cancel(hanako, order.orderNo), cancel(hanako, order.orderNo)]);
    answers.push(await cancel(hanako, order.orderNo));
    for (const answer of answers) {
      expect(demoOrderSchema.parse(answer.json())).toMatchObject({ state: 'cancelled', discountMinor: 500 });
    }
    expect(await usedCoupons()).toEqual([]);
    expect(await bookOf(order.orderNo)).toMatchObject([{ state: 'cancelled' }]);
    expect(await place(hanako, order)).toMatchObject({ code: 'order_rolled_back' });
    expect(await place(hanako, await orderOf(hanako))).toMatchObject({ payableMinor: 1500 });
    expect((await ordersOf(hanako)).map(({ state }) => state)).toEqual(['placed', 'cancelled']);
    await checkDailyCounters(database.db, push.pushId);
  });
});

it('is for customers who are signed in', async () => {
  const order = await orderOf(hanako);
  for (const [method, path, body] of [
    ['POST', '/quote', cart(line(10, 2))],
    ['POST', '/orders', order],
    ['GET', '/orders', undefined],
    ['POST', '/orders/cancel', { orderNo: order.orderNo }],
  ] as const) {
    const answer = await ask(null, method, path, body);
    expect([answer.statusCode, refusal(answer).code]).toEqual([401, 'not_signed_in']);
  }
});

function listed({ redemption: _, ...order }: Record<string, unknown>) {
  return order;
}
