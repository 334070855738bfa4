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
  /** Each folded as item.search_text is; an item has them all. */
  words: readonly string[];
  /** As the number may be written; empty: any item. */
  itemNos: readonly string[];
  /** Below this place in (rank, id). */
  after: { rank: number; id: number } | undefined;
  limit: number;
}

/** Items without a rank come last: where ranks are compared they count as this. */
export const lastRank = 2_147_483_647;

/** Written as in the indexes item_order and item_category, or they are not used. */
const rank = sql<number>`coalesce(item.sales_rank, ${sql.lit(lastRank)})`;

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
  let query = db
    .selectFrom('item')
    .where(ownedBy(scope, 'item.shop_id'))
    .where('item.on_sale', '=', true)
    .select(columns);
  if (search.large !== undefined) query = query.where('item.large_category_id', '=', search.large);
  if (search.middle !== undefined) query = query.where('item.middle_category_id', '=', search.middle);
  if (search.small !== undefined) query = query.where('item.small_category_id', '=', search.small);
  if (search.itemNos.length > 0) query = query.where('item.item_no', 'in', search.itemNos);
  for (const word of search.words) query = query.where(sql<SqlBool>`strpos(item.search_text, ${word}) > 0`);
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
    .orderBy(rank)
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

/**
 * The categories in which this shop has items on sale, parents before children. Goes down the tree and asks the index for
 * one item of each: cheaper than reading the items, of which there are many more.
 */
export async function selectCategories(db: Db | Trx, scope: SellerScope): Promise<CategoryRow[]> {
  const { rows } = await sql<CategoryRow>`
    with recursive used as (
      select category.id, category.parent_id, category.level, category.name, shop.id as shop_id
        from shop
        join category on category.level = 1
       where ${ownedBy(scope, 'shop.id')}
         and exists (
           select from item
            where item.shop_id = shop.id and item.on_sale and item.large_category_id = category.id)
      union all
      select child.id, child.parent_id, child.level, child.name, used.shop_id
        from used
        join category child on child.parent_id = used.id
       where case child.level
             when 2 then exists (
               select from item
                where item.shop_id = used.shop_id and item.on_sale
                  and item.large_category_id = used.id and item.middle_category_id = child.id)
             else exists (
               select from item
                where item.shop_id = used.shop_id and item.on_sale
                  and item.large_category_id = used.parent_id and item.middle_category_id = used.id
                  and item.small_category_id = child.id)
             end
    )
    select id, parent_id, name from used order by level, name`.execute(db);
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
