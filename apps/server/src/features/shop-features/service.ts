import type { FeatureDetail, FeatureWrite, ShopFeature } from '@coupon-push/contract/features.ts';
import { isShownOn } from '@coupon-push/contract/shop-limits.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { AppError, found } from '../../lib/app-error.ts';
import { dayOf } from '../../lib/zoned-time.ts';
import { readItems } from '../items/service.ts';
import { fillLink, readMarketplace } from '../marketplace/service.ts';
import { readShop } from '../shops/service.ts';
import {
  type FeatureRow,
  insertFeature,
  markDeleted,
  selectFeature,
  selectFeatureItemIds,
  selectFeatures,
  selectShownFeatures,
  selectWaitingPush,
  updateFeature,
} from './db.ts';
import { featureState } from './rules.ts';

/** Newest first. */
export async function listFeatures(db: Db | Trx, scope: SellerScope, now: Date): Promise<ShopFeature[]> {
  await readShop(db, scope);
  const today = await todayOf(db, now);
  return (await selectFeatures(db, scope)).map((row) => toFeature(row, today));
}

/** @throws AppError not_found, also for another shop's feature. */
export async function readFeature(
  db: Db | Trx,
  scope: SellerScope,
  featureId: number,
  { now, publicUrl }: { now: Date; publicUrl: string },
): Promise<FeatureDetail> {
  const row = found(await selectFeature(db, scope, featureId));
  const { shopNo } = await readShop(db, scope);
  const { featureUrlTemplate } = await readMarketplace(db);
  const itemIds = await selectFeatureItemIds(db, featureId);
  return {
    ...toFeature(row, await todayOf(db, now)),
    chosenItems: await readItems(db, scope, itemIds, publicUrl),
    url: fillLink(featureUrlTemplate, { shop: shopNo, feature: String(featureId) }),
  };
}

/** @throws AppError item_not_found at `itemIds` */
export async function createFeature(
  trx: Trx,
  scope: SellerScope,
  feature: FeatureWrite,
  context: { now: Date; publicUrl: string },
): Promise<FeatureDetail> {
  await readShop(trx, scope);
  await checkItems(trx, scope, feature.itemIds, context.publicUrl);
  const { id } = await insertFeature(trx, scope.shopId, feature, context.now);
  return await readFeature(trx, scope, id, context);
}

/**
 * Changes title, period and items. A waiting push that links to the feature shows it as it is then; its day has to stay
 * within the period.
 * @throws AppError not_found, item_not_found at `itemIds`, feature_in_use (with the push) at `endsOn`
 */
export async function changeFeature(
  trx: Trx,
  scope: SellerScope,
  featureId: number,
  feature: FeatureWrite,
  context: { now: Date; publicUrl: string },
): Promise<FeatureDetail> {
  const before = found(await selectFeature(trx, scope, featureId, 'update'));
  // What has gone off sale since stays in the feature, as it does when nobody changes it.
  const kept = new Set(await selectFeatureItemIds(trx, before.id));
  const added = feature.itemIds.filter((itemId) => !kept.has(itemId));
  await checkItems(trx, scope, added, context.publicUrl);
  const push = await selectWaitingPush(trx, featureId);
  if (push !== undefined) {
    const { zone } = await readMarketplace(trx);
    if (!isShownOn(feature, dayOf(push.slot, zone))) throw inUse(push, 'endsOn');
  }
  await updateFeature(trx, scope, featureId, feature);
  return await readFeature(trx, scope, featureId, context);
}

/** @throws AppError not_found, feature_in_use (with the push) while the banner of a waiting push links to it. */
export async function deleteFeature(trx: Trx, scope: SellerScope, featureId: number, now: Date): Promise<void> {
  found(await selectFeature(trx, scope, featureId, 'update'));
  const push = await selectWaitingPush(trx, featureId);
  if (push !== undefined) throw inUse(push);
  await markDeleted(trx, scope, featureId, now);
}

/** Is this feature there at that moment, for a banner to link to? `hold`: it stays so until the transaction ends. */
export async function featureAt(
  db: Db | Trx,
  scope: SellerScope,
  featureId: number,
  { at, hold }: { at: Date; hold: boolean },
): Promise<'not_found' | 'not_shown' | 'shown'> {
  const row = await selectFeature(db, scope, featureId, hold ? 'share' : undefined);
  if (row === undefined) return 'not_found';
  const { zone } = await readMarketplace(db);
  return isShownOn({ startsOn: row.starts_on, endsOn: row.ends_on }, dayOf(at, zone)) ? 'shown' : 'not_shown';
}

export interface ShownFeature {
  id: number;
  title: string;
  endsOn: string | null;
  /** On sale now. */
  items: number;
}

/** For customers: what a shop shows today, newest first. */
export async function shownFeatures(db: Db | Trx, shopId: number, now: Date): Promise<ShownFeature[]> {
  return (await selectShownFeatures(db, { shopId, day: await todayOf(db, now) })).map(toShown);
}

/** For customers: one feature with what is in it; undefined when the shop does not show it today. */
export async function shownFeature(
  db: Db | Trx,
  shopId: number,
  featureId: number,
  now: Date,
): Promise<(ShownFeature & { itemIds: number[] }) | undefined> {
  const [row] = await selectShownFeatures(db, { shopId, day: await todayOf(db, now), featureId });
  return row && { ...toShown(row), itemIds: await selectFeatureItemIds(db, featureId) };
}

function toShown({ id, title, ends_on: endsOn, items }: FeatureRow): ShownFeature {
  return { id, title, endsOn, items };
}

function inUse(push: { id: number; slot: Date }, field?: string): AppError {
  const params = { push: push.id };
  return new AppError('feature_in_use', params, field === undefined ? [] : [{ field, code: 'feature_in_use', params }]);
}

async function checkItems(trx: Trx, scope: SellerScope, ids: readonly number[], publicUrl: string): Promise<void> {
  const items = await readItems(trx, scope, ids, publicUrl);
  if (items.length === ids.length) return;
  throw new AppError('item_not_found', {}, [{ field: 'itemIds', code: 'item_not_found', params: {} }]);
}

async function todayOf(db: Db | Trx, now: Date): Promise<string> {
  return dayOf(now, (await readMarketplace(db)).zone);
}

function toFeature(row: FeatureRow, today: string): ShopFeature {
  const period = { startsOn: row.starts_on, endsOn: row.ends_on };
  return { id: row.id, title: row.title, ...period, state: featureState(period, today), items: row.items };
}
