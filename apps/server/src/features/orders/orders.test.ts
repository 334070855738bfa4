import { orderNumbers, orderPage } from '@coupon-push/contract/orders.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { createFellows, createOrders, type TestShop } from '../../../test/marketplace.ts';
import { readOrderFile } from '../compensation/order-file/read-order-file.ts';

let api: TestApi;
let shop: TestShop;
let other: TestShop;
let customers: number[];
let theirs: string[];

const day = (text: string) => new Date(`${text}T12:00:00+09:00`);

beforeAll(async () => {
  api = await TestApi.create();
  shop = await api.shop('はなみどり');
  other = await api.shop('よその店');
  const { db } = api.database;
  customers = (await createFellows(db, shop.shopId, { reachable: 4 })).reachable ?? [];
  await createOrders(db, shop.shopId, customers, { prefix: '000', orderedAt: day('2026-11-20'), state: 'delivered' });
  await createOrders(db, shop.shopId, customers, { prefix: 'B-', orderedAt: day('2026-11-21'), state: 'paid' });
  await createOrders(db, shop.shopId, customers.slice(0, 1), {
    prefix: '=1+',
    orderedAt: day('2026-11-22'),
    state: 'cancelled',
  });
  theirs = await createOrders(db, other.shopId, customers, { prefix: 'X-', orderedAt: day('2026-11-21') });
  await sql`update customer set login_id = 'Hamster77', email = 'Teruko@customers.example.com'
             where customer_id = ${customers[1]}`.execute(db);
  await sql`update customer set login_id = null, email = 'hana@customers.example.com'
             where customer_id = ${customers[2]}`.execute(db);
});
afterAll(() => api.close());

const get = (path: string, by: { email: string } = shop) =>
  api.request(by, 'GET', `/api/shops/${shop.shopId}/orders${path}`);
const list = async (query: Record<string, string> = {}) =>
  orderPage.parse((await get(`?${new URLSearchParams(query)}`)).body);
const numbers = async (query: Record<string, string> = {}) => (await list(query)).entries.map(({ orderNo }) => orderNo);

describe('the list of orders', () => {
  it('shows the shop’s orders, newest first, with whoever bought masked', async () => {
    const { entries } = await list();
    expect(entries).toHaveLength(9);
    expect(entries[0]).toEqual({
      orderNo: `=1+${customers[0]}`,
      orderedAt: '2026-11-22T03:00:00.000Z',
      totalMinor: 1000,
      state: 'cancelled',
      customer: 'log******',
    });
    expect(entries.map(({ customer }) => customer)).toContain('Ham******');
  });

  it('can be searched by date, state and number', async () => {
    expect(await numbers({ from: '2026-11-21', until: '2026-11-21' })).toHaveLength(4);
    expect(await numbers({ state: 'delivered' })).toHaveLength(4);
    expect(await numbers({ state: 'cancelled', until: '2026-11-21' })).toEqual([]);
    const one = `000${customers[3]}`;
    expect(await numbers({ orderNo: one })).toEqual([one]);
    expect(await numbers({ orderNo: ` ０００${customers[3]}\u3000` })).toEqual([one]);
    expect(await numbers({ orderNo: theirs[0] ?? '' })).toEqual([]);
    const [spaced = ''] = await createOrders(api.database.db, shop.shopId, customers.slice(0, 1), { prefix: 'C 1 ' });
    expect(await numbers({ orderNo: ` \u200b${spaced}\t` })).toEqual([spaced]);
    await sql`delete from customer_order where order_no = ${spaced}`.execute(api.database.db);
  });

  it('can be searched by customer: what the mask shows, or the whole of an ID or address', async () => {
    const hamster = [`B-${customers[1]}`, `000${customers[1]}`];
    for (const customer of ['ham', 'HAM', 'ham******', 'hamster77', 'teruko@customers.example.com']) {
      expect([customer, await numbers({ customer })]).toEqual([customer, hamster]);
    }
    expect(await numbers({ customer: 'ha' })).toHaveLength(4);
    expect(await numbers({ customer: 'hana@customers.example.com' })).toHaveLength(2);
  });

  it('gives away nothing that the mask hides: no part of an ID, and no wildcard, finds anybody', async () => {
    for (const customer of ['hams', 'hamster7', 'teruko', 'teruko@', '%', '___', 'h%', '@', 'hana@']) {
      expect([customer, await numbers({ customer })]).toEqual([customer, []]);
    }
  });

  it('can be read page by page, each order once', async () => {
    const whole = await numbers();
    for (const limit of ['1', '2', '4']) {
      const seen: string[] = [];
      for (let after: string | null = null; ; ) {
        const page: { entries: { orderNo: string }[]; next: string | null } = await list({
          limit,
          ...(after === null ? {} : { after }),
        });
        seen.push(...page.entries.map(({ orderNo }) => orderNo));
        after = page.next;
        if (after === null) break;
      }
      expect(seen).toEqual(whole);
    }
  });

  it('begins at its beginning for a place that is none', async () => {
    for (const after of ['1.5%00', '5.%00', '1e3', '.']) {
      expect([after, (await get(`?after=${after}`)).status]).toEqual([after, 200]);
    }
    expect(await numbers({ after: '1764000000000000.\0' })).toEqual(await numbers());
  });

  it('is the shop’s alone', async () => {
    for (const path of ['', '/numbers', '/export']) {
      expect((await get(path, other)).status).toBe(404);
      expect((await api.request(null, 'GET', `/api/shops/${shop.shopId}/orders${path}`)).status).toBe(401);
    }
  });

  it('gives the numbers of all it finds, to be compensated', async () => {
    const answer = orderNumbers.parse((await get('/numbers?state=paid')).body);
    expect(answer).toEqual({ orderNos: await numbers({ state: 'paid' }), more: false });
  });
});

describe('the file of orders', () => {
  it('is what the upload of a compensation takes: the same numbers come back from it', async () => {
    const answer = await api.server.inject({
      url: `/api/shops/${shop.shopId}/orders/export?state=delivered`,
      headers: { cookie: await api.cookieOf(shop.email) },
    });
    expect(answer.headers['content-disposition']).toContain(encodeURIComponent('はなみどり-注文-'));
    const file = await readOrderFile({ name: 'orders.xlsx', bytes: answer.rawPayload, shopId: shop.shopId });
    expect(file.column).toBe('A');
    expect(file.rows.map(({ orderNo }) => orderNo)).toEqual(await numbers({ state: 'delivered' }));
  });

  it('has no formula in it, whatever an order number looks like', async () => {
    const answer = await api.server.inject({
      url: `/api/shops/${shop.shopId}/orders/export?state=cancelled`,
      headers: { cookie: await api.cookieOf(shop.email) },
    });
    const file = await readOrderFile({ name: 'orders.xlsx', bytes: answer.rawPayload, shopId: shop.shopId });
    expect(file.rows.map(({ orderNo }) => orderNo)).toEqual([`=1+${customers[0]}`]);
  });
});
