import type { RedeemRequest } from '@coupon-push/contract/redemptions.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkDailyCounters } from '../../../test/books.ts';
import { type CheckoutAct, type CheckoutOutcome, Checkouts } from '../../../test/checkouts.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { couponSecret, type IssuedPush, issueCoupons } from '../../../test/issued-coupons.ts';
import { createFellows, createMarketplace, createShop } from '../../../test/marketplace.ts';
import { terms } from '../../../test/waiting-push.ts';

let database: TestDatabase;
let checkouts: Checkouts;

beforeAll(async () => {
  database = await createTestDatabase();
  await createMarketplace(database.db);
  checkouts = await Checkouts.start(database.url, couponSecret);
});
afterAll(async () => {
  await checkouts.stop();
  await database.drop();
});

let orders = 0;
function newOrder(): string {
  orders += 1;
  return `order ${orders}`;
}

async function issued(customers: number, options: Parameters<typeof issueCoupons>[3] = {}) {
  const shop = await createShop(database.db, 'はなみどり');
  const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: customers });
  return { push: await issueCoupons(database.db, shop, reachable, options), customers: reachable };
}

function redeeming(push: IssuedPush, customerId: number, more: Partial<RedeemRequest> = {}): CheckoutAct {
  const cart = { customerNo: `c${customerId}`, shopNo: push.shopNo, cartMinor: 2000, currency: 'JPY' };
  return { redeem: { ...cart, couponCode: push.codeOf(customerId), orderNo: newOrder(), ...more } };
}

function tally(outcomes: readonly CheckoutOutcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

const winnersOf = (outcomes: readonly CheckoutOutcome[]) => outcomes.filter(({ outcome }) => outcome === 'done');

/**
 * The books of a push's coupons: each that is used has one redemption that stands, by the order on it; the shop coupon's
 * counters and those of the results say the same. Returns how many are used, and what they took off.
 */
async function checkUse({ pushId, couponId }: IssuedPush): Promise<{ used: number; spentMinor: number }> {
  const { rows } = await sql<{ used: number; standing: number; agreeing: number; spentMinor: number }>`
    select count(*) filter (where issued_coupon.used_at is not null) as used, count(redemption.order_no) as standing,
           count(*) filter (where issued_coupon.used_order_no = redemption.order_no
                              and issued_coupon.discount_minor = redemption.discount_minor) as agreeing,
           coalesce(sum(redemption.discount_minor), 0)::bigint as "spentMinor"
      from issued_coupon
      full join (select * from redemption where rolled_back_at is null) redemption
        on redemption.customer_id = issued_coupon.customer_id and redemption.push_id = issued_coupon.push_id
     where coalesce(issued_coupon.push_id, redemption.push_id) = ${pushId}`.execute(database.db);
  const [{ used = 0, standing = 0, agreeing = 0, spentMinor = 0 } = {}] = rows;
  expect([standing, agreeing]).toEqual([used, used]);
  await checkDailyCounters(database.db, pushId);
  const coupon = await database.db
    .selectFrom('coupon')
    .where('id', '=', couponId)
    .selectAll()
    .executeTakeFirstOrThrow();
  const limited = coupon.use_limit !== null || coupon.budget_minor !== null;
  expect([coupon.used_count, coupon.spent_minor]).toEqual(limited ? [used, spentMinor] : [0, 0]);
  return { used, spentMinor };
}

describe('hundreds of checkouts in several processes that race, each with an order of its own', () => {
  it('for one coupon: exactly one wins, and again after it is rolled back', async () => {
    const { push, customers } = await issued(1);
    const [customer = 0] = customers;
    for (let round = 0; round < 3; round += 1) {
      const outcomes = await checkouts.race(Array.from({ length: 300 }, () => redeeming(push, customer)));
      expect(tally(outcomes)).toEqual({ done: 1, coupon_used: 299 });
      expect(await checkUse(push)).toEqual({ used: 1, spentMinor: 500 });
      const [winner] = winnersOf(outcomes);
      await checkouts.race([{ rollBack: winner?.orderNo ?? '' }]);
      expect(await checkUse(push)).toEqual({ used: 0, spentMinor: 0 });
    }
  });

  it('for one coupon while its winners keep rolling back: never two at once, and the books agree', async () => {
    const { push, customers } = await issued(1);
    const [customer = 0] = customers;
    let rolledBack: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      const acts = Array.from({ length: 60 }, () => redeeming(push, customer));
      const backs = rolledBack.flatMap((orderNo): CheckoutAct[] => [{ rollBack: orderNo }, { rollBack: orderNo }]);
      const outcomes = await checkouts.race([...acts, ...backs]);
      const used = winnersOf(outcomes).map(({ orderNo }) => orderNo);
      expect(Object.keys(tally(outcomes)).filter((code) => !['done', 'coupon_used'].includes(code))).toEqual([]);
      await checkUse(push);
      rolledBack = used;
    }
  });

  it('for a coupon that may be used ten times in all: exactly ten, and as many more as were rolled back', async () => {
    const { push, customers } = await issued(200, { terms: { ...terms, useLimit: 10 } });
    const first = await checkouts.race(customers.map((customer) => redeeming(push, customer)));
    expect(tally(first)).toEqual({ done: 10, coupon_limit_reached: 190 });
    expect(await checkUse(push)).toEqual({ used: 10, spentMinor: 5000 });
    const backs = winnersOf(first).slice(0, 3);
    await checkouts.race(backs.flatMap(({ orderNo }): CheckoutAct[] => [{ rollBack: orderNo }, { rollBack: orderNo }]));
    expect((await checkUse(push)).used).toBe(7);
    const again = await checkouts.race(customers.map((customer) => redeeming(push, customer)));
    expect(winnersOf(again)).toHaveLength(3);
    expect((await checkUse(push)).used).toBe(10);
  });

  it('for a coupon with a budget: what it takes off in all comes as close as it can and never beyond', async () => {
    const percent = { kind: 'percent', percent: 10, maxAmountMinor: null } as const;
    const budgetMinor = 20_000;
    const { push, customers } = await issued(200, { terms: { ...terms, discount: percent, budgetMinor } });
    const outcomes = await checkouts.race(
      customers.map((customer, n) => redeeming(push, customer, { cartMinor: 2000 + 37 * n })),
    );
    expect(Object.keys(tally(outcomes)).sort()).toEqual(['coupon_budget_used_up', 'done']);
    const { spentMinor } = await checkUse(push);
    expect(spentMinor).toBe(winnersOf(outcomes).reduce((sum, { discountMinor }) => sum + discountMinor, 0));
    expect(spentMinor).toBeLessThanOrEqual(budgetMinor);
    // Whoever was refused would have gone beyond; the largest of these discounts is 936.
    expect(spentMinor).toBeGreaterThan(budgetMinor - 936);
  });

  it('for many coupons at once: every one is used', async () => {
    const { push, customers } = await issued(300);
    const outcomes = await checkouts.race(customers.map((customer) => redeeming(push, customer)));
    expect(tally(outcomes)).toEqual({ done: 300 });
    expect(await checkUse(push)).toEqual({ used: 300, spentMinor: 150_000 });
  });
});

