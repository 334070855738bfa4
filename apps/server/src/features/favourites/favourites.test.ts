import { foundShops, myShopPage, shopFeaturePage, shopPageSchema } from '@coupon-push/contract/my-page.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { createFellows, type TestShop } from '../../../test/marketplace.ts';
import { signInCustomer, type TestCustomer } from '../../../test/my-page.ts';
import { changeChoices } from '../consents/service.ts';

const now = new Date('2026-11-25T03:00:00Z');
const said = { how: 'my_page', source: 'my page', at: now };

let api: TestApi;
let shop: TestShop;
let shopNo: string;
let url: string;
let hanako: TestCustomer;

beforeAll(async () => {
  api = await TestApi.create();
});
afterAll(() => api.close());

beforeEach(async () => {
  api.clock.freeze(now);
  shop = await api.shop('さくら');
  shopNo = await numberOf(shop);
  url = `/api/my/shops/${shopNo}`;
  const elsewhere = await api.shop('別の店');
  const { reachable = [] } = await createFellows(api.database.db, elsewhere.shopId, { reachable: 1 });
  hanako = await signInCustomer(api, reachable[0] ?? 0);
  await hanako.request('DELETE', `/api/my/shops/${await numberOf(elsewhere)}`);
});

async function numberOf({ shopId }: TestShop): Promise<string> {
  const { db } = api.database;
  return (await db.selectFrom('shop').where('id', '=', shopId).select('shop_no').executeTakeFirstOrThrow()).shop_no;
}

async function fellow() {
  return await api.database.db
    .selectFrom('fellow')
    .where('customer_id', '=', hanako.customerId)
    .where('shop_id', '=', shop.shopId)
    .select(['registered_at', 'muted_at', 'held_back'])
    .executeTakeFirst();
}

async function muteRecords() {
  return await api.database.db
    .selectFrom('consent_record')
    .where('customer_id', '=', hanako.customerId)
    .where('kind', '=', 'shop')
    .select(['shop_id', 'given', 'how', 'recorded_at'])
    .orderBy('id')
    .execute();
}

describe('following a shop', () => {
  it('makes a fellow, registered at that moment, once', async () => {
    expect(await hanako.request('PUT', url)).toMatchObject({ status: 200, body: { followed: true, muted: false } });
    api.clock.freeze(new Date('2026-11-26T03:00:00Z'));
    await Promise.all([hanako.request('PUT', url), hanako.request('PUT', url)]);
    expect(await fellow()).toEqual({ registered_at: now, muted_at: null, held_back: null });
    const { entries } = myShopPage.parse((await hanako.request('GET', '/api/my/shops')).body);
    expect(entries).toEqual([{ shopNo, name: 'さくら', followedAt: now.toISOString(), muted: false }]);
  });

  it('ends when the customer wants, and begins anew', async () => {
    await hanako.request('PUT', url);
    expect((await hanako.request('DELETE', url)).body).toEqual({ followed: false, muted: false });
    expect((await hanako.request('DELETE', url)).status).toBe(200);
    expect(await fellow()).toBeUndefined();
    const later = new Date('2026-11-27T03:00:00Z');
    api.clock.freeze(later);
    await hanako.request('PUT', url);
    expect(await fellow()).toMatchObject({ registered_at: later });
  });

  it('keeps back who refuses, also when both happen at once', async () => {
    const { customerId } = hanako;
    await Promise.all([
      hanako.request('PUT', url),
      changeChoices(api.database.db, { customerId, ...said }, { couponMail: false }),
    ]);
    expect(await fellow()).toMatchObject({ held_back: 'refused' });
    await changeChoices(api.database.db, { customerId, ...said }, { couponMail: true });
    expect(await fellow()).toMatchObject({ held_back: null });
  });

  it('is listed newest first, in pages', async () => {
    const shops = await Promise.all(['a', 'b', 'c'].map((name) => api.shop(name)));
    const numbers = await Promise.all(shops.map(numberOf));
    for (const [index, number] of numbers.entries()) {
      api.clock.freeze(new Date(now.getTime() + Math.min(index, 1) * 1000));
      await hanako.request('PUT', `/api/my/shops/${number}`);
    }
    const page = async (query: string) => myShopPage.parse((await hanako.request('GET', `/api/my/shops${query}`)).body);
    const whole = await page('');
    expect(whole.entries.map(({ name }) => name)).toEqual(['c', 'b', 'a']);
    const first = await page('?limit=2');
    const second = await page(`?limit=2&after=${first.next}`);
    expect([...first.entries, ...second.entries]).toEqual(whole.entries);
    expect(second.next).toBeNull();
  });

  it('is possible for shops that are there, and for who is signed in', async () => {
    expect((await hanako.request('PUT', '/api/my/shops/none')).status).toBe(404);
    expect((await hanako.request('PUT', '/api/my/shops/a%00b')).status).toBe(400);
    expect((await api.request(null, 'PUT', url)).status).toBe(401);
    expect((await api.request(shop, 'PUT', url)).status).toBe(401);
  });
});

