import type { QpostTab } from '@coupon-push/contract/my-page-states.ts';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../db/database.ts';
import type { Customer, CustomerScope } from '../../http/customer.ts';
import type { QpostKey, QpostPlace } from './rules.ts';

export interface QpostRow extends QpostPlace {
  shopNo: string | null;
  shopName: string | null;
  sentAt: Date;
  readAt: Date | null;
}

const columns: RawBuilder<unknown> = sql`
  page.source, page.source_id as "sourceId", shop.shop_no as "shopNo", shop.name as "shopName", page.sent_at as "sentAt",
  page.read_at as "readAt", (extract(epoch from page.sent_at) * 1000000)::bigint as micros`;

/** A page of one tab, newest first, cut out of the index qpost_message_tab. */
export async function selectInbox(
  db: Db,
  scope: CustomerScope,
  page: { tab: QpostTab; after: QpostPlace | undefined; limit: number },
): Promise<QpostRow[]> {
  const { after } = page;
  const beyond =
    after === undefined
      ? sql``
      : sql`and (sent_at, source, source_id) <
                (timestamptz 'epoch' + ${after.micros} * interval '1 microsecond', ${after.source}::qpost_source,
                 ${after.sourceId}::bigint)`;
  const { rows } = await sql<QpostRow>`
    with page as materialized (
      select *
        from qpost_message
       where customer_id = ${scope.customerId} and tab = ${page.tab} and deleted_at is null ${beyond}
       order by sent_at desc, source desc, source_id desc
       limit ${page.limit})
    select ${columns}
      from page
      left join shop on shop.id = page.shop_id
     order by page.sent_at desc, page.source desc, page.source_id desc`.execute(db);
  return rows;
}

/** At most so many of each tab: the index of unread messages is read no further. */
export async function countUnread(
  db: Db,
  scope: CustomerScope,
  most: number,
): Promise<{ tab: QpostTab; unread: number }[]> {
  const { rows } = await sql<{ tab: QpostTab; unread: number }>`
    select tab, counted.unread
      from unnest(enum_range(null::qpost_tab)) as tab
     cross join lateral (
       select count(*) as unread
         from (select
                 from qpost_message
                where customer_id = ${scope.customerId} and qpost_message.tab = tab.tab
                  and read_at is null and deleted_at is null
                limit ${most}) as first) as counted`.execute(db);
  return rows;
}

/** Opens it: it is read from now on, and stays read since the first time. Undefined when it is not there any more. */
export async function openMessage(
  db: Db,
  scope: CustomerScope,
  key: QpostKey,
  now: Date,
): Promise<QpostRow | undefined> {
  await sql`
    update qpost_message
       set read_at = ${now}
     where customer_id = ${scope.customerId} and source = ${key.source} and source_id = ${key.sourceId}
       and deleted_at is null and read_at is null`.execute(db);
  const { rows } = await sql<QpostRow>`
    select ${columns}
      from qpost_message as page
      left join shop on shop.id = page.shop_id
     where page.customer_id = ${scope.customerId} and page.source = ${key.source} and page.source_id = ${key.sourceId}
       and page.deleted_at is null`.execute(db);
  return rows[0];
}

/** False when it is not there, or was deleted before. */
export async function markDeleted(db: Db, scope: CustomerScope, key: QpostKey, now: Date): Promise<boolean> {
  const { rows } = await sql`
    update qpost_message
       set deleted_at = ${now}
     where customer_id = ${scope.customerId} and source = ${key.source} and source_id = ${key.sourceId}
       and deleted_at is null
    returning customer_id`.execute(db);
  return rows.length > 0;
}

/** The Qpost parts of rendered messages, by push: of the push itself, and of its reminder. */
export async function selectTexts(
  db: Db,
  language: Customer['language'],
  pushIds: readonly number[],
): Promise<{ pushId: number; push: unknown; reminder: unknown }[]> {
  if (pushIds.length === 0) return [];
  const { rows } = await sql<{ pushId: number; push: unknown; reminder: unknown }>`
    select push_id as "pushId", message->'qpost' as push, message->'reminder'->'qpost' as reminder
      from push_message
     where language = ${language} and push_id = any(${pushIds}::bigint[])`.execute(db);
  return rows;
}
