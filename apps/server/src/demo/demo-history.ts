import type { CouponTerms } from '@coupon-push/contract/coupons.ts';
import { languages } from '@coupon-push/i18n/languages.ts';
import type { Trx } from '../db/database.ts';
import { validityWindow } from '../features/coupons/rules.ts';
import { createCoupon } from '../features/coupons/service.ts';
import { topItems } from '../features/items/service.ts';
import { type Marketplace, readMarketplace } from '../features/marketplace/service.ts';
import { pushContent } from '../features/pushes/content.ts';
import { recordEvent } from '../features/pushes/events.ts';
import { readShop } from '../features/shops/service.ts';
import { weekOfSlot } from '../features/slots/rules.ts';
import type { SellerScope } from '../http/actor.ts';
import { addDays, dayOf, momentAt, mondayOf } from '../lib/zoned-time.ts';
import { renderMessage } from '../messages/render.ts';
import {
  insertPast,
  type SentPush,
  writeDelivery,
  writeOrders,
  writeRecipients,
  writeRedemptions,
  writeSent,
} from './demo-history-db.ts';
import { couponNames, orderPrefixes, type PastPush, pastPushes } from './demo-history-plan.ts';

const minute = 60_000;
const hour = 60 * minute;

/**
 * Gives each shop a past: pushes of the last five weeks with their ledger, coupons, and the orders that these were used
 * for. Nothing of it lies in this week, whose quota is free. Made in a second by statements over sets, and consistent:
 * every counter is what its ledger adds up to.
 */
export async function createDemoHistory(trx: Trx, now: Date, publicUrl: string): Promise<void> {
  const marketplace = await readMarketplace(trx);
  const shops = await trx
    .selectFrom('shop')
    .innerJoin('shop_member', 'shop_member.shop_id', 'shop.id')
    .innerJoin('app_user', 'app_user.id', 'shop_member.user_id')
    .where('shop_member.role', '=', 'owner')
    .distinctOn('shop.id')
    .select(['shop.id', 'shop.shop_no', 'shop_member.user_id'])
    .orderBy('shop.id')
    .orderBy('app_user.email')
    .execute();
  for (const shop of shops) {
    const scope = { userId: shop.user_id, shopId: shop.id };
    const names = couponNames[shop.shop_no] ?? couponNames['online-retail'];
    for (const past of pastPushes) {
      await createPast(trx, { scope, past, name: names?.[past.coupon] ?? past.coupon, marketplace, now, publicUrl });
    }
  }
}

interface Making {
  scope: SellerScope;
  past: PastPush;
  name: string;
  marketplace: Marketplace;
  now: Date;
  publicUrl: string;
}

async function createPast(trx: Trx, making: Making): Promise<void> {
  const { scope, past, marketplace, now } = making;
  const { zone } = marketplace;
  const day = addDays(mondayOf(dayOf(now, zone)), past.weekday - 1 - 7 * past.weeksAgo);
  const slot = momentAt(day, past.time, zone);
  const appliedAt = new Date(slot.getTime() - 49 * hour + past.weekday * minute);
  const terms: CouponTerms = { ...past.terms, name: making.name };
  const couponId = await createStoppedCoupon(trx, scope, terms, { appliedAt, slot });
  const pushId = await insertPast(trx, {
    scope,
    type: past.type,
    couponId,
    terms,
    slot,
    slotWeek: weekOfSlot(slot, zone),
    appliedAt,
  });
  await recordEvent(trx, { pushId, kind: 'applied', happenedAt: appliedAt });
  if (past.cancelled) await cancel(trx, pushId, scope, new Date(appliedAt.getTime() + 3 * hour));
  else await send(trx, making, { pushId, couponId, slot, terms });
}

/** What was sent in the past does not stand among the coupons that can be chosen for the next push. */
async function createStoppedCoupon(
  trx: Trx,
  scope: SellerScope,
  terms: CouponTerms,
  { appliedAt, slot }: { appliedAt: Date; slot: Date },
): Promise<number> {
  const { id } = await createCoupon(trx, scope, { terms, now: new Date(appliedAt.getTime() - 2 * hour) });
  await trx
    .updateTable('coupon')
    .set({ state: 'stopped', stopped_at: new Date(slot.getTime() + 6 * hour) })
    .where('id', '=', id)
    .execute();
  return id;
}

async function cancel(trx: Trx, pushId: number, scope: SellerScope, at: Date): Promise<void> {
  await trx
    .updateTable('push')
    .set({ state: 'cancelled', cancelled_at: at, cancelled_by: scope.userId })
    .where('id', '=', pushId)
    .execute();
  await recordEvent(trx, { pushId, kind: 'cancelled', happenedAt: at });
}

async function send(
  trx: Trx,
  { scope, past, marketplace, now, publicUrl }: Making,
  push: { pushId: number; couponId: number; slot: Date; terms: CouponTerms },
): Promise<void> {
  const { pushId, couponId, slot, terms } = push;
  const shop = await readShop(trx, scope);
  const items = await topItems(trx, scope.shopId, 4, publicUrl);
  const parts = { pushId, marketplace, shop, couponId, terms, items, banner: null, issuedAt: slot, publicUrl };
  const content = pushContent(parts);
  const messages = await Promise.all(languages.map((language) => renderMessage(content, language)));
  const sent: SentPush = {
    pushId,
    couponId,
    shopId: scope.shopId,
    type: past.type,
    slot,
    zone: marketplace.zone,
    validity: validityWindow(terms.validity, slot, marketplace.zone),
    failures: past.failures,
  };
  const counts = await writeRecipients(trx, sent);
  await writeDelivery(trx, sent);
  const prefix = orderPrefixes[shop.shopNo];
  if (prefix !== undefined) await writeOrders(trx, sent, { now, share: past.orderShare, prefix });
  await writeRedemptions(trx, sent, { now, terms, share: past.useShare });
  const times = { issuedAt: new Date(slot.getTime() + minute), finishedAt: new Date(slot.getTime() + 4 * minute) };
  await writeSent(trx, sent, { content, messages, ...times });
  const event = (kind: 'dispatched' | 'issued' | 'finished', happenedAt: Date, detail: Record<string, unknown>) =>
    recordEvent(trx, { pushId, kind, happenedAt, detail });
  await event('dispatched', slot, { ranges: 1 });
  await event('issued', times.issuedAt, { recipients: counts.recipients });
  await event('finished', times.finishedAt, { failed: counts.failed });
}
