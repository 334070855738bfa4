import type { Channel, FailureKind } from '@coupon-push/contract/pushes.ts';
import type { ChannelOutcome } from '@coupon-push/contract/results.ts';
import { type RawBuilder, sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';
import { ownedBy, type SellerScope } from '../../http/actor.ts';
import { type CustomerSearch, isSearched } from '../customers/search.ts';

/** Which recipients of a push: by what became of their coupon, or of their message on a channel. */
export type LedgerFilter = 'all' | 'used' | 'unused' | { channel: Channel; state: ChannelOutcome };

/** Part of a push's ledger, in order of customer. */
export interface LedgerPage {
  pushId: number;
  after: number | undefined;
  search: CustomerSearch | undefined;
  filter: LedgerFilter;
  limit: number;
}

type DeliveryState = 'none' | 'waiting' | 'retry' | 'sent' | 'failed' | 'gone';
/** `bounced` is no state of the ledger: an e-mail that was sent, and that something was heard of later. */
type EmailState = DeliveryState | 'bounced';

export interface LedgerRow {
  pushId: number;
  customerId: number;
  /** ID or e-mail, to be masked; null when neither is known any more. */
  identity: string | null;
  emailState: EmailState;
  emailAt: Date | null;
  emailAttempts: number;
  emailInDoubt: boolean;
  emailFailure: FailureKind | null;
  appPushState: DeliveryState;
  appPushAt: Date | null;
  appPushAttempts: number;
  appPushInDoubt: boolean;
  appPushFailure: FailureKind | null;
  couponId: number;
  issuedAt: Date;
  validUntil: Date;
  usedAt: Date | null;
  orderNo: string | null;
  discountMinor: number | null;
  salesMinor: number | null;
}

/**
 * One page of a push's recipients. The page is cut out of the ledger first, by its primary key or, where few rows match,
 * by a small table or index beside it; only then is each row completed, by primary keys. Nothing is counted, and no
 * sort sees more than a page or one batch: see bench/recipients.ts.
 */
export async function selectLedger(db: Db | Trx, scope: SellerScope, page: LedgerPage): Promise<LedgerRow[]> {
  const { rows } = await sql<LedgerRow>`
    with page as materialized (${customersOf(scope, page)})
    select recipient.push_id as "pushId", recipient.customer_id as "customerId",
           coalesce(customer.login_id, customer.email) as identity,
           case when recipient.email_state = 'sent' and bounce.class <> 'complaint' then 'bounced'
                else recipient.email_state::text end as "emailState", recipient.email_at as "emailAt",
           recipient.email_attempts as "emailAttempts", recipient.email_in_doubt as "emailInDoubt",
           case when recipient.email_state = 'sent' then ${bounceFailure}
                else ${failureOf('email', page.pushId)} end as "emailFailure",
           recipient.app_push_state as "appPushState", recipient.app_push_at as "appPushAt",
           recipient.app_push_attempts as "appPushAttempts", recipient.app_push_in_doubt as "appPushInDoubt",
           ${failureOf('app_push', page.pushId)} as "appPushFailure",
           issued_coupon.coupon_id as "couponId", issued_coupon.issued_at as "issuedAt",
           issued_coupon.valid_until as "validUntil", issued_coupon.used_at as "usedAt",
           issued_coupon.used_order_no as "orderNo", issued_coupon.discount_minor as "discountMinor",
           case when issued_coupon.used_order_no is not null then (
             select cart_minor from redemption
              where customer_id = recipient.customer_id and push_id = ${page.pushId}
                and order_no = issued_coupon.used_order_no) end as "salesMinor"
      from page
      join recipient on recipient.push_id = ${page.pushId} and recipient.customer_id = page.customer_id
      join issued_coupon on issued_coupon.customer_id = page.customer_id and issued_coupon.push_id = ${page.pushId}
      left join customer on customer.customer_id = page.customer_id
      left join bounce on bounce.customer_id = page.customer_id and bounce.push_id = ${page.pushId}
     order by recipient.customer_id`.execute(db);
  return rows;
}

/** Looked up for the few rows that have one. */
function failureOf(channel: Channel, pushId: number): RawBuilder<unknown> {
  const state = sql.ref(`recipient.${channel}_state`);
  return sql`
    case when ${state} in ('failed', 'gone') then (
      select kind from delivery_failure
       where push_id = ${pushId} and channel = ${channel} and customer_id = recipient.customer_id) end`;
}

/** Why an e-mail came back, in the words for failures. */
const bounceFailure = sql`
  case when bounce.class = 'hard' then 'address_unknown'
       when bounce.class = 'disabled' or bounce.class = 'soft' and bounce.status ~ '^[45]\\.2\\.' then 'mailbox_unavailable'
       when bounce.class = 'soft' then 'no_answer'
       when bounce.class = 'ours' then 'message_refused' end`;

/** The customers of one page, by what narrows them most. */
function customersOf(scope: SellerScope, page: LedgerPage): RawBuilder<unknown> {
  const searched =
    page.search === undefined
      ? sql``
      : sql`join customer on customer.customer_id = ledger.customer_id and ${isSearched(page.search)}`;
  return sql`
    select ledger.customer_id
      from ${sourceOf(page)}
      ${searched}
     where ledger.push_id = ${page.pushId} and ledger.customer_id > ${page.after ?? 0}
       and exists (select from push where push.id = ${page.pushId} and ${ownedBy(scope, 'push.shop_id')})
     order by ${inBatches(page.filter) ? sql`batch.batch_no,` : sql``} ledger.customer_id
     limit ${page.limit}`;
}

/** What came back is listed by itself. */
const cameBack = sql`
  and not exists (
    select from bounce
     where bounce.customer_id = recipient.customer_id and bounce.push_id = recipient.push_id
       and bounce.class <> 'complaint')`;

/** Sent and owed are looked for batch by batch: a finished batch owes nobody, and one without a device has none. */
function inBatches(filter: LedgerFilter): boolean {
  return typeof filter === 'object' && (filter.state === 'sent' || filter.state === 'owed');
}

function sourceOf({ pushId, after, filter }: LedgerPage): RawBuilder<unknown> {
  if (filter === 'all') return sql`recipient as ledger`;
  // Only used coupons are in the index issued_coupon_used.
  const used = sql`select push_id, customer_id from issued_coupon where used_at is not null and push_id = ${pushId}`;
  if (filter === 'used') return sql`(${used}) as ledger`;
  if (filter === 'unused') {
    return sql`(
      select push_id, customer_id from recipient
       where not exists (${used} and issued_coupon.customer_id = recipient.customer_id)) as ledger`;
  }
  const state = sql.ref(`recipient.${filter.channel}_state`);
  if (filter.state === 'none')
    return sql`(select push_id, customer_id from recipient where ${state} = 'none') as ledger`;
  if (filter.state === 'bounced') {
    return sql`(
      select recipient.push_id, recipient.customer_id
        from bounce
        join recipient on recipient.push_id = bounce.push_id and recipient.customer_id = bounce.customer_id
       where bounce.push_id = ${pushId} and bounce.class <> 'complaint' and ${state} = 'sent'
         and ${filter.channel}::text = 'email') as ledger`;
  }
  if (inBatches(filter)) {
    const [states, open] =
      filter.state === 'sent' ? [sql`'sent'`, sql``] : [sql`'waiting', 'retry'`, sql`and finished_at is null`];
    return sql`(
      select batch_no, from_customer_id, until_customer_id from send_batch
       where push_id = ${pushId} and channel = ${filter.channel} and until_customer_id > ${after ?? 0} ${open}) as batch
      cross join lateral (
        select push_id, customer_id from recipient
         where recipient.push_id = ${pushId} and recipient.customer_id >= batch.from_customer_id
           and recipient.customer_id < batch.until_customer_id and ${state} in (${states})
           ${filter.state === 'sent' && filter.channel === 'email' ? cameBack : sql``}) as ledger`;
  }
  return sql`(
    select push_id, customer_id from delivery_failure
     where channel = ${filter.channel} and state = ${filter.state}) as ledger`;
}

/** Who was held back from a push, in order of customer. */
export async function selectHeldBack(
  db: Db | Trx,
  scope: SellerScope,
  page: {
    pushId: number;
    after: number | undefined;
    search: CustomerSearch | undefined;
    reason: string | undefined;
    limit: number;
  },
): Promise<{ customerId: number; identity: string | null; reason: string }[]> {
  const searched = page.search === undefined ? sql`` : sql`and ${isSearched(page.search)}`;
  const { rows } = await sql<{ customerId: number; identity: string | null; reason: string }>`
    select exclusion.customer_id as "customerId", coalesce(customer.login_id, customer.email) as identity,
           exclusion.reason
      from exclusion
      left join customer on customer.customer_id = exclusion.customer_id
     where exclusion.push_id = ${page.pushId} and exclusion.customer_id > ${page.after ?? 0}
       and exclusion.reason = coalesce(${page.reason ?? null}, exclusion.reason)
       and exists (select from push where push.id = ${page.pushId} and ${ownedBy(scope, 'push.shop_id')})
       ${searched}
     order by exclusion.customer_id
     limit ${page.limit}`.execute(db);
  return rows;
}
