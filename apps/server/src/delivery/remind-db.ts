import { sql } from 'kysely';
import type { Db, Trx } from '../db/database.ts';
import { hasDevice } from './app-push-work.ts';
import type { IssueRange } from './issue-db.ts';

export interface ReminderRound {
  pushId: number;
  shopId: number;
  couponId: number;
  dueAt: Date;
  /** Every range of the push was issued. */
  issued: boolean;
  /** The coupons of a push all end at one moment; null when nobody has one. */
  validUntil: Date | null;
}

/** Undefined when it is finished. */
export async function selectReminderRound(db: Db, pushId: number): Promise<ReminderRound | undefined> {
  const { rows } = await sql<ReminderRound>`
    with first as (
      select issued_coupon.valid_until
        from recipient
        join issued_coupon
          on issued_coupon.customer_id = recipient.customer_id and issued_coupon.push_id = recipient.push_id
       where recipient.push_id = ${pushId}
       limit 1
    )
    select push.id as "pushId", push.shop_id as "shopId", push.coupon_id as "couponId", reminder.due_at as "dueAt",
           push.issued_at is not null as issued, first.valid_until as "validUntil"
      from reminder
      join push on push.id = reminder.push_id
      left join first on true
     where reminder.push_id = ${pushId} and reminder.finished_at is null`.execute(db);
  return rows[0];
}

export async function takeReminderRange(trx: Trx, pushId: number): Promise<IssueRange | undefined> {
  const { rows } = await sql<IssueRange>`
    update reminder
       set next_range = next_range + 1
      from issue_range
     where reminder.push_id = ${pushId} and reminder.finished_at is null
       and issue_range.push_id = reminder.push_id and issue_range.range_no = reminder.next_range
    returning issue_range.range_no as "rangeNo", issue_range.from_customer_id as "from",
              issue_range.until_customer_id as "until"`.execute(trx);
  return rows[0];
}

export async function openReminderChannel(trx: Trx, pushId: number): Promise<void> {
  await trx
    .insertInto('channel_progress')
    .values({ push_id: pushId, channel: 'reminder' })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * Who of a range has a coupon that is neither used nor expired, and wants to hear of it: who refused, left or muted the shop
 * since the push does not. An app push is owed to those with a device; it is one more row of the ledger of reminders.
 */
export async function insertReminders(
  trx: Trx,
  { pushId, shopId }: ReminderRound,
  range: IssueRange,
  { now, nativeApps }: { now: Date; nativeApps: boolean },
): Promise<{ appPushes: number }> {
  const { rows } = await sql<{ appPushes: number }>`
    with unused as (
      select recipient.customer_id,
             customer.accepts_app_push
               and ${hasDevice(sql.ref('customer.customer_id'), nativeApps)} as app_push
        from recipient
        join issued_coupon
          on issued_coupon.customer_id = recipient.customer_id and issued_coupon.push_id = recipient.push_id
        join customer on customer.customer_id = recipient.customer_id
        left join fellow on fellow.customer_id = recipient.customer_id and fellow.shop_id = ${shopId}
       where recipient.push_id = ${pushId}
         and recipient.customer_id >= ${range.from} and recipient.customer_id < ${range.until}
         and issued_coupon.used_at is null and issued_coupon.valid_until > ${now}
         and customer.held_back is null and fellow.muted_at is null
    ),
    qposts as (
      insert into qpost_message (customer_id, source, source_id, tab, shop_id, sent_at)
      select customer_id, 'reminder', ${pushId}, 'shop_event', ${shopId}, ${now}
        from unused
      on conflict do nothing
      returning customer_id
    ),
    app_pushes as (
      insert into reminder_recipient (push_id, customer_id, state)
      select ${pushId}, unused.customer_id, 'waiting'
        from unused
        join qposts on qposts.customer_id = unused.customer_id
       where unused.app_push
      on conflict do nothing
      returning customer_id
    ),
    counted as (
      update reminder
         set customers = customers + (select count(*) from qposts)
       where push_id = ${pushId}
      returning push_id
    )
    select (select count(*) from app_pushes) as "appPushes" from counted`.execute(trx);
  return rows[0] ?? { appPushes: 0 };
}

/** How many were reminded; undefined when ranges are left, unless it ends early, or somebody else has finished it. */
export async function finishReminder(
  trx: Trx,
  finish: { pushId: number; now: Date; early: boolean },
): Promise<number | undefined> {
  const { rows } = await sql<{ customers: number }>`
    with ranges as (
      select coalesce(max(range_no), -1) as last from issue_range where push_id = ${finish.pushId}
    )
    update reminder
       set finished_at = ${finish.now}
      from ranges
     where push_id = ${finish.pushId} and finished_at is null and (${finish.early} or ranges.last < next_range)
    returning customers`.execute(trx);
  return rows[0]?.customers;
}
