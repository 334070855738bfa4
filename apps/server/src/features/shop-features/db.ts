import { sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';
import { ownedBy, type SellerScope } from '../../http/actor.ts';

export interface FeatureRow {
  id: number;
  title: string;
  starts_on: string | null;
  ends_on: string | null;
  items: number;
}

export interface FeatureValues {
  title: string;
  startsOn: string | null;
  endsOn: string | null;
  itemIds: readonly number[];
}

function features(db: Db | Trx, scope: SellerScope) {
  return db
    .selectFrom('shop_feature')
    .where(ownedBy(scope, 'shop_feature.shop_id'))
    .where('shop_feature.deleted_at', 'is', null)
    .select(['shop_feature.id', 'shop_feature.title', 'shop_feature.starts_on', 'shop_feature.ends_on'])
    .select((eb) =>
      eb
        .selectFrom('shop_feature_item')
        .innerJoin('item', 'item.id', 'shop_feature_item.item_id')
        .whereRef('shop_feature_item.feature_id', '=', 'shop_feature.id')
        .where('item.on_sale', '=', true)
        .select(sql<number>`count(*)`.as('items'))
        .as('items'),
    );
}

/** Newest first. */
export async function selectFeatures(db: Db | Trx, scope: SellerScope): Promise<FeatureRow[]> {
  return (await features(db, scope).orderBy('shop_feature.id', 'desc').execute()) as FeatureRow[];
}

/**
 * `hold` keeps the feature as it is until the transaction ends: an application that links to it and a change of it wait
 * for each other.
 */
export async function selectFeature(
  db: Db | Trx,
  scope: SellerScope,
  featureId: number,
  hold?: 'share' | 'update',
): Promise<FeatureRow | undefined> {
  let query = features(db, scope).where('shop_feature.id', '=', featureId);
  if (hold === 'share') query = query.forShare('shop_feature');
  if (hold === 'update') query = query.forUpdate('shop_feature');
  return (await query.executeTakeFirst()) as FeatureRow | undefined;
}

export async function selectFeatureItemIds(db: Db | Trx, featureId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('shop_feature_item')
    .where('feature_id', '=', featureId)
    .select('item_id')
    .orderBy('position')
    .execute();
  return rows.map((row) => row.item_id);
}

export async function insertFeature(
  trx: Trx,
  shopId: number,
  values: FeatureValues,
  now: Date,
): Promise<{ id: number }> {
  const feature = await trx
    .insertInto('shop_feature')
    .values({
      shop_id: shopId,
      title: values.title,
      starts_on: values.startsOn,
      ends_on: values.endsOn,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await writeItems(trx, feature.id, values.itemIds);
  return feature;
}

export async function updateFeature(
  trx: Trx,
  scope: SellerScope,
  featureId: number,
  values: FeatureValues,
): Promise<void> {
  await trx
    .updateTable('shop_feature')
    .set({ title: values.title, starts_on: values.startsOn, ends_on: values.endsOn })
    .where(ownedBy(scope, 'shop_feature.shop_id'))
    .where('shop_feature.id', '=', featureId)
    .execute();
  await trx.deleteFrom('shop_feature_item').where('feature_id', '=', featureId).execute();
  await writeItems(trx, featureId, values.itemIds);
}

async function writeItems(trx: Trx, featureId: number, itemIds: readonly number[]): Promise<void> {
  const rows = itemIds.map((itemId, index) => ({ feature_id: featureId, position: index + 1, item_id: itemId }));
  await trx.insertInto('shop_feature_item').values(rows).execute();
}

/** The first waiting push whose banner links to the feature. */
export async function selectWaitingPush(trx: Trx, featureId: number): Promise<{ id: number; slot: Date } | undefined> {
  return await trx
    .selectFrom('push')
    .where('link_feature_id', '=', featureId)
    .where('state', '=', 'waiting')
    .select(['id', 'slot'])
    .orderBy('slot')
    .executeTakeFirst();
}

/** Its row stays for the pushes that linked to it. */
export async function markDeleted(trx: Trx, scope: SellerScope, featureId: number, now: Date): Promise<void> {
  await trx
    .updateTable('shop_feature')
    .set({ deleted_at: now })
    .where(ownedBy(scope, 'shop_feature.shop_id'))
    .where('shop_feature.id', '=', featureId)
    .execute();
}

/** For everybody: the features of a shop that are shown on a day, newest first; or one of them. */
export async function selectShownFeatures(
  db: Db | Trx,
  shown: { shopId: number; day: string; featureId?: number },
): Promise<FeatureRow[]> {
  const one = shown.featureId === undefined ? sql`` : sql`and shop_feature.id = ${shown.featureId}`;
  const { rows } = await sql<FeatureRow>`
    select shop_feature.id, shop_feature.title, shop_feature.starts_on, shop_feature.ends_on, counted.items
      from shop_feature
     cross join lateral (
       select count(*) as items
         from shop_feature_item
         join item on item.id = shop_feature_item.item_id
        where shop_feature_item.feature_id = shop_feature.id and item.on_sale) as counted
     where shop_feature.shop_id = ${shown.shopId} and shop_feature.deleted_at is null ${one}
       and coalesce(shop_feature.starts_on, '-infinity') <= ${shown.day}::date
       and coalesce(shop_feature.ends_on, 'infinity') >= ${shown.day}::date
     order by shop_feature.id desc
     limit 100`.execute(db);
  return rows;
}
