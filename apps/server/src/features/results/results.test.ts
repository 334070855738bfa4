import { issuedCouponPage, resultsSchema } from '@coupon-push/contract/results.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { checkBooks, checkDailyCounters } from '../../../test/books.ts';
import { createFellows, type TestShop } from '../../../test/marketplace.ts';
import { redeemCoupon, rollBackCoupon } from '../../../test/redeem.ts';
import { type Sending, startSending } from '../../../test/sent-push.ts';
import { terms } from '../../../test/waiting-push.ts';
import { countRedemption, countRollBack } from './service.ts';

let api: TestApi;
let sending: Sending;
let shop: TestShop;

const slot = new Date('2026-11-25T10:00:00+09:00');
const day = (text: string, time = '12:00') => new Date(`2026-${text}T${time}:00+09:00`);

beforeAll(async () => {
  api = await TestApi.create();
  sending = await startSending(api.database, api.clock);
});
afterAll(async () => {
  await sending.stop();
  await api.close();
});
beforeEach(async () => {
  api.clock.set(slot);
  shop = await api.shop('はなみどり');
});

const read = async (of: TestShop, query = '') => {
  const answer = await api.request(of, 'GET', `/api/shops/${of.shopId}/results${query}`);
  expect(answer.status).toBe(200);
  return resultsSchema.parse(answer.body);
};

describe('issue and use of a shop’s coupons', () => {
  it('is told in all, by day and by push: issued, used, discount and the carts', async () => {
    const { reachable = [] } = await createFellows(api.database.db, shop.shopId, { reachable: 5, refused: 2 });
    const [anna, ben, chie] = reachable as [number, number, number];
    const { pushId, couponId } = await sending.send(shop, { slot });
    const use = (customerId: number, orderNo: string, cartMinor: number, redeemedAt: Date) => {
      return redeemCoupon(api.database.db, { pushId, customerId, orderNo, cartMinor, discountMinor: 500, redeemedAt });
    };
    await use(anna, 'A-1', 3000, day('11-25', '23:59'));
    await use(ben, 'A-2', 2000, day('11-27', '00:00'));
    await use(chie, 'A-3', 1900, day('11-27', '23:59'));
    await checkBooks(api.database.db, pushId, reachable);

    api.clock.set(day('11-28'));
    const results = await read(shop);
    const none = { issued: 0, used: 0, discountMinor: 0, salesMinor: 0 };
    const totals = { issued: 5, used: 3, discountMinor: 1500, salesMinor: 6900, expired: 0 };
    expect(results.totals).toEqual(totals);
    expect(results.days).toEqual([
      { day: '2026-11-25', issued: 5, used: 1, discountMinor: 500, salesMinor: 3000 },
      { day: '2026-11-26', ...none },
      { day: '2026-11-27', issued: 0, used: 2, discountMinor: 1000, salesMinor: 3900 },
      { day: '2026-11-28', ...none },
    ]);
    expect(results.pushes).toMatchObject([{ pushId, couponId, type: 'promotion', ...totals }]);
    expect(results.more).toBe(false);
  });

  it.each([
    ['days from the issue', { kind: 'days', days: 3 }, '2026-11-28T01'],
    ['a period', { kind: 'period', from: '2026-11-20', until: '2026-11-27' }, '2026-11-27T15'],
  ] as const)(
    'tells how many expired unused, from the moment they did, with a validity of %s',
    async (_, validity, hour) => {
      const { reachable = [] } = await createFellows(api.database.db, shop.shopId, { reachable: 5 });
      const { pushId } = await sending.send(shop, { slot, terms: { ...terms, validity } });
      const { rows } = await sql<{ until: Date }>`
      select distinct valid_until as until from issued_coupon where push_id = ${pushId}`.execute(api.database.db);
      const [end = ''] = rows.map(({ until }) => until.toISOString());
      expect([rows.length, end.slice(0, hour.length)]).toEqual([1, hour]);
      const used = reachable.slice(0, 2).map((customerId) => {
        const redeemedAt = day('11-26');
        return { pushId, customerId, orderNo: `E-${customerId}`, cartMinor: 3000, discountMinor: 500, redeemedAt };
      });
      for (const one of used) await redeemCoupon(api.database.db, one);
      const expired = async () => {
        const { totals, pushes } = await read(shop);
        expect(pushes).toMatchObject([{ pushId, validUntil: end, expired: totals.expired }]);
        return totals.expired;
      };
      api.clock.freeze(new Date(new Date(end).getTime() - 1));
      expect(await expired()).toBe(0);
      api.clock.freeze(new Date(end));
      expect(await expired()).toBe(3);
      const [first] = used;
      if (first !== undefined) await rollBackCoupon(api.database.db, first, day('11-29'));
      expect(await expired()).toBe(4);
      const list = await api.request(shop, 'GET', `/api/shops/${shop.shopId}/issued-coupons?pushId=${pushId}`);
      const states = issuedCouponPage.parse(list.body).entries.map(({ state }) => state);
      expect(states.sort()).toEqual(['expired', 'expired', 'expired', 'expired', 'used']);
    },
  );

  it('leaves out what was rolled back, as if it had never been, and counts a use again after that', async () => {
    const { reachable = [] } = await createFellows(api.database.db, shop.shopId, { reachable: 3 });
    const { pushId } = await sending.send(shop, { slot });
    const [customerId] = reachable as [number];
    const use = (orderNo: string, redeemedAt: Date) => ({
      pushId,
      customerId,
      orderNo,
      cartMinor: 3000,
      discountMinor: 500,
      redeemedAt,
    });
    const first = use('B-1', day('11-25'));
    await redeemCoupon(api.database.db, first);
    await rollBackCoupon(api.database.db, first, day('11-27'));
    expect((await read(shop)).totals).toEqual({ issued: 3, used: 0, discountMinor: 0, salesMinor: 0, expired: 0 });
    await checkDailyCounters(api.database.db, pushId);
    await redeemCoupon(api.database.db, use('B-2', day('11-29')));
    expect((await read(shop)).days.filter((one) => one.used > 0)).toMatchObject([{ day: '2026-11-29', used: 1 }]);
    await checkDailyCounters(api.database.db, pushId);
  });

  it('is that of the pushes applied for within the period, of one coupon number, or of one push', async () => {
    await createFellows(api.database.db, shop.shopId, { reachable: 2 });
    // Applied for two days before their slots: on the 16th and on the 23rd.
    const earlier = await sending.send(shop, { slot: new Date('2026-11-18T10:00:00+09:00') });
    const later = await sending.send(shop, { slot });
    const pushIds = async (query: string) => (await read(shop, query)).pushes.map((push) => push.pushId);
    expect(await pushIds('')).toEqual([later.pushId, earlier.pushId]);
    expect(await pushIds('?from=2026-11-16&until=2026-11-16')).toEqual([earlier.pushId]);
    expect(await pushIds('?from=2026-11-17')).toEqual([later.pushId]);
    expect(await pushIds(`?couponId=${earlier.couponId}`)).toEqual([earlier.pushId]);
    expect(await pushIds(`?pushId=${later.pushId}`)).toEqual([later.pushId]);
    expect(await read(shop, '?until=2026-11-15')).toMatchObject({ days: [], pushes: [], totals: { issued: 0 } });
  });

  it('is another shop’s secret', async () => {
    await createFellows(api.database.db, shop.shopId, { reachable: 2 });
    const { pushId, couponId } = await sending.send(shop, { slot });
    const other = await api.shop('よその店');
    expect((await api.request(other, 'GET', `/api/shops/${shop.shopId}/results`)).status).toBe(404);
    expect((await read(other, `?pushId=${pushId}`)).totals.issued).toBe(0);
    expect((await read(other, `?couponId=${couponId}`)).totals.issued).toBe(0);
  });
});

