import type { Item } from '@coupon-push/contract/items.ts';
import type { NotSentReason } from '@coupon-push/contract/pushes.ts';
import { type Language, languages } from '@coupon-push/i18n/languages.ts';
import type { Db, Trx } from '../db/database.ts';
import { bannerOfShop } from '../features/banners/service.ts';
import { isValidAt } from '../features/coupons/rules.ts';
import { couponToIssue } from '../features/coupons/service.ts';
import { itemsOfShop, topItems } from '../features/items/service.ts';
import { type Marketplace, readMarketplace } from '../features/marketplace/service.ts';
import { pushContent, type ResolvedLink } from '../features/pushes/content.ts';
import { writeEvent } from '../features/pushes/events.ts';
import { chosenItemIds } from '../features/pushes/service.ts';
import { scheduleReminder } from '../features/reminders/service.ts';
import { dispatchKey, enqueue, issueKey } from '../jobs/enqueue.ts';
import type { PushContent } from '../messages/push-content.ts';
import { renderReminder } from '../messages/reminder.ts';
import { type RenderedMessage, renderMessage } from '../messages/render.ts';
import type { DeliveryDeps } from './deps.ts';
import {
  beginSending,
  endNotSent,
  type PushToDispatch,
  pauseLate,
  selectWaitingPush,
  writeMessages,
  writeRanges,
} from './dispatch-db.ts';
import { keepEmailTemplates } from './email-templates.ts';
import { finishPush } from './finish.ts';
import { issueToFew, isToFew } from './issue.ts';

const hour = 3_600_000;

/**
 * At its slot a waiting push begins to be sent: items, banner and messages are frozen, and the audience is cut into
 * ranges (spec 3.5, 3.10). A push that cannot be sent ends as not sent, with the reason. Whatever races with it (a
 * cancel, a second dispatch) loses or wins by one guarded update.
 */
export async function dispatchPush(deps: DeliveryDeps, pushId: number): Promise<void> {
  const { db, clock } = deps;
  const push = await selectWaitingPush(db, pushId);
  if (push === undefined) return;
  const now = clock.now();
  if (push.slot.getTime() > now.getTime()) return await dispatchLater(deps, push);
  const marketplace = await readMarketplace(db);
  const latest = push.slot.getTime() + marketplace.policy.latestHours * hour;
  if (now.getTime() > latest && push.releasedAt === null) return await pauseLate(db, pushId, now);
  const items = await freezeItems(db, push, deps.publicUrl);
  const coupon = await couponToIssue(db, push.couponId);
  const reason = notSendable(push, { coupon, items, marketplace, now });
  if (reason !== undefined) return await endNotSent(db, { pushId, reason, now });
  const content = await freezeContent(db, push, { items, marketplace, now, publicUrl: deps.publicUrl });
  const messages = await Promise.all(languages.map((language) => messageOf(push, content, language)));
  const frozen = { marketplace, isLimited: coupon.isLimited, content, messages, now };
  const begun = await db.transaction().execute((trx) => begin(trx, deps, push, frozen));
  if (begun === undefined) return;
  keepEmailTemplates(deps, pushId, messages);
  deps.watchers.changed(pushId);
  if (begun.isOver) await finishPush(deps, pushId);
}

interface Frozen {
  marketplace: Marketplace;
  isLimited: boolean;
  content: PushContent;
  messages: readonly RenderedMessage[];
  now: Date;
}

/**
 * A push to few is issued here, too: there is something to send before the next one is dispatched. Undefined when somebody
 * else was first; otherwise whether the push is at its end already.
 */
