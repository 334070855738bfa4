import {
  redemptionProblemSchema,
  redemptionSchema,
  rollBackResponse,
  validateResponse,
} from '@coupon-push/contract/redemptions.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { checkDailyCounters } from '../../../test/books.ts';
import { DatabaseProxy } from '../../../test/database-proxy.ts';
import { type IssuedPush, issueCoupons } from '../../../test/issued-coupons.ts';
import { createFellows, type TestShop } from '../../../test/marketplace.ts';
import { terms } from '../../../test/waiting-push.ts';
import { type Database, openDatabase } from '../../db/database.ts';
import { createApiKey } from '../api-keys/service.ts';
import { couponCode } from '../coupon-box/code.ts';

let api: TestApi;
let key: string;
let shop: TestShop;
let push: IssuedPush;
let customer: number;
let other: number;
let orders = 0;

beforeAll(async () => {
  api = await TestApi.create();
  key = (await createApiKey(api.database.db, 'checkout')) ?? '';
});
afterAll(() => api.close());
beforeEach(async () => {
  api.clock.set(new Date('2026-12-01T03:00:00Z'));
  shop = await api.shop('はなみどり');
  const { reachable = [] } = await createFellows(api.database.db, shop.shopId, { reachable: 2 });
  [customer = 0, other = 0] = reachable;
  push = await issueCoupons(api.database.db, shop, reachable, { issuedAt: api.clock.now() });
});

async function post(path: string, body: object, headers: Record<string, string> = { authorization: `Bearer ${key}` }) {
  return await api.request(null, 'POST', `/api/redemptions${path}`, { body, headers });
}

function cart(more: object = {}) {
  orders += 1;
  const who = { customerNo: `c${customer}`, shopNo: push.shopNo, couponCode: push.codeOf(customer) };
  return { ...who, orderNo: `order ${orders}`, cartMinor: 2000, currency: 'JPY', ...more };
}

async function redeemed(more: object = {}) {
  const answer = await post('', cart(more));
  expect([answer.status, answer.body]).toMatchObject([200, {}]);
  return redemptionSchema.parse(answer.body);
}

/** Status and problem of a redemption that is refused. */
async function refused(more: object = {}) {
  const answer = await post('', cart(more));
  return { status: answer.status, problem: redemptionProblemSchema.parse(answer.body) };
}

async function validated(more: object = {}) {
  const { customerNo, shopNo, cartMinor, currency } = { ...cart(), ...more };
  const answer = await post('/validate', { customerNo, shopNo, cartMinor, currency });
  return validateResponse.parse(answer.body).coupons;
}

