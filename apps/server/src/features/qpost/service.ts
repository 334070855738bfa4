import { mostUnread, type QpostEntry, type QpostMessage } from '@coupon-push/contract/my-page.ts';
import type { QpostTab } from '@coupon-push/contract/my-page-states.ts';
import type { Db } from '../../db/database.ts';
import type { Customer, CustomerScope } from '../../http/customer.ts';
import { found } from '../../lib/app-error.ts';
import { countUnread, markDeleted, openMessage, type QpostRow, selectInbox } from './db.ts';
import { readKey, readPlace, writeKey, writePlace } from './rules.ts';
import type { QpostText, QpostTexts } from './texts.ts';

/** A page of one tab, in the customer's language. */
export async function listMessages(
  db: Db,
  customer: Customer,
  query: { tab: QpostTab; after: string | undefined; limit: number },
  texts: QpostTexts,
): Promise<{ entries: QpostEntry[]; next: string | null }> {
  const { tab, limit } = query;
  const rows = await selectInbox(db, customer, { tab, after: readPlace(query.after), limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const read = await texts.read(db, customer.language, shown);
  return {
    entries: shown.flatMap((row) => {
      const text = read.get(writeKey(row));
      return text === undefined ? [] : [toEntry(row, text)];
    }),
    next: rows.length > limit && last !== undefined ? writePlace(last) : null,
  };
}

/** How many are unread in each tab, up to 100. */
export async function unreadByTab(db: Db, scope: CustomerScope): Promise<Record<QpostTab, number>> {
  const counted = { notice: 0, inquiry: 0, shop_event: 0 };
  for (const { tab, unread } of await countUnread(db, scope, mostUnread)) counted[tab] = unread;
  return counted;
}

/**
 * A message as it was sent, marked as read.
 * @throws AppError not_found, also for another customer's message and a deleted one.
 */
export async function readMessage(
  db: Db,
  customer: Customer,
  messageId: string,
  { now, texts }: { now: Date; texts: QpostTexts },
): Promise<QpostMessage> {
  const row = found(await openMessage(db, customer, found(readKey(messageId)), now));
  const text = found((await texts.read(db, customer.language, [row])).get(writeKey(row)));
  const { body, button, buttonUrl, items, footer } = text;
  return { ...toEntry(row, text), body, button, buttonUrl, items, footer };
}

/** @throws AppError not_found, also when it was deleted before. */
export async function deleteMessage(db: Db, scope: CustomerScope, messageId: string, now: Date): Promise<void> {
  found((await markDeleted(db, scope, found(readKey(messageId)), now)) || undefined);
}

function toEntry(row: QpostRow, { title, heading }: QpostText): QpostEntry {
  return {
    id: writeKey(row),
    title,
    heading,
    shop: row.shopNo === null || row.shopName === null ? null : { shopNo: row.shopNo, name: row.shopName },
    sentAt: row.sentAt.toISOString(),
    read: row.readAt !== null,
  };
}
