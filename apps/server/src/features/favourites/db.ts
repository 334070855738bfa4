import { sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';
import type { CustomerScope } from '../../http/customer.ts';
import type { ShopPlace } from './rules.ts';

export interface ShopRow {
  shopId: number;
  shopNo: string;
  name: string;
}

export interface FavouriteRow extends ShopRow, ShopPlace {
  followedAt: Date;
  muted: boolean;
}

export async function selectShopByNo(db: Db | Trx, shopNo: string): Promise<ShopRow | undefined> {
  const { rows } = await sql<ShopRow>`
    select id as "shopId", shop_no as "shopNo", name from shop where shop_no = ${shopNo}`.execute(db);
  return rows[0];
}

/** Words are normalised (NFKC, lower case). Shops are a small table. */
export async function selectShopsByName(
  db: Db,
  words: readonly string[],
  limit: number,
): Promise<{ shopNo: string; name: string }[]> {
  let query = db.selectFrom('shop').select(['shop_no as shopNo', 'name']);
  for (const word of words) query = query.where(sql<boolean>`strpos(lower(normalize(name, nfkc)), ${word}) > 0`);
  return await query.orderBy('name').orderBy('id').limit(limit).execute();
}

/** The newest first. A customer follows few shops: all of them are read by the primary key. */
export async function selectFavourites(
  db: Db,
  scope: CustomerScope,
  { after, limit }: { after: ShopPlace | undefined; limit: number },
): Promise<FavouriteRow[]> {
  const beyond =
    after === undefined
      ? sql``
      : sql`and (fellow.registered_at, fellow.shop_id) <
                (timestamptz 'epoch' + ${after.micros} * interval '1 microsecond', ${after.shopId}::bigint)`;
  const { rows } = await sql<FavouriteRow>`
    select shop.id as "shopId", shop.shop_no as "shopNo", shop.name, fellow.registered_at as "followedAt",
           fellow.muted_at is not null as muted, (extract(epoch from fellow.registered_at) * 1000000)::bigint as micros
      from fellow
      join shop on shop.id = fellow.shop_id
     where fellow.customer_id = ${scope.customerId} ${beyond}
     order by fellow.registered_at desc, fellow.shop_id desc
     limit ${limit}`.execute(db);
  return rows;
}

export async function selectFollowing(
  db: Db | Trx,
  scope: CustomerScope,
  shopId: number,
): Promise<{ muted: boolean } | undefined> {
  const { rows } = await sql<{ muted: boolean }>`
    select muted_at is not null as muted from fellow
     where customer_id = ${scope.customerId} and shop_id = ${shopId}`.execute(db);
  return rows[0];
}

/**
 * Makes the customer a fellow; who is one already stays one, since when they were. The customer's row is held meanwhile: a
 * refusal at the same moment either is seen here, or finds the fellow to copy itself to.
 */
export async function insertFellow(trx: Trx, scope: CustomerScope, shopId: number, now: Date): Promise<void> {
  await sql`
    with held as (
      select customer_id, held_back from customer where customer_id = ${scope.customerId} for share
    )
    insert into fellow (customer_id, shop_id, registered_at, held_back)
    select customer_id, ${shopId}, ${now}, held_back from held
    on conflict do nothing`.execute(trx);
}

export async function deleteFellow(trx: Trx, scope: CustomerScope, shopId: number): Promise<void> {
  await sql`delete from fellow where customer_id = ${scope.customerId} and shop_id = ${shopId}`.execute(trx);
}
