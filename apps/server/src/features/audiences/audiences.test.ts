import { audienceSchema } from '@coupon-push/contract/audience.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { createFellows, type TestShop } from '../../../test/marketplace.ts';

let api: TestApi;
let shop: TestShop;
let customers: Record<string, number[]>;

beforeAll(async () => {
  api = await TestApi.create();
  shop = await api.shop('はなみどり');
  const counts = { reachable: 10, left: 1, unverified: 2, refused: 3, suppressed: 4, muted: 5 };
  customers = await createFellows(api.database.db, shop.shopId, counts);
  const other = await api.shop('よその店');
  await createFellows(api.database.db, other.shopId, { reachable: 7 });
});
afterAll(() => api.close());

async function audience(query = '') {
  const answer = await api.request(shop, 'GET', `/api/shops/${shop.shopId}/audience${query}`);
  return audienceSchema.parse(answer.body);
}

describe('the audience count', () => {
  it('is of this shop’s fellows, with the number held back per reason', async () => {
    expect(await audience()).toEqual({
      matching: 25,
      reachable: 10,
      heldBack: [
        { reason: 'left', customers: 1 },
        { reason: 'unverified', customers: 2 },
        { reason: 'refused', customers: 3 },
        { reason: 'suppressed', customers: 4 },
        { reason: 'muted', customers: 5 },
      ],
      estimate: true,
    });
  });

  it('follows the registration date, both days inclusive, in the marketplace’s zone', async () => {
    // Fellows of each kind registered at midnight in Tokyo, one a day from 1 January.
    expect(await audience('?from=2026-01-01&until=2026-01-01')).toMatchObject({ matching: 6, reachable: 1 });
    expect(await audience('?from=2026-01-02&until=2026-01-04')).toMatchObject({ matching: 12, reachable: 3 });
    expect(await audience('?from=2026-01-10')).toMatchObject({ matching: 1, reachable: 1, heldBack: [] });
    expect(await audience('?until=2025-12-31')).toMatchObject({ matching: 0, reachable: 0 });
  });

  it('changes when a customer refuses, and when they change their mind', async () => {
    const [one] = customers.reachable ?? [];
    const refuse = (refuses: boolean) =>
      sql`update customer set refuses_coupon_mail = ${refuses} where customer_id = ${one}`.execute(api.database.db);
    await refuse(true);
    expect(await audience()).toMatchObject({ matching: 25, reachable: 9 });
    await refuse(false);
    expect(await audience()).toMatchObject({ matching: 25, reachable: 10 });
  });

  it('agrees with what the customers themselves say', async () => {
    const { rows } = await sql<{ customers: number }>`
      select count(*) as customers
        from fellow join customer using (customer_id)
       where fellow.held_back is distinct from
             coalesce(customer.held_back, case when fellow.muted_at is not null then 'muted' end)`.execute(
      api.database.db,
    );
    expect(rows).toEqual([{ customers: 0 }]);
  });

  it('refuses a period that ends before it begins', async () => {
    const url = `/api/shops/${shop.shopId}/audience?from=2026-02-01&until=2026-01-01`;
    const answer = await api.request(shop, 'GET', url);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ fields: [{ field: 'until', code: 'until_before_from' }] });
  });
});