describe('the counters of a day', () => {
  it('are exact when many checkouts and roll-backs of one coupon race', async () => {
    const { db } = api.database;
    const { reachable = [] } = await createFellows(db, shop.shopId, { reachable: 60 });
    const { pushId } = await sending.send(shop, { slot });
    const uses = reachable.map((customerId, n) => ({
      pushId,
      customerId,
      orderNo: `C-${customerId}`,
      cartMinor: 1700 + n,
      discountMinor: 500,
      redeemedAt: day('11-25'),
    }));
    await Promise.all(
      uses.map(async (use, n) => {
        await redeemCoupon(db, use);
        if (n % 3 === 0) await rollBackCoupon(db, use, day('11-26'));
      }),
    );
    await checkDailyCounters(db, pushId);
    const { totals } = await read(shop, `?pushId=${pushId}`);
    expect(totals).toMatchObject({ issued: 60, used: 40, discountMinor: 20_000 });
  });

  it('take part in the transaction: what is undone was never counted', async () => {
    const { db } = api.database;
    const { reachable = [] } = await createFellows(db, shop.shopId, { reachable: 1 });
    const { pushId } = await sending.send(shop, { slot });
    const [customerId] = reachable as [number];
    const use = { pushId, customerId, cartMinor: 2000, discountMinor: 500, redeemedAt: slot };
    const undone = db.transaction().execute(async (trx) => {
      await countRedemption(trx, use, 'Asia/Tokyo');
      throw new Error('the checkout failed');
    });
    await expect(undone).rejects.toThrow('the checkout failed');
    await checkDailyCounters(db, pushId);
  });

  it('belong to the day in the marketplace’s zone', async () => {
    const { db } = api.database;
    const { reachable = [] } = await createFellows(db, shop.shopId, { reachable: 1 });
    const { pushId } = await sending.send(shop, { slot });
    const [customerId] = reachable as [number];
    const use = { pushId, customerId, cartMinor: 2000, discountMinor: 500 };
    const midnight = new Date('2026-12-01T15:00:00Z');
    await db.transaction().execute(async (trx) => {
      await countRedemption(trx, { ...use, redeemedAt: new Date(midnight.getTime() - 1) }, 'Asia/Tokyo');
      await countRedemption(trx, { ...use, redeemedAt: midnight }, 'Asia/Tokyo');
      await countRollBack(trx, { ...use, redeemedAt: midnight }, 'Asia/Tokyo');
    });
    const { rows } = await sql`
      select day, used from coupon_daily where push_id = ${pushId} and slot < 16 order by day`.execute(db);
    expect(rows).toEqual([
      { day: '2026-12-01', used: 1 },
      { day: '2026-12-02', used: 0 },
    ]);
  });
});
