import { fellowPage, fellowSummary } from '@coupon-push/contract/fellows.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { createFellows, type TestShop } from '../../../test/marketplace.ts';

let api: TestApi;
let shop: TestShop;
let other: TestShop;

beforeAll(async () => {
  api = await TestApi.create();
  shop = await api.shop('はなみどり');
  other = await api.shop('よその店');
  // Of each kind one a day from 1 January, at midnight in Tokyo.
  await createFellows(api.database.db, shop.shopId, { reachable: 10, left: 1, muted: 3 });
  await createFellows(api.database.db, other.shopId, { reachable: 7 });
});
afterAll(() => api.close());

const get = (path: string, of = shop, by: { email: string } = shop) =>
  api.request(by, 'GET', `/api/shops/${of.shopId}/fellows${path}`);
const list = async (query = '') => fellowPage.parse((await get(query)).body);

async function everyone(limit: number): Promise<string[]> {
  const seen: string[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const page: { entries: { registeredAt: string; customer: string }[]; next: string | null } = await list(
      `?limit=${limit}${after === '' ? '' : `&after=${after}`}`,
    );
    seen.push(...page.entries.map(({ registeredAt }) => registeredAt));
    after = page.next;
  }
  return seen;
}

describe('the list of fellows', () => {
  it('shows who registered when, newest first, masked, with the reason that holds somebody back', async () => {
    const { entries } = await list();
    expect(entries).toHaveLength(14);
    expect(entries[0]).toMatchObject({ registeredAt: '2026-01-09T15:00:00.000Z', heldBack: null });
    expect(entries.every(({ customer }) => /^log\*{6}$/.test(customer))).toBe(true);
    expect(entries.filter(({ heldBack }) => heldBack === 'muted')).toHaveLength(3);
    expect(entries.filter(({ heldBack }) => heldBack === 'left')).toHaveLength(1);
  });

  it('can be read page by page, everybody once, also where several registered at the same moment', async () => {
    const whole = await everyone(100);
    expect(whole).toEqual(whole.toSorted().toReversed());
    for (const limit of [1, 2, 5]) expect(await everyone(limit)).toEqual(whole);
  });

  it('is not disturbed by who registers while it is being read', async () => {
    const first = await list('?limit=5');
    const [newcomer] = (await createFellows(api.database.db, shop.shopId, { reachable: 1 })).reachable ?? [];
    await sql`update fellow set registered_at = '2026-03-01' where customer_id = ${newcomer}`.execute(api.database.db);
    const second = await list(`?limit=5&after=${first.next}`);
    expect(Date.parse(second.entries[0]?.registeredAt ?? '')).toBeLessThanOrEqual(
      Date.parse(first.entries.at(-1)?.registeredAt ?? ''),
    );
    await sql`delete from fellow where customer_id = ${newcomer}`.execute(api.database.db);
  });

  it('follows the period, both days inclusive, in the marketplace’s zone', async () => {
    expect((await list('?from=2026-01-01&until=2026-01-01')).entries).toHaveLength(3);
    expect((await list('?from=2026-01-09')).entries).toHaveLength(2);
    expect((await list('?until=2025-12-31')).entries).toEqual([]);
    expect((await get('?from=2026-02-01&until=2026-01-01')).status).toBe(400);
  });

  it('begins at its beginning for a place that is none', async () => {
    const { entries } = await list();
    for (const after of ['x', '1', '1.', "1.1'; drop table fellow", '99999999999999999.1']) {
      expect((await list(`?after=${encodeURIComponent(after)}`)).entries).toEqual(entries);
    }
  });

  it('is the shop’s alone', async () => {
    expect((await get('', shop, other)).status).toBe(404);
    expect((await get('/summary?from=2026-01-01&until=2026-01-02', shop, other)).status).toBe(404);
    expect((await api.request(null, 'GET', `/api/shops/${shop.shopId}/fellows`)).status).toBe(401);
  });
});

describe('the summary of fellows', () => {
  it('counts all of them, and the new ones of each day of the period', async () => {
    const summary = fellowSummary.parse((await get('/summary?from=2025-12-31&until=2026-01-04')).body);
    expect(summary).toEqual({
      total: 14,
      reachable: 10,
      heldBack: [
        { reason: 'left', customers: 1 },
        { reason: 'muted', customers: 3 },
      ],
      days: [
        { day: '2025-12-31', fellows: 0 },
        { day: '2026-01-01', fellows: 3 },
        { day: '2026-01-02', fellows: 2 },
        { day: '2026-01-03', fellows: 2 },
        { day: '2026-01-04', fellows: 1 },
      ],
    });
  });

  it('is of a year and a day at most', async () => {
    expect((await get('/summary?from=2024-01-01&until=2024-12-31')).status).toBe(200);
    const answer = await get('/summary?from=2024-01-01&until=2025-01-01');
    expect(answer.body).toMatchObject({
      fields: [{ field: 'until', code: 'period_too_long', params: { maximum: 366 } }],
    });
  });
});