async function begin(
  trx: Trx,
  deps: DeliveryDeps,
  push: PushToDispatch,
  frozen: Frozen,
): Promise<{ isOver: boolean } | undefined> {
  const { id: pushId, remindDays, terms } = push;
  const { marketplace, isLimited, content, now } = frozen;
  if (!(await beginSending(trx, { pushId, now, content }))) return undefined;
  await writeMessages(trx, pushId, frozen.messages);
  const ranges = await writeRanges(trx, { push, now, zone: marketplace.zone, rangeSize: deps.rangeSize });
  await writeEvent(trx, { pushId, kind: 'dispatched', detail: { ranges }, happenedAt: now });
  if (remindDays !== null) {
    const reminder = { pushId, issuedAt: now, validity: terms.validity, remindDays };
    await scheduleReminder(trx, reminder, { marketplace, clock: deps.clock });
  }
  if (isToFew(ranges)) {
    const toIssue = {
      ...push,
      shopId: push.shop.id,
      isLimited,
      marketplace,
      dispatchedAt: now,
      ranges,
      rangesIssued: 0,
    };
    return await issueToFew(trx, deps, toIssue);
  }
  // After those that wait to be dispatched: most are to few.
  await enqueue(trx, 'issue', { pushId }, { key: issueKey(pushId), priority: 1 });
  return { isOver: false };
}

/** The reminder is rendered with the push's messages: it says the same, whatever is changed until then. */
async function messageOf(push: PushToDispatch, content: PushContent, language: Language): Promise<RenderedMessage> {
  const message = await renderMessage(content, language);
  return push.remindDays === null ? message : { ...message, reminder: renderReminder(content, language) };
}

/** Woken before the slot: the marketplace's clock is not there yet. */
async function dispatchLater({ db, clock }: DeliveryDeps, push: PushToDispatch): Promise<void> {
  await db
    .transaction()
    .execute((trx) =>
      enqueue(trx, 'dispatch', { pushId: push.id }, { key: dispatchKey(push.id), runAt: clock.machineTime(push.slot) }),
    );
}

/** The items that are shown: those chosen that are still on sale, or else the top ones by rank now (spec 3.5). */
async function freezeItems(db: Db, push: PushToDispatch, publicUrl: string): Promise<Item[]> {
  if (push.itemsMode === 'chosen') {
    const ids = await chosenItemIds(db, push.id);
    const chosen = await itemsOfShop(db, push.shop.id, ids, publicUrl);
    if (chosen.length > 0) return chosen;
  }
  return await topItems(db, push.shop.id, push.itemsCount, publicUrl);
}

function notSendable(
  push: PushToDispatch,
  at: { coupon: { isActive: boolean }; items: readonly Item[]; marketplace: Marketplace; now: Date },
): NotSentReason | undefined {
  if (!at.coupon.isActive) return 'coupon_stopped';
  if (!isValidAt(push.terms.validity, at.now, at.marketplace.zone)) return 'coupon_not_valid';
  return at.items.length === 0 ? 'no_items' : undefined;
}

async function freezeContent(
  db: Db,
  push: PushToDispatch,
  at: { items: readonly Item[]; marketplace: Marketplace; now: Date; publicUrl: string },
): Promise<PushContent> {
  const { publicUrl } = at;
  const banner = push.bannerId === null ? undefined : await bannerOfShop(db, push.shop.id, push.bannerId, publicUrl);
  return pushContent({
    pushId: push.id,
    marketplace: at.marketplace,
    shop: push.shop,
    couponId: push.couponId,
    terms: push.terms,
    items: at.items,
    banner: banner === undefined ? null : { banner, link: await linkOf(db, push, publicUrl) },
    issuedAt: at.now,
    publicUrl,
  });
}

/** An item that is not on sale any more leads to the shop. */
async function linkOf(db: Db, push: PushToDispatch, publicUrl: string): Promise<ResolvedLink> {
  if (push.linkFeatureId !== null) return { kind: 'feature', featureId: push.linkFeatureId };
  if (push.linkItemId === null) return { kind: 'shop' };
  const [item] = await itemsOfShop(db, push.shop.id, [push.linkItemId], publicUrl);
  return item === undefined ? { kind: 'shop' } : { kind: 'item', itemNo: item.itemNo };
}
