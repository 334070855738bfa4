import { type SqlBool, sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';
import { ownedBy, type SellerScope } from '../../http/actor.ts';

export interface ItemRow {
  id: number;
  item_no: string;
  name: string;
  price_minor: number;
  image_url: string | null;
  sales_rank: number | null;
}

export interface ItemSearch {
  large: number | undefined;
  middle: number | undefined;
  small: number | undefined;
  /** Folded as item.search_text is. */
  keyword: string | undefined;
  itemNo: string | undefined;
  /** Below this place in (rank, id). */
  after: { rank: number; id: number } | undefined;
  limit: number;
}

/** Items without a rank come last: where ranks are compared they count as this. */
export const lastRank = 2_147_483_647;

const columns = [
  'item.id',
  'item.item_no',
  'item.name',
  'item.price_minor',
  'item.image_url',
  'item.sales_rank',
] as const;

/** Items on sale, by sales rank. */
export async function searchItems(db: Db | Trx, scope: SellerScope, search: ItemSearch): Promise<ItemRow[]> {
  const rank = sql<number>`coalesce(item.sales_rank, ${sql.lit(lastRank)})`;
  let query = db
    .selectFrom('item')
    .where(ownedBy(scope, 'item.shop_id'))
    .where('item.on_sale', '=', true)
    .select(columns);
  if (search.large !== undefined) query = query.where('item.large_category_id', '=', search.large);
  if (search.middle !== undefined) query = query.where('item.middle_category_id', '=', search.middle);
  if (search.small !== undefined) query = query.where('item.small_category_id', '=', search.small);
  if (search.itemNo !== undefined) query = query.where('item.item_no', '=', search.itemNo);
  if (search.keyword !== undefined) {
    query = query.where(sql<SqlBool>`strpos(item.search_text, ${search.keyword}) > 0`);
  }
  if (search.after !== undefined) {
    query = query.where(sql<SqlBool>`(${rank}, item.id) > (${search.after.rank}::int, ${search.after.id}::bigint)`);
  }
  return await query.orderBy(rank).orderBy('item.id').limit(search.limit).execute();
}

/** Those of the ids that are this shop's and on sale, in any order. */
export async function selectItems(db: Db | Trx, scope: SellerScope, ids: readonly number[]): Promise<ItemRow[]> {
  if (ids.length === 0) return [];
  return await db
    .selectFrom('item')
    .where(ownedBy(scope, 'item.shop_id'))
    .where('item.on_sale', '=', true)
    .where('item.id', 'in', ids)
    .select(columns)
    .execute();
}

/** For the engine at dispatch: the top items of a shop by sales rank (spec 3.5). */
export async function selectTopItems(db: Db | Trx, shopId: number, count: number): Promise<ItemRow[]> {
  return await db
    .selectFrom('item')
    .where('item.shop_id', '=', shopId)
    .where('item.on_sale', '=', true)
    .select(columns)
    .orderBy(sql`coalesce(item.sales_rank, ${sql.lit(lastRank)})`)
    .orderBy('item.id')
    .limit(count)
    .execute();
}

/** For the engine at dispatch: items of a shop by id, those still on sale. */
export async function selectShopItems(db: Db | Trx, shopId: number, ids: readonly number[]): Promise<ItemRow[]> {
  if (ids.length === 0) return [];
  return await db
    .selectFrom('item')
    .where('item.shop_id', '=', shopId)
    .where('item.on_sale', '=', true)
    .where('item.id', 'in', ids)
    .select(columns)
    .execute();
}

export interface CategoryRow {
  id: number;
  parent_id: number | null;
  name: string;
}

/** The categories in which this shop has items on sale, parents before children. */
export async function selectCategories(db: Db | Trx, scope: SellerScope): Promise<CategoryRow[]> {
  const { rows } = await sql<CategoryRow>`
    select category.id, category.parent_id, category.name
      from category
     where category.id in (
       select unnest(array[large_category_id, middle_category_id, small_category_id])
         from item
        where ${ownedBy(scope, 'item.shop_id')} and item.on_sale)
     order by category.level, category.name`.execute(db);
  return rows;
}

/** What a picture of an item is drawn from; items are public, so no scope. */
export async function selectItemForPicture(db: Db | Trx, itemId: number) {
  return await db
    .selectFrom('item')
    .leftJoin('category', 'category.id', 'item.large_category_id')
    .where('item.id', '=', itemId)
    .select(['item.name', 'item.item_no', 'item.image_url', 'category.name as category'])
    .executeTakeFirst();
}
