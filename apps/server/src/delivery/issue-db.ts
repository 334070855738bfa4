import { type RawBuilder, sql } from 'kysely';
import type { Trx } from '../db/database.ts';

/** What is issued to whom. */
export interface Issue {
  pushId: number;
  shopId: number;
  /** A compensation, for the customers that were ticked; otherwise for fellows. */
  toTargets: boolean;
  couponId: number;
  /** Only so many of the coupon may be issued. */
  isLimited: boolean;
  from: Date | undefined;
  until: Date | undefined;
  /** Also the moment at which the audience was resolved. */
  issuedAt: Date;
  validity: { from: Date; until: Date };
  /** It is night: no app push or Qpost to those who did not agree to night messages (policy kr). */
  quiet: boolean;
  /** Native apps can be reached. */
  nativeApps: boolean;
}

/** Who of a range gets the coupon when it has a limit: the first so many. Null: all of them. */
type Room = number | null;

/** Customers from `from`, until just before `until`. */
interface Span {
  from: number;
  until: number;
}

export interface IssueRange extends Span {
  rangeNo: number;
}

/** Neighbouring ranges, issued together: the customers from the first one's to the last one's. */
export interface IssueSpan extends Span {
  ranges: IssueRange[];
}

/**
 * Takes the next group of ranges that are not issued, of those that fall to this lane. Undefined when there is none, or
 * when another issuer had them first.
 */
export async function takeRanges(
  trx: Trx,
  issue: Pick<Issue, 'pushId' | 'issuedAt'>,
  { size, lanes, lane }: { size: number; lanes: number; lane: number },
): Promise<IssueSpan | undefined> {
  const { rows } = await sql<IssueRange>`
    update issue_range
       set issued_at = ${issue.issuedAt}
     where push_id = ${issue.pushId} and issued_at is null
       and range_no / ${size}::int = (
         select min(range_no / ${size}::int)
           from issue_range
          where push_id = ${issue.pushId} and issued_at is null and range_no / ${size}::int % ${lanes}::int = ${lane})
    returning range_no as "rangeNo", from_customer_id as "from", until_customer_id as "until"`.execute(trx);
  const ranges = rows.toSorted((one, other) => one.rangeNo - other.rangeNo);
  const [first] = ranges;
  const last = ranges.at(-1);
  return first && last && { from: first.from, until: last.until, ranges };
}

/**
 * The audience of a span with what customer says of them now: the fellows that match, or the targets of a
 * compensation, of whom those who are fellows may have muted the shop. PostgreSQL does not conclude the span of customer
 * from that of fellow, and would read all customers.
 */
function audience(issue: Issue, range: Span): RawBuilder<unknown> {
  if (issue.toTargets) {
    return sql`
      from push_target
      join customer on customer.customer_id = push_target.customer_id
      left join fellow on fellow.customer_id = push_target.customer_id and fellow.shop_id = ${issue.shopId}
     where push_target.push_id = ${issue.pushId} and ${within(range, 'customer')}
       and push_target.customer_id >= ${range.from} and push_target.customer_id < ${range.until}`;
  }
  return sql`
      from fellow
      join customer on customer.customer_id = fellow.customer_id
     where fellow.shop_id = ${issue.shopId} and ${within(range, 'customer')}
       and fellow.customer_id >= ${range.from} and fellow.customer_id < ${range.until}
       and fellow.registered_at >= coalesce(${issue.from ?? null}::timestamptz, '-infinity')
       and fellow.registered_at < coalesce(${issue.until ?? null}::timestamptz, 'infinity')
       and fellow.registered_at <= ${issue.issuedAt}`;
}

function within({ from, until }: Span, table: string): RawBuilder<unknown> {
  const customerId = sql.ref(`${table}.customer_id`);
  return sql`${customerId} >= ${from} and ${customerId} < ${until}`;
}

