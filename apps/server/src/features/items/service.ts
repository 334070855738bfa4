import type { Category, Item } from '@coupon-push/contract/items.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { readShop } from '../shops/service.ts';
import {
  type CategoryRow,
  type ItemRow,
  type ItemSearch,
  lastRank,
  searchItems,
  selectCategories,
  selectItems,
  selectShopItems,
  selectTopItems,
} from './db.ts';
import { itemNoForms, searchWords } from './search-text.ts';

export interface ItemQuery extends Omit<ItemSearch, 'after' | 'words' | 'itemNos'> {
  keyword: string | undefined;
  itemNo: string | undefined;
  after: string | undefined;
}

/** Items on sale by sales rank, a page at a time. */
export async function listItems(
  db: Db | Trx,
  scope: SellerScope,
  query: ItemQuery,
  publicUrl: string,
): Promise<{ entries: Item[]; next: string | null }> {
  await readShop(db, scope);
  const { keyword = '', itemNo = '', after, limit, ...categories } = query;
  const rows = await searchItems(db, scope, {
    ...categories,
    words: searchWords(keyword),
    itemNos: itemNoForms(itemNo),
    after: parsePlace(after),
    limit: limit + 1,
  });
  const last = rows[limit - 1];
  const next = rows.length > limit && last ? `${last.sales_rank ?? lastRank}.${last.id}` : null;
  return { entries: rows.slice(0, limit).map((row) => toItem(row, publicUrl)), next };
}

/** A place in the list is `rank.id`; anything else starts from the top. */
function parsePlace(text: string | undefined): { rank: number; id: number } | undefined {
  const match = /^(\d{1,10})\.(\d{1,15})$/.exec(text ?? '');
  if (match === null) return undefined;
  return { rank: Math.min(Number(match[1]), lastRank), id: Number(match[2]) };
}

/** These items of the shop in the order of the ids; what is not this shop's or not on sale is left out. */
export async function readItems(
  db: Db | Trx,
  scope: SellerScope,
  ids: readonly number[],
  publicUrl: string,
): Promise<Item[]> {
  return inOrder(ids, await selectItems(db, scope, ids), publicUrl);
}

/** For the engine and the preview: the top items of a shop now. */
export async function topItems(db: Db | Trx, shopId: number, count: number, publicUrl: string): Promise<Item[]> {
  const rows = await selectTopItems(db, shopId, count);
  return rows.map((row) => toItem(row, publicUrl));
}

/** For the engine: items of a shop that are still on sale, in the seller's order. */
export async function itemsOfShop(
  db: Db | Trx,
  shopId: number,
  ids: readonly number[],
  publicUrl: string,
): Promise<Item[]> {
  return inOrder(ids, await selectShopItems(db, shopId, ids), publicUrl);
}

export async function listCategories(db: Db | Trx, scope: SellerScope): Promise<Category[]> {
  await readShop(db, scope);
  return toTree(await selectCategories(db, scope), null);
}

function toTree(rows: readonly CategoryRow[], parent: number | null): Category[] {
  return rows
    .filter((row) => row.parent_id === parent)
    .map((row) => ({ id: row.id, name: row.name, children: toTree(rows, row.id) }));
}

function inOrder(ids: readonly number[], rows: readonly ItemRow[], publicUrl: string): Item[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    return row === undefined ? [] : [toItem(row, publicUrl)];
  });
}

function toItem(row: ItemRow, publicUrl: string): Item {
  return {
    id: row.id,
    itemNo: row.item_no,
    name: row.name,
    priceMinor: row.price_minor,
    imageUrl: row.image_url ?? `${publicUrl}/items/${row.id}/picture`,
    salesRank: row.sales_rank,
  };
}
