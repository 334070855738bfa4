import { type RawBuilder, sql } from 'kysely';
import type { Trx } from '../db/database.ts';
import { hasDevice } from './app-push-work.ts';

/** What is issued to whom, the same for every range of a push. */
export interface Issue {
  pushId: number;
  shopId: number;
  /** A compensation, for the customers that were ticked; otherwise for fellows. */
  toTargets: boolean;
  couponId: number;
  from: Date | undefined;
  until: Date | undefined;
  /** Also the moment at which the audience was resolved. */
  issuedAt: Date;
  validity: { from: Date; until: Date };
  /** No app push or Qpost to those who did not agree to night messages (policy kr). */
  quiet: boolean;
  /** Native apps can be reached. */
  nativeApps: boolean;
}

/** Who of a range gets the coupon when it has a limit: the first so many. Null: all of them. */
type Room = number | null;

/** Customers from `from`, until just before `until`. */
export interface IssueRange {
  rangeNo: number;
  from: number;
  until: number;
}

/**
 * The audience of one range with what customer says of them now: the fellows that match, or the targets of a
 * compensation, of whom those who are fellows may have muted the shop.
 */
function audience(issue: Issue, range: IssueRange): RawBuilder<unknown> {
  if (issue.toTargets) {
    return sql`
      from push_target
      join customer on customer.customer_id = push_target.customer_id
      left join fellow on fellow.customer_id = push_target.customer_id and fellow.shop_id = ${issue.shopId}
     where push_target.push_id = ${issue.pushId}
       and push_target.customer_id >= ${range.from} and push_target.customer_id < ${range.until}`;
  }
  return sql`
      from fellow
      join customer on customer.customer_id = fellow.customer_id
     where fellow.shop_id = ${issue.shopId}
       and fellow.customer_id >= ${range.from} and fellow.customer_id < ${range.until}
       and fellow.registered_at >= coalesce(${issue.from ?? null}::timestamptz, '-infinity')
       and fellow.registered_at < coalesce(${issue.until ?? null}::timestamptz, 'infinity')
       and fellow.registered_at <= ${issue.issuedAt}`;
}

/** The ledger: who gets it, and on which channels (spec 3.9 and, for the night, policy kr). */
export async function insertRecipients(
  trx: Trx,
  issue: Issue,
  range: IssueRange,
  room: Room,
): Promise<{ emails: number; appPushes: number }> {
  const { rows } = await sql<{ emails: number; appPushes: number }>`
    with inserted as (
      insert into recipient (push_id, customer_id, email_state, app_push_state)
      select ${issue.pushId}, customer.customer_id, 'waiting',
             case when customer.accepts_app_push
                   and (${!issue.quiet} or customer.accepts_night_messages)
                   and ${hasDevice(sql.ref('customer.customer_id'), issue.nativeApps)}
                  then 'waiting' else 'none' end::delivery_state
      ${audience(issue, range)}
       and customer.held_back is null and fellow.muted_at is null
      ${room === null || room === Number.POSITIVE_INFINITY ? sql`` : sql`order by customer.customer_id limit ${room}`}
      on conflict do nothing
      returning app_push_state
    )
    select count(*) as emails, count(*) filter (where app_push_state = 'waiting') as "appPushes" from inserted`.execute(
    trx,
  );
  return rows[0] ?? { emails: 0, appPushes: 0 };
}

/**
 * Who is held back, under the first reason that applies, and how many for each; with a limit also whoever there was no room
 * for. Returns how many in all.
 */
export async function insertExclusions(trx: Trx, issue: Issue, range: IssueRange, room: Room): Promise<number> {
  const withoutRoom = sql`or not exists (
    select from recipient
     where recipient.push_id = ${issue.pushId} and recipient.customer_id = customer.customer_id)`;
  const { rows } = await sql<{ reason: string; customers: number }>`
    with inserted as (
      insert into exclusion (push_id, customer_id, reason)
      select ${issue.pushId}, customer.customer_id,
             coalesce(customer.held_back, case when fellow.muted_at is null then 'limit_reached' else 'muted' end)
      ${audience(issue, range)}
       and (customer.held_back is not null or fellow.muted_at is not null ${room === null ? sql`` : withoutRoom})
      on conflict do nothing
      returning reason
    )
    select reason, count(*) as customers from inserted group by reason`.execute(trx);
  for (const { reason, customers } of rows) {
    await sql`
      insert into push_exclusion_count (push_id, reason, customers) values (${issue.pushId}, ${reason}, ${customers})
      on conflict (push_id, reason) do update set customers = push_exclusion_count.customers + excluded.customers
    `.execute(trx);
  }
  return rows.reduce((sum, row) => sum + row.customers, 0);
}

/** From the ledger and not from the audience again: coupon and ledger cannot differ. */
export async function insertCoupons(trx: Trx, issue: Issue, range: IssueRange): Promise<void> {
  await sql`
    insert into issued_coupon (customer_id, push_id, coupon_id, shop_id, issued_at, valid_from, valid_until)
    select customer_id, push_id, ${issue.couponId}, ${issue.shopId}, ${issue.issuedAt}, ${issue.validity.from},
           ${issue.validity.until}
      from recipient
     where push_id = ${issue.pushId} and customer_id >= ${range.from} and customer_id < ${range.until}
    on conflict do nothing`.execute(trx);
}

export async function insertQpostMessages(trx: Trx, issue: Issue, range: IssueRange): Promise<void> {
  const atNight = issue.quiet
    ? sql`and exists (
        select from customer
         where customer.customer_id = recipient.customer_id and customer.accepts_night_messages)`
    : sql``;
  await sql`
    insert into qpost_message (customer_id, source, source_id, tab, shop_id, sent_at)
    select customer_id, 'push', push_id, 'shop_event', ${issue.shopId}, ${issue.issuedAt}
      from recipient
     where push_id = ${issue.pushId} and customer_id >= ${range.from} and customer_id < ${range.until} ${atNight}
    on conflict do nothing`.execute(trx);
}