describe('muting a shop', () => {
  it('holds the fellow back from that shop alone, and is recorded with its end', async () => {
    await hanako.request('PUT', url);
    const mute = () => hanako.request('PUT', `${url}/mute`);
    await Promise.all([mute(), mute(), mute()]);
    expect(await fellow()).toEqual({ registered_at: now, muted_at: now, held_back: 'muted' });
    expect((await hanako.request('DELETE', `${url}/mute`)).body).toEqual({ followed: true, muted: false });
    expect(await fellow()).toMatchObject({ muted_at: null, held_back: null });
    const record = { shop_id: shop.shopId, how: 'my_page', recorded_at: now };
    expect(await muteRecords()).toEqual([
      { ...record, given: false },
      { ...record, given: true },
    ]);
  });

  it('leaves a stronger reason as it is, at whatever moment that comes', async () => {
    const { customerId } = hanako;
    await hanako.request('PUT', url);
    await Promise.all([
      hanako.request('PUT', `${url}/mute`),
      changeChoices(api.database.db, { customerId, ...said }, { couponMail: false }),
    ]);
    expect(await fellow()).toMatchObject({ held_back: 'refused' });
    await changeChoices(api.database.db, { customerId, ...said }, { couponMail: true });
    expect(await fellow()).toMatchObject({ held_back: 'muted' });
  });

  it('is for shops that one follows', async () => {
    expect((await hanako.request('PUT', `${url}/mute`)).status).toBe(404);
    expect(await muteRecords()).toEqual([]);
  });
});

describe('the search for shops', () => {
  const names = async (name: string) => {
    const { body } = await api.request(null, 'GET', `/api/my/shop-search?name=${encodeURIComponent(name)}`);
    return foundShops.parse(body).shops.map((one) => one.name);
  };

  it('finds shops by words of their name, whatever their width and case', async () => {
    await api.shop('Ｂlue Ｔea 工房');
    expect(await names('blue')).toEqual(['Ｂlue Ｔea 工房']);
    expect(await names('工房 ｔｅａ')).toEqual(['Ｂlue Ｔea 工房']);
    expect(await names('blue coffee')).toEqual([]);
    expect(await names('%')).toEqual([]);
  });

  it('refuses a name that no shop can have, and does not fail over it', async () => {
    const answer = await api.request(null, 'GET', '/api/my/shop-search?name=a%00');
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('shows some before anything is typed', async () => {
    expect(await names('')).toContain('さくら');
  });
});

describe('a shop’s page', () => {
  const feature = async (body: object) => {
    const answer = await api.request(shop, 'POST', `/api/shops/${shop.shopId}/features`, { body });
    return (answer.body as { id: number }).id;
  };

  it('shows best items and what is on, and how the customer stands to it', async () => {
    await hanako.request('PUT', url);
    const period = { startsOn: '2026-11-25', endsOn: '2026-11-25' };
    const today = await feature({ title: '今日だけ', ...period, itemIds: shop.itemIds.slice(2, 5).toReversed() });
    const later = await feature({
      title: 'later',
      startsOn: '2026-11-26',
      endsOn: null,
      itemIds: shop.itemIds.slice(0, 1),
    });
    const page = shopPageSchema.parse((await hanako.request('GET', url)).body);
    expect(page).toMatchObject({
      shop: { shopNo, name: 'さくら', url: `https://mall.example.com/shop/${shopNo}` },
      following: { followed: true, muted: false },
      features: [{ id: today, title: '今日だけ', endsOn: '2026-11-25', items: 3 }],
    });
    expect(page.items.map(({ salesRank }) => salesRank)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(page.items[0]?.url).toBe(`https://mall.example.com/shop/${shopNo}/item/${shop.shopId}-1`);
    const shown = shopFeaturePage.parse((await hanako.request('GET', `${url}/features/${today}`)).body);
    expect(shown.chosenItems.map(({ id }) => id)).toEqual(shop.itemIds.slice(2, 5).toReversed());
    expect((await hanako.request('GET', `${url}/features/${later}`)).status).toBe(404);
    const other = await numberOf(await api.shop('他'));
    expect((await hanako.request('GET', `/api/my/shops/${other}/features/${today}`)).status).toBe(404);
  });

  it('is shown to everybody: banners and e-mails lead there', async () => {
    const page = shopPageSchema.parse((await api.request(null, 'GET', url)).body);
    expect(page.following).toBeNull();
    expect((await api.request(null, 'GET', '/api/my/shops/none')).status).toBe(404);
  });
});