describe('one order number that is sent many times at once', () => {
  it('with the same coupon uses it once, and gets the same answer each time', async () => {
    const { push, customers } = await issued(1);
    const [customer = 0] = customers;
    const same = redeeming(push, customer);
    const outcomes = await checkouts.race(Array.from({ length: 90 }, () => same));
    expect(tally(outcomes)).toEqual({ done: 90 });
    expect(new Set(outcomes.map(({ discountMinor }) => discountMinor))).toEqual(new Set([500]));
    expect((await checkUse(push)).used).toBe(1);
  });

  it('with different coupons uses one of them', async () => {
    const { push, customers } = await issued(90, { terms: { ...terms, useLimit: 50 } });
    const orderNo = newOrder();
    const outcomes = await checkouts.race(customers.map((customer) => redeeming(push, customer, { orderNo })));
    expect(tally(outcomes)).toEqual({ done: 1, order_has_redemption: 89 });
    expect((await checkUse(push)).used).toBe(1);
  });

  it('to redeem and to roll back ends rolled back, whichever comes first, and frees the coupon', async () => {
    const { push, customers } = await issued(60, { terms: { ...terms, useLimit: 60 } });
    const acts = customers.map((customer) => redeeming(push, customer));
    const backs = acts.map((act): CheckoutAct => ({ rollBack: 'redeem' in act ? act.redeem.orderNo : '' }));
    const outcomes = await checkouts.race(acts.flatMap((act, n) => [act, backs[n] ?? act]));
    expect(Object.keys(tally(outcomes)).filter((code) => !['done', 'order_rolled_back'].includes(code))).toEqual([]);
    expect(await checkUse(push)).toEqual({ used: 0, spentMinor: 0 });
    expect(tally(await checkouts.race(acts))).toEqual({ order_rolled_back: 60 });
    expect(tally(await checkouts.race(customers.map((customer) => redeeming(push, customer))))).toEqual({ done: 60 });
  });
});