describe('a checkout', () => {
  it('is told which of a customer’s coupons apply, what they take off, and why the others do not', async () => {
    const elsewhere = await api.shop('よその店');
    const { db } = api.database;
    const later = { validFrom: new Date('2026-12-05T00:00:00+09:00') };
    const percent = { kind: 'percent', percent: 30, maxAmountMinor: 550 } as const;
    const week = (n: number) => ({ issuedAt: new Date(api.clock.now().getTime() - n * 7 * 86_400_000) });
    const expensive = await issueCoupons(db, shop, [customer], {
      ...week(1),
      terms: { ...terms, minPurchaseMinor: 2450 },
    });
    const best = await issueCoupons(db, shop, [customer], { ...week(2), terms: { ...terms, discount: percent } });
    const tomorrow = await issueCoupons(db, shop, [customer], { ...week(3), ...later });
    const foreign = await issueCoupons(db, elsewhere, [customer]);
    const coupons = await validated();
    expect(coupons.map(({ couponCode: code, applicable, discountMinor }) => [code, applicable, discountMinor])).toEqual(
      [
        [best.codeOf(customer), true, 550],
        [push.codeOf(customer), true, 500],
        ...[expensive, tomorrow]
          .map((one) => one.codeOf(customer))
          .sort((a, b) => coupons.findIndex((c) => c.couponCode === a) - coupons.findIndex((c) => c.couponCode === b))
          .map((code) => [code, false, 0]),
        [foreign.codeOf(customer), false, 0],
      ],
    );
    const why = (one: IssuedPush) => coupons.find((coupon) => coupon.couponCode === one.codeOf(customer))?.refusal;
    expect(why(expensive)).toMatchObject({ code: 'coupon_minimum_not_reached', missingMinor: 450 });
    expect(why(tomorrow)).toMatchObject({ code: 'coupon_not_yet_valid', missingMinor: null });
    expect(why(foreign)).toMatchObject({ code: 'coupon_other_shop', missingMinor: null });
    expect(why(expensive)?.sentences.ja).toContain('あと450円');
  });

  it('redeems a coupon: what validating said is what comes off, and it is used from then on', async () => {
    const [offered] = await validated();
    const redemption = await redeemed({ couponCode: offered?.couponCode });
    expect(redemption).toMatchObject({ discountMinor: 500, cartMinor: 2000, payableMinor: 1500, currency: 'JPY' });
    const [used] = await validated();
    expect(used).toMatchObject({ applicable: false, refusal: { code: 'coupon_used' } });
    expect((await refused()).problem.code).toBe('coupon_used');
    await checkDailyCounters(api.database.db, push.pushId);
  });

  it('that sends the same order again gets the same answer, and the coupon is used once', async () => {
    const body = cart();
    const first = await post('', body);
    api.clock.set(new Date(api.clock.now().getTime() + 90_000));
    const again = await post('', body);
    expect([again.status, again.body]).toEqual([200, first.body]);
    await checkDailyCounters(api.database.db, push.pushId);
  });

  it('that sends the same order number for something else is refused', async () => {
    const { orderNo } = await redeemed();
    const others = { customerNo: `c${other}`, couponCode: push.codeOf(other) };
    const elsewhere = [{ shopNo: 'nowhere' }, { customerNo: `c${other}` }, { customerNo: 'nobody' }];
    for (const change of [{ cartMinor: 2001 }, others, ...elsewhere]) {
      const { status, problem } = await refused({ orderNo, ...change });
      expect([status, problem.code]).toEqual([409, 'order_has_redemption']);
    }
    expect((await redeemed(others)).discountMinor).toBe(500);
  });

  it('rolls an order back: its coupon can be used for another, its number cannot', async () => {
    const redemption = await redeemed();
    const { orderNo } = redemption;
    const first = rollBackResponse.parse((await post('/roll-back', { orderNo })).body);
    expect(first).toMatchObject({ orderNo, redemption });
    api.clock.set(new Date(api.clock.now().getTime() + 90_000));
    expect(rollBackResponse.parse((await post('/roll-back', { orderNo })).body)).toEqual(first);
    await checkDailyCounters(api.database.db, push.pushId);
    expect((await refused({ orderNo })).problem.code).toBe('order_rolled_back');
    expect((await redeemed()).couponCode).toBe(redemption.couponCode);
    await checkDailyCounters(api.database.db, push.pushId);
  });

  it('that rolls back an order which was never heard of keeps its redemption from arriving late', async () => {
    const late = cart();
    const answer = rollBackResponse.parse((await post('/roll-back', { orderNo: late.orderNo })).body);
    expect(answer.redemption).toBeNull();
    expect((await refused(late)).problem.code).toBe('order_rolled_back');
    expect((await redeemed()).discountMinor).toBe(500);
  });

  it('that rolls back after the coupon expired gets it back expired', async () => {
    const { orderNo } = await redeemed();
    api.clock.set(new Date('2026-12-31T04:00:00Z'));
    await post('/roll-back', { orderNo });
    expect((await refused()).problem.code).toBe('coupon_expired');
  });
});

