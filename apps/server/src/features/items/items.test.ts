import { categoryTree, itemPage } from '@coupon-push/contract/items.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import type { TestShop } from '../../../test/marketplace.ts';
import { searchText } from './search-text.ts';

let api: TestApi;
let shop: TestShop;
let other: TestShop;

beforeAll(async () => {
  api = await TestApi.create();
  shop = await api.shop('はなみどり');
  other = await api.shop('よその店');
  await sql`
    with large as (
      insert into category (level, name) values (1, '食器') returning id
    ), middle as (
      insert into category (level, parent_id, name) select 2, id, 'カップ' from large returning id
    ), small as (
      insert into category (level, parent_id, name) select 3, id, 'マグ' from middle returning id
    )
    insert into item (shop_id, item_no, name, search_text, price_minor, large_category_id, middle_category_id,
                      small_category_id)
    select ${shop.shopId}, 'MUG-1', 'ｶﾞﾗｽのＭＵＧ', ${searchText('ｶﾞﾗｽのＭＵＧ MUG-1')}, 1200, large.id, middle.id, small.id
      from large, middle, small`.execute(api.database.db);
  const bag = 'ABCカバン 가방';
  await sql`
    insert into item (shop_id, item_no, name, search_text, price_minor)
    values (${shop.shopId}, 'Bag-1', ${bag}, ${searchText(`${bag} Bag-1`)}, 900)`.execute(api.database.db);
});
afterAll(() => api.close());

async function items(query = '', of = shop) {
  const answer = await api.request(shop, 'GET', `/api/shops/${of.shopId}/items${query}`);
  return itemPage.parse(answer.body);
}

describe('the item search', () => {
  it('lists this shop’s items on sale by sales rank, page by page', async () => {
    const seen: (number | null)[] = [];
    let page = await items('?limit=8');
    seen.push(...page.entries.map((item) => item.salesRank));
    while (page.next !== null) {
      page = await items(`?limit=8&after=${page.next}`);
      seen.push(...page.entries.map((item) => item.salesRank));
    }
    expect(seen).toEqual([...Array.from({ length: 20 }, (_, i) => i + 1), null, null]);
  });

  it.each(['ガラス', 'ｶﾞﾗｽ', 'mug', 'ＭＵＧ', 'mug-1'])(
    'finds an item by the keyword %s, whatever its width or case',
    async (keyword) => {
      const page = await items(`?keyword=${encodeURIComponent(keyword)}`);
      expect(page.entries.map((item) => item.itemNo)).toEqual(['MUG-1']);
    },
  );

  it.each([
    'ｶﾊﾞﾝ',
    'カバン',
    'ｶ',
    'バン',
    'ＡＢＣ',
    'abc',
    '가방',
    '가방'.normalize('NFD'),
    '가',
    'ABC　가방',
    '가방 カバン',
    'BAG-1',
  ])('finds the bag by %s', async (keyword) => {
    const page = await items(`?keyword=${encodeURIComponent(keyword)}`);
    expect(page.entries.map((item) => item.itemNo)).toEqual(['Bag-1']);
  });

  it('finds an item that has all the words of a keyword, and none that has some', async () => {
    expect((await items(`?keyword=${encodeURIComponent('カバン マグ')}`)).entries).toEqual([]);
  });

  it.each(['Bag-1', 'Ｂａｇ－１', ' Bag-1 '])('finds the item of number %s', async (itemNo) => {
    const page = await items(`?itemNo=${encodeURIComponent(itemNo)}`);
    expect(page.entries.map((item) => item.itemNo)).toEqual(['Bag-1']);
  });

  it('takes the whole number, and a character that no text can have, for what they are', async () => {
    expect((await items('?itemNo=Bag')).entries).toEqual([]);
    expect((await items('?keyword=%00ABC')).entries.map((item) => item.itemNo)).toEqual(['Bag-1']);
    expect((await items('?itemNo=%00Bag-1')).entries.map((item) => item.itemNo)).toEqual(['Bag-1']);
  });

  it('takes % and _ in a keyword for what they are', async () => {
    expect((await items('?keyword=%25')).entries).toEqual([]);
    expect((await items('?keyword=_')).entries).toEqual([]);
  });

  it('narrows by three levels of category', async () => {
    const answer = await api.request(shop, 'GET', `/api/shops/${shop.shopId}/categories`);
    const { categories } = categoryTree.parse(answer.body);
    const [large] = categories;
    const [middle] = large?.children ?? [];
    const [small] = middle?.children ?? [];
    expect([large?.name, middle?.name, small?.name]).toEqual(['食器', 'カップ', 'マグ']);
    for (const query of [`large=${large?.id}`, `middle=${middle?.id}`, `small=${small?.id}`]) {
      expect((await items(`?${query}`)).entries.map((item) => item.itemNo)).toEqual(['MUG-1']);
    }
  });

  it('fetches chosen items again in their order, and never another shop’s', async () => {
    const [a, b, c] = shop.itemIds;
    const [foreign] = other.itemIds;
    const page = await items(`?ids=${c},${foreign},${a},${b}`);
    expect(page.entries.map((item) => item.id)).toEqual([c, a, b]);
    expect((await api.request(shop, 'GET', `/api/shops/${other.shopId}/items`)).status).toBe(404);
  });

  it('shows a picture also for an item that came without one', async () => {
    const [entry] = (await items('?itemNo=MUG-1')).entries;
    const answer = await api.request(null, 'GET', new URL(entry?.imageUrl ?? '').pathname);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('image/png');
  });
});
