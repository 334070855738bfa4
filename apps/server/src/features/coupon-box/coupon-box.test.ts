import { myCouponPage } from '@coupon-push/contract/my-page.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { issueCoupons } from '../../../test/issued-coupons.ts';
import { createFellows, type TestShop } from '../../../test/marketplace.ts';
import { signInCustomer, type TestCustomer } from '../../../test/my-page.ts';

const now = new Date('2026-11-25T03:00:00Z');
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);

let api: TestApi;
let shops: TestShop[];
let hanako: TestCustomer;
let other: TestCustomer;

beforeAll(async () => {
  api = await TestApi.create();
  api.clock.freeze(now);
  shops = await Promise.all(['さくら', '도쿄', 'Regent', 'a', 'b', 'c', 'd'].map((name) => api.shop(name)));
  const { db } = api.database;
  const { reachable = [] } = await createFellows(db, shop(0).shopId, { reachable: 2 });
  hanako = await signInCustomer(api, reachable[0] ?? 0);
  other = await signInCustomer(api, reachable[1] ?? 0);
});
afterAll(() => api.close());

const shop = (index: number): TestShop => {
  const one = shops[index];
  if (one === undefined) throw new Error('no such shop');
  return one;
};
const box = async (query = '', customer = hanako) =>
  myCouponPage.parse((await customer.request('GET', `/api/my/coupons${query}`)).body);

async function issue(index: number, issuedAt: Date, validUntil: Date) {
  return await issueCoupons(api.database.db, shop(index), [hanako.customerId], { issuedAt, validUntil });
}

describe('the coupon box', () => {
  it('shows what a customer has: terms, code, shop and where to use it', async () => {
    expect(await box()).toEqual({ entries: [], next: null });
    const push = await issue(0, inDays(-3), inDays(5));
    const { entries } = await box();
    expect(entries).toEqual([
      {
        code: push.codeOf(hanako.customerId),
        couponId: push.couponId,
        name: '500円引き',
        shop: { shopNo: push.shopNo, name: 'さくら' },
        state: 'usable',
        discount: { kind: 'amount', amountMinor: 500 },
        minPurchaseMinor: 1700,
        issuedAt: inDays(-3).toISOString(),
        validFrom: inDays(-3).toISOString(),
        validUntil: inDays(5).toISOString(),
        used: null,
        useUrl: `https://mall.example.com/shop/${push.shopNo}`,
      },
    ]);
  });

  it('has usable ones, soonest to expire first, and used and expired ones, latest first', async () => {
    const soon = await issue(1, inDays(-2), inDays(1));
    // Ends this very moment.
    const ended = await issue(2, inDays(-20), now);
    const endedBefore = await issue(3, inDays(-30), inDays(-1));
    const used = await issue(4, inDays(-4), inDays(9));
    const usedBefore = await issue(5, inDays(-40), inDays(-3));
    const use = async (pushId: number, at: Date, orderNo: string) =>
      api.database.db
        .updateTable('issued_coupon')
        .set({ used_at: at, used_order_no: orderNo, discount_minor: 500 })
        .where('push_id', '=', pushId)
        .execute();
    await use(used.pushId, inDays(-1), 'o-2');
    await use(usedBefore.pushId, inDays(-5), 'o-1');
    const codes = async (query: string) => (await box(query)).entries.map(({ code }) => code);
    const all = await box();
    expect(all.entries.map(({ validUntil }) => validUntil)).toEqual(
      [inDays(1), inDays(5)].map((at) => at.toISOString()),
    );
    expect(all.entries[0]?.code).toBe(soon.codeOf(hanako.customerId));
    expect(await codes('?state=expired')).toEqual([ended, endedBefore].map(({ codeOf }) => codeOf(hanako.customerId)));
    const usedOnes = await box('?state=used');
    expect(usedOnes.entries.map(({ used: use }) => use)).toEqual([
      { at: inDays(-1).toISOString(), orderNo: 'o-2', discountMinor: 500 },
      { at: inDays(-5).toISOString(), orderNo: 'o-1', discountMinor: 500 },
    ]);
  });

  it('is read in pages that miss nothing and repeat nothing', async () => {
    for (const state of ['usable', 'used', 'expired']) {
      const whole = await box(`?state=${state}`);
      const first = await box(`?state=${state}&limit=1`);
      expect(first.next).not.toBeNull();
      const second = await box(`?state=${state}&limit=1&after=${encodeURIComponent(first.next ?? '')}`);
      expect([...first.entries, ...second.entries]).toEqual(whole.entries);
      expect(second.next).toBeNull();
    }
    expect((await box('?after=nonsense')).entries).toHaveLength(2);
  });

  it('is nobody else’s', async () => {
    expect((await box('', other)).entries).toEqual([]);
    expect((await api.request(null, 'GET', '/api/my/coupons')).status).toBe(401);
    expect((await api.request(shop(0), 'GET', '/api/my/coupons')).status).toBe(401);
    expect((await hanako.request('GET', '/api/my/coupons?state=stolen')).status).toBe(400);
  });
});