describe('a coupon is refused', () => {
  it('before it is valid and once it has expired, to the second', async () => {
    const validFrom = new Date('2026-12-05T00:00:00+09:00');
    const validUntil = new Date('2026-12-08T00:00:00+09:00');
    const issuedAt = new Date(api.clock.now().getTime() - 7 * 86_400_000);
    const period = await issueCoupons(api.database.db, shop, [customer], { issuedAt, validFrom, validUntil });
    const couponCode = period.codeOf(customer);
    const at = async (moment: Date, seconds: number) => {
      api.clock.freeze(new Date(moment.getTime() + seconds * 1000));
      return await post('', cart({ couponCode }));
    };
    const early = await at(validFrom, -1);
    expect(redemptionProblemSchema.parse(early.body)).toMatchObject({
      code: 'coupon_not_yet_valid',
      params: { validFrom: validFrom.toISOString() },
    });
    const late = redemptionProblemSchema.parse((await at(validUntil, 0)).body);
    expect(late.code).toBe('coupon_expired');
    expect(late.sentences).toMatchObject({
      ja: expect.stringContaining('2026/12/08（火）00:00:00 JST'),
      ko: expect.stringContaining('2026/12/08(화) 00:00:00 JST'),
      en: expect.stringContaining('2026/12/08 (Tue) 00:00:00 JST'),
    });
    expect((await at(validUntil, -1)).status).toBe(200);
  });

  it('below the minimum purchase, which says how much is missing', async () => {
    const { status, problem } = await refused({ cartMinor: 1699 });
    expect([status, problem.code, problem.params]).toEqual([
      409,
      'coupon_minimum_not_reached',
      { minPurchaseMinor: 1700, missingMinor: 1 },
    ]);
  });

  it('for a cart that it takes nothing off', async () => {
    const issuedAt = new Date(api.clock.now().getTime() - 7 * 86_400_000);
    const free = await issueCoupons(api.database.db, shop, [customer], {
      issuedAt,
      terms: { ...terms, minPurchaseMinor: 0 },
    });
    const couponCode = free.codeOf(customer);
    expect((await refused({ couponCode, cartMinor: 0 })).problem.code).toBe('coupon_no_discount');
    expect((await redeemed({ couponCode, cartMinor: 300 })).payableMinor).toBe(0);
  });

  it('at another shop, and for another customer', async () => {
    const elsewhere = await api.shop('よその店');
    const { shop_no: shopNo } = await api.database.db
      .selectFrom('shop')
      .where('id', '=', elsewhere.shopId)
      .select('shop_no')
      .executeTakeFirstOrThrow();
    expect((await refused({ shopNo })).problem.code).toBe('coupon_other_shop');
    expect((await refused({ shopNo: 'nowhere' })).problem.code).toBe('coupon_other_shop');
    expect((await refused({ customerNo: `c${other}` })).problem.code).toBe('coupon_other_customer');
    expect((await refused({ customerNo: 'nobody' })).problem.code).toBe('coupon_other_customer');
    expect((await redeemed()).discountMinor).toBe(500);
  });

  it('whose code is none of ours, was altered, or names a coupon that was never issued', async () => {
    const code = push.codeOf(customer);
    const altered = code.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const foreign = couponCode('the secret of another marketplace', { customerId: customer, pushId: push.pushId });
    const neverIssued = push.codeOf(999_999);
    for (const couponCode of [altered, foreign, neverIssued, 'SAVE10', code.slice(1), `${code}A`]) {
      const { status, problem } = await refused({ couponCode });
      expect([couponCode, status, problem.code]).toEqual([couponCode, 404, 'coupon_unknown']);
    }
  });

  it('with a negative, broken, overflowing or missing amount, at that field', async () => {
    for (const [cartMinor, code] of [
      [-1, 'too_small'],
      [1_000_000_000_001, 'too_big'],
      [1e300, 'too_big'],
      [2000.5, 'invalid_type'],
      ['2000', 'invalid_type'],
      [null, 'invalid_type'],
      [undefined, 'required'],
    ] as const) {
      const { status, problem } = await refused({ cartMinor });
      expect([cartMinor, status, problem.code]).toEqual([cartMinor, 400, 'invalid_request']);
      expect(problem.fields?.[0]).toMatchObject({ field: 'cartMinor', code });
    }
    const huge = await redeemed({ cartMinor: 1_000_000_000_000 });
    expect(huge.payableMinor).toBe(999_999_999_500);
  });

  it('with a number that nobody can have, at that field', async () => {
    for (const name of ['customerNo', 'shopNo', 'orderNo'] as const) {
      for (const text of ['', 'x'.repeat(65), 'C\u00001', 'line\nend', 42]) {
        const { status, problem } = await refused({ [name]: text });
        expect([name, text, status, problem.fields?.[0]?.field]).toEqual([name, text, 400, name]);
      }
    }
    const rollBack = await post('/roll-back', { orderNo: 'A\u0000' });
    expect(redemptionProblemSchema.parse(rollBack.body)).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('in another currency, which says in which', async () => {
    const { status, problem } = await refused({ currency: 'KRW' });
    expect([status, problem.code, problem.params]).toEqual([
      400,
      'wrong_currency',
      { currency: 'KRW', expected: 'JPY' },
    ]);
    for (const currency of ['yen', '', 'JPYX'])
      expect((await refused({ currency })).problem.code).toBe('invalid_request');
    const answer = await post('/validate', {
      customerNo: `c${customer}`,
      shopNo: push.shopNo,
      cartMinor: 1,
      currency: 'USD',
    });
    expect(redemptionProblemSchema.parse(answer.body).code).toBe('wrong_currency');
  });

  it('and a customer or shop that does not exist is named', async () => {
    const body = { customerNo: `c${customer}`, shopNo: push.shopNo, cartMinor: 1, currency: 'JPY' };
    const codeOf = async (change: object) =>
      redemptionProblemSchema.parse((await post('/validate', { ...body, ...change })).body).code;
    expect(await codeOf({ customerNo: 'nobody' })).toBe('customer_unknown');
    expect(await codeOf({ shopNo: 'nowhere' })).toBe('shop_unknown');
  });

  it('with a sentence in each language, never a bare code', async () => {
    const { sentences } = (await refused({ couponCode: 'SAVE10' })).problem;
    expect(sentences.ja).toMatch(/クーポンコード/);
    expect(sentences.ko).toMatch(/쿠폰코드/);
    expect(sentences.en).toMatch(/coupon code/);
  });
});

describe('the redemption API is for the marketplace’s systems', () => {
  it('and nobody without a key, or with a made-up one, not even a seller who is signed in', async () => {
    const made = [`Bearer ${key.slice(0, -1)}x`, 'Bearer cpk_1_abc', `Basic ${key}`, 'Bearer ', key];
    for (const headers of [{}, ...made.map((authorization) => ({ authorization }))]) {
      for (const path of ['', '/validate', '/roll-back']) {
        const answer = await post(path, cart(), headers);
        const problem = redemptionProblemSchema.parse(answer.body);
        expect([headers, answer.status, problem.code]).toEqual([headers, 401, 'api_key_invalid']);
        expect(problem.sentences.en).toContain('Bearer');
        expect(answer.headers['www-authenticate']).toBe('Bearer');
      }
    }
    const seller = await api.request(shop, 'POST', '/api/redemptions', { body: cart() });
    expect(seller.status).toBe(401);
  });

  it('and says when to come again while the database is away', async () => {
    let proxy: DatabaseProxy | undefined;
    let way: Database | undefined;
    const cuttable = await TestApi.create({}, async ({ url }) => {
      proxy = await DatabaseProxy.start(url);
      way = openDatabase(proxy.url, { max: 1 });
      return way;
    });
    const authorization = `Bearer ${await createApiKey(cuttable.database.db, 'checkout')}`;
    const rollBack = () =>
      cuttable.request(null, 'POST', '/api/redemptions/roll-back', {
        body: { orderNo: 'A' },
        headers: { authorization },
      });
    expect((await rollBack()).status).toBe(200);
    proxy?.cut();
    const away = await rollBack();
    expect([away.status, away.headers['retry-after']]).toEqual([503, '5']);
    expect(redemptionProblemSchema.parse(away.body).code).toBe('unavailable');
    proxy?.mend();
    expect((await rollBack()).status).toBe(200);
    await way?.close();
    await proxy?.stop();
    await cuttable.close();
  });
});