/** The ledger: who gets it, and on which channels (spec 3.9 and, for the night, policy kr). Returns how many. */
export async function insertRecipients(trx: Trx, issue: Issue, span: Span, room: Room): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into recipient (push_id, customer_id, email_state, app_push_state)
    select ${issue.pushId}, audience.customer_id, 'waiting',
           case when audience.reachable and device.customer_id is not null then 'waiting' else 'none' end::delivery_state
      from (
        select customer.customer_id,
               customer.accepts_app_push and (${!issue.quiet} or customer.accepts_night_messages) as reachable
        ${audience(issue, span)}
         and customer.held_back is null and fellow.muted_at is null
        ${room === null || room === Number.POSITIVE_INFINITY ? sql`` : sql`order by customer.customer_id limit ${room}`}
      ) audience
      left join (
        select distinct customer_id
          from subscription
         where ${within(span, 'subscription')} and (transport = 'web_push' or ${issue.nativeApps}::boolean)
      ) device on device.customer_id = audience.customer_id
    on conflict do nothing`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

/**
 * Who is held back, under the first reason that applies; with a limit also whoever there was no room for. Returns how many
 * for each reason, in order of reason.
 */
export async function insertExclusions(
  trx: Trx,
  issue: Issue,
  span: Span,
  room: Room,
): Promise<{ reason: string; customers: number }[]> {
  const withoutRoom = sql`or not exists (
    select from recipient
     where recipient.push_id = ${issue.pushId} and recipient.customer_id = customer.customer_id)`;
  const { numAffectedRows } = await sql`
    insert into exclusion (push_id, customer_id, reason)
    select ${issue.pushId}, customer.customer_id,
           coalesce(customer.held_back, case when fellow.muted_at is null then 'limit_reached' else 'muted' end)
    ${audience(issue, span)}
     and (customer.held_back is not null or fellow.muted_at is not null ${room === null ? sql`` : withoutRoom})
    on conflict do nothing`.execute(trx);
  if (numAffectedRows === undefined || numAffectedRows === 0n) return [];
  const { rows } = await sql<{ reason: string; customers: number }>`
    select reason, count(*) as customers
      from exclusion
     where push_id = ${issue.pushId} and ${within(span, 'exclusion')}
     group by reason
     order by reason`.execute(trx);
  return rows;
}

/**
 * From the ledger and not from the audience again: coupon and ledger cannot differ. Both were not there before, as the span
 * was taken in this transaction; to say so (on conflict) makes every row a third dearer, and its primary key holds anyway.
 */
export async function insertCoupons(trx: Trx, issue: Issue, span: Span): Promise<void> {
  await sql`
    insert into issued_coupon (customer_id, push_id, coupon_id, shop_id, issued_at, valid_from, valid_until)
    select customer_id, push_id, ${issue.couponId}, ${issue.shopId}, ${issue.issuedAt}, ${issue.validity.from},
           ${issue.validity.until}
      from recipient
     where push_id = ${issue.pushId} and ${within(span, 'recipient')}`.execute(trx);
}

export async function insertQpostMessages(trx: Trx, issue: Issue, span: Span): Promise<void> {
  const atNight = issue.quiet
    ? sql`and exists (
        select from customer
         where customer.customer_id = recipient.customer_id and customer.accepts_night_messages)`
    : sql``;
  await sql`
    insert into qpost_message (customer_id, source, source_id, tab, shop_id, sent_at)
    select customer_id, 'push', push_id, 'shop_event', ${issue.shopId}, ${issue.issuedAt}
      from recipient
     where push_id = ${issue.pushId} and ${within(span, 'recipient')} ${atNight}`.execute(trx);
}

/** How many e-mails and app pushes a range owes. */
export interface Owed extends IssueRange {
  emails: number;
  appPushes: number;
}

export async function countOwed(trx: Trx, { pushId }: Issue, span: IssueSpan): Promise<Owed[]> {
  const { ranges } = span;
  const { rows } = await sql<{ place: number; emails: number; appPushes: number }>`
    select width_bucket(customer_id, ${ranges.map((range) => range.from)}::bigint[]) as place, count(*) as emails,
           count(*) filter (where app_push_state = 'waiting') as "appPushes"
      from recipient
     where push_id = ${pushId} and ${within(span, 'recipient')}
     group by place`.execute(trx);
  const owed = new Map(rows.map((row) => [row.place, row]));
  return ranges.map((range, index) => ({ ...range, emails: 0, appPushes: 0, ...owed.get(index + 1) }));
}
