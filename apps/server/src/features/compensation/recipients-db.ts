import type { HeldBackReason } from '@coupon-push/contract/audience.ts';
import type { Selection } from '@coupon-push/contract/compensation.ts';
import { type RawBuilder, sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';
import { isOwnUpload, separator, type UploadKey } from './db.ts';

/**
 * Why a recipient of an upload gets nothing now (spec 3.9), or null; muted: a fellow who muted this shop. Not a join: of
 * a shop that hardly anybody has muted, one would be planned as a loop in a loop.
 */
function heldBackOf({ scope }: UploadKey): RawBuilder<string | null> {
  return sql<string | null>`coalesce(customer.held_back, case when exists (
    select from fellow
     where fellow.customer_id = recipient.customer_id and fellow.shop_id = ${scope.shopId}
       and fellow.muted_at is not null) then 'muted' end)`;
}

/**
 * The recipients of an upload with what their customers say now. In the order of the customers: so each page of
 * customers is looked at once (100,000: 0.19 s instead of 0.35 s).
 */
function recipientsOf(key: UploadKey): RawBuilder<unknown> {
  return sql`
      from (
        select * from compensation_recipient
         where upload_id = ${key.uploadId}::uuid and ${isOwnUpload(key)}
         order by customer_id) as recipient
      join customer on customer.customer_id = recipient.customer_id
     where true`;
}

/** By the reason that holds them back; null: can be reached. */
export async function countRecipients(
  db: Db | Trx,
  key: UploadKey,
): Promise<{ held_back: string | null; customers: number }[]> {
  const { rows } = await sql<{ held_back: string | null; customers: number }>`
    select ${heldBackOf(key)} as held_back, count(*) as customers ${recipientsOf(key)} group by 1`.execute(db);
  return rows;
}

export interface RecipientFilter {
  /** In lower case; see visiblePart. */
  search: string | undefined;
  show: 'reachable' | 'held_back' | undefined;
  reason: HeldBackReason | undefined;
  page: number;
  pageSize: number;
  /** Purchases are counted from then on. */
  since: Date;
}

export interface RecipientRow {
  no: number;
  identity: string;
  held_back: string | null;
  order_nos: string[];
  orders: number;
  purchases: number;
  amount_minor: number;
  /** How many the filter finds; not counted without a filter. */
  total: number | null;
}

const identity = sql<string>`coalesce(customer.login_id, customer.email, customer.customer_no)`;

/**
 * What of an ID or e-mail address a seller sees before the asterisks: lib/masking, in SQL. A search looks at this part
 * and not at what lies behind it. Otherwise whoever types on, letter by letter, would read out every address.
 */
const name = sql<string>`split_part(${identity}, '@', 1)`;
const visiblePart = sql<string>`lower(left(${name}, least(3, char_length(${name}) / 2)))`;

/**
 * The beginning of an order number, or of the visible part, or the visible part at the beginning of what was typed on.
 * Plain expressions, no subqueries: they are worked out for every recipient.
 */
function matches(search: string): RawBuilder<unknown> {
  return sql`and (
         strpos(${separator} || lower(array_to_string(recipient.order_nos, ${separator})), ${separator + search}) > 0
         or starts_with(${visiblePart}, ${search})
         or ${visiblePart} <> '' and starts_with(${search}, ${visiblePart}))`;
}

/**
 * A page of recipients in the order of the file. Without a filter it is cut out by place, the same few rows whatever
 * the page; with one, all recipients of the upload are looked at (20,000: see docs/performance.md).
 */
export async function selectRecipients(db: Db | Trx, key: UploadKey, filter: RecipientFilter): Promise<RecipientRow[]> {
  const { page, pageSize } = filter;
  const filtered = filter.search !== undefined || filter.show !== undefined || filter.reason !== undefined;
  const first = (page - 1) * pageSize;
  const conditions = filtered
    ? sql`
      where true
      ${filter.show === 'reachable' ? sql`and held_back is null` : sql``}
      ${filter.show === 'held_back' ? sql`and held_back is not null` : sql``}
      ${filter.reason === undefined ? sql`` : sql`and held_back = ${filter.reason}`}
      order by no offset ${first} limit ${pageSize}`
    : sql`where no > ${first} and no <= ${first + pageSize}`;
  const { rows } = await sql<RecipientRow>`
    select page.no, page.held_back, page.total, ${identity} as identity, recipient.order_nos[1:5] as order_nos,
           cardinality(recipient.order_nos) as orders, week.purchases, week.amount_minor
      from (
        select no, customer_id, held_back, ${filtered ? sql`count(*) over ()` : sql`null::bigint`} as total
          from (
            select recipient.place as no, recipient.customer_id, ${heldBackOf(key)} as held_back
            ${recipientsOf(key)} ${filter.search === undefined ? sql`` : matches(filter.search)}) as found
          ${conditions}) as page
      join compensation_recipient as recipient
        on recipient.upload_id = ${key.uploadId}::uuid and recipient.place = page.no
       and recipient.customer_id = page.customer_id
      join customer on customer.customer_id = page.customer_id
     cross join lateral (
        select count(*) as purchases, coalesce(sum(total_minor), 0)::bigint as amount_minor
          from customer_order
         where customer_order.customer_id = customer.customer_id and customer_order.shop_id = ${key.scope.shopId}
           and customer_order.state <> 'cancelled'
           and customer_order.ordered_at > ${filter.since} and customer_order.ordered_at <= ${key.now}) as week
     order by page.no`.execute(db);
  return rows;
}

/** Freezes the ticked ones who can be reached now into the targets of a push. Returns how many they are. */
export async function insertTargets(
  trx: Trx,
  key: UploadKey,
  target: { pushId: number; selection: Selection },
): Promise<{ customers: number; orders: number }> {
  const { selection } = target;
  const ticked =
    selection.mode === 'only'
      ? sql`recipient.place in (select unnest(${selection.only}::int[]))`
      : sql`recipient.place not in (select unnest(${selection.except}::int[]))`;
  const { rows } = await sql<{ customers: number; orders: number }>`
    with inserted as (
      insert into push_target (push_id, customer_id, order_nos)
      select ${target.pushId}, recipient.customer_id, recipient.order_nos
      ${recipientsOf(key)} and ${ticked} and ${heldBackOf(key)} is null
      returning cardinality(order_nos) as orders
    )
    select count(*) as customers, coalesce(sum(orders), 0)::bigint as orders from inserted`.execute(trx);
  return rows[0] ?? { customers: 0, orders: 0 };
}
