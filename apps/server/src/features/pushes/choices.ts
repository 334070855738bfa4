import type { Banner } from '@coupon-push/contract/banners.ts';
import type { Item } from '@coupon-push/contract/items.ts';
import type { BannerLink, PushItems } from '@coupon-push/contract/pushes.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { AppError, fieldRefused } from '../../lib/app-error.ts';
import { findBanner } from '../banners/service.ts';
import { readItems, topItems } from '../items/service.ts';
import type { Policy } from '../policy/rules.ts';
import { featureAt } from '../shop-features/service.ts';
import type { ResolvedLink } from './content.ts';

/** A refusal that sits at one field of the form and has a code of its own. */
export function refusedAt(code: ConstructorParameters<typeof AppError>[0], field: string, params = {}): AppError {
  return new AppError(code, params, [{ field, code, params }]);
}

/**
 * The best items that were asked for, as they are now (spec 3.5).
 * @throws AppError at the field `items`: too few or too many, no items on sale, or not this shop's.
 */
export async function resolveItems(
  db: Db | Trx,
  scope: SellerScope,
  items: PushItems,
  { policy, publicUrl }: { policy: Policy; publicUrl: string },
): Promise<Item[]> {
  if (items.mode === 'rank') {
    const { bestItemsMin: minimum, bestItemsMax: maximum } = policy;
    if (items.count < minimum) throw fieldRefused('items.count', 'too_small', { minimum });
    if (items.count > maximum) throw fieldRefused('items.count', 'too_big', { maximum });
    const top = await topItems(db, scope.shopId, items.count, publicUrl);
    if (top.length === 0) throw refusedAt('no_items', 'items');
    return top;
  }
  if (items.itemIds.length > policy.chosenItemsMax) {
    throw fieldRefused('items.itemIds', 'too_big', { maximum: policy.chosenItemsMax });
  }
  const chosen = await readItems(db, scope, items.itemIds, publicUrl);
  if (chosen.length < items.itemIds.length) throw refusedAt('item_not_found', 'items.itemIds');
  return chosen;
}

export interface BannerContext {
  publicUrl: string;
  /** When the banner will be seen: a feature that it links to has to be shown then. */
  at: Date;
  /** What it links to stays as it is until the transaction ends. */
  hold: boolean;
}

/**
 * @throws AppError at the field `banner` when the banner, the item or the feature is not this shop's, or the feature is
 * not shown then.
 */
export async function resolveBanner(
  db: Db | Trx,
  scope: SellerScope,
  banner: { bannerId: number; link: BannerLink } | null,
  context: BannerContext,
): Promise<{ banner: Banner; link: ResolvedLink } | null> {
  if (banner === null) return null;
  const row = await findBanner(db, scope, banner.bannerId, context.publicUrl);
  if (row === undefined) throw refusedAt('banner_not_found', 'banner.bannerId');
  return { banner: row, link: await resolveLink(db, scope, banner.link, context) };
}

async function resolveLink(
  db: Db | Trx,
  scope: SellerScope,
  link: BannerLink,
  context: BannerContext,
): Promise<ResolvedLink> {
  if (link.kind === 'shop') return link;
  if (link.kind === 'item') {
    const [item] = await readItems(db, scope, [link.itemId], context.publicUrl);
    if (item === undefined) throw refusedAt('item_not_found', 'banner.link.itemId');
    return { kind: 'item', itemNo: item.itemNo };
  }
  const shown = await featureAt(db, scope, link.featureId, context);
  if (shown !== 'shown') throw refusedAt(`feature_${shown}`, 'banner.link.featureId');
  return link;
}
