import { type ItemQuery, listCategories, listItems } from '../apps/server/src/features/items/service.ts';
import { createMarketplace, createShop } from '../apps/server/test/marketplace.ts';
import { type BenchDatabase, benchDatabase } from './database.ts';

export interface ItemsResult {
  items: number;
  [figure: string]: number;
}

const quick = { atMost: 100 };
export const bounds = {
  firstPageP95Ms: quick,
  keywordJaP95Ms: quick,
  keywordKoP95Ms: quick,
  keywordEnP95Ms: quick,
  keywordOneLetterP95Ms: quick,
  keywordOfNobodyP95Ms: quick,
  keywordInCategoryP95Ms: quick,
  categoryP95Ms: quick,
  itemNumberP95Ms: quick,
  categoriesP95Ms: quick,
};

/**
 * The item search of a shop with many items, beside another one with twice as many. What is looked for is rare: one item in
 * 5,000, or none; a keyword of many items is answered by the first of them.
 */
export async function run({ items = 100_000, rounds = 40 }: { items?: number; rounds?: number }): Promise<ItemsResult> {
  const bench = await benchDatabase();
  try {
    const { db } = bench.database;
    await createMarketplace(db);
    const shop = await createShop(db, 'Bench');
    const other = await createShop(db, 'Other');
    await createCategories(bench);
    await createItems(bench, shop.shopId, items);
    await createItems(bench, other.shopId, 2 * items);
    await bench.database.pool.query('vacuum analyze item');
    const scope = { userId: shop.userId, shopId: shop.shopId };
    const [large, middle, small] = await someCategories(bench);
    const search = (asked: Partial<ItemQuery>) => () =>
      listItems(db, scope, { ...everything, ...asked }, 'http://localhost');
    const cases: Record<string, () => Promise<unknown>> = {
      firstPage: search({}),
      keywordJa: search({ keyword: '限定ﾈｺ' }),
      keywordKo: search({ keyword: '한정고양이'.normalize('NFD') }),
      keywordEn: search({ keyword: 'ＲＡＲＥ cat' }),
      keywordOneLetter: search({ keyword: '猫' }),
      keywordOfNobody: search({ keyword: 'no such thing' }),
      keywordOfMany: search({ keyword: 'ｶﾊﾞﾝ' }),
      keywordInCategory: search({ large, middle, small, keyword: '限定' }),
      category: search({ large, middle, small }),
      itemNumber: search({ itemNo: `B${shop.shopId}-777` }),
      categories: () => listCategories(db, scope),
    };
    const figures: ItemsResult = { items };
    for (const [name, work] of Object.entries(cases)) {
      const times = await timed(rounds, work);
      figures[`${name}P50Ms`] = share(times, 0.5);
      figures[`${name}P95Ms`] = share(times, 0.95);
    }
    return figures;
  } finally {
    await bench.close();
  }
}

const everything: ItemQuery = {
  large: undefined,
  middle: undefined,
  small: undefined,
  keyword: undefined,
  itemNo: undefined,
  after: undefined,
  limit: 24,
};

/** 12 large categories of 8 middle ones of 8 small ones. */
async function createCategories({ database: { pool } }: BenchDatabase): Promise<void> {
  await pool.query(`
    insert into category (level, name) select 1, 'L' || n from generate_series(1, 12) n;
    insert into category (level, parent_id, name)
    select 2, id, 'M' || n from category, generate_series(1, 8) n where level = 1;
    insert into category (level, parent_id, name)
    select 3, id, 'S' || n from category, generate_series(1, 8) n where level = 2`);
}

async function someCategories({ database: { pool } }: BenchDatabase): Promise<number[]> {
  const { rows } = await pool.query<{ large: number; middle: number; small: number }>(`
    select m.parent_id as large, m.id as middle, s.id as small
      from category s
      join category m on m.id = s.parent_id
     where s.level = 3
     order by s.id
     limit 1`);
  return rows.flatMap(({ large, middle, small }) => [large, middle, small]);
}

/** Names in three languages; four of five have a rank, one of 5,000 is something rare. */
async function createItems({ database: { pool } }: BenchDatabase, shopId: number, count: number): Promise<void> {
  await pool.query(
    `
    with places as (
      select s.id as small, m.id as middle, m.parent_id as large,
             row_number() over (order by s.id) as place, count(*) over () as places
        from category s
        join category m on m.id = s.parent_id
       where s.level = 3
    )
    insert into item (shop_id, item_no, name, search_text, price_minor, sales_rank,
                      large_category_id, middle_category_id, small_category_id)
    select $1::bigint, 'B' || $1::bigint || '-' || n, named.name, named.name || ' b' || $1::bigint || '-' || n,
           n, case when n % 10 < 8 then n end, places.large, places.middle, places.small
      from generate_series(1, $2::int) n
     cross join lateral (
       select (array['カバン', 'ワンピース', 'マグカップ', '가방', '원피스', '머그컵', 'tote bag', 'dress', 'mug'])[1 + n * 7 % 9]
              || ' ' || (array['赤', '青', '白', '검정', '하얀', 'red', 'blue', 'white', '黒'])[1 + n * 5 % 9]
              || ' ' || (array['春', '夏', '秋', '冬', '봄', '여름', 'spring', 'summer', 'autumn'])[1 + n % 9]
              || 'モデル' || n
              || case when n % 5000 = 0 then ' 限定ネコ 한정고양이 cat (rare)' else '' end as name) named
      join places on places.place = 1 + n % places.places`,
    [shopId, count],
  );
}

async function timed(rounds: number, work: () => Promise<unknown>): Promise<number[]> {
  await work();
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b);
}

function share(sorted: readonly number[], part: number): number {
  return sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
}
