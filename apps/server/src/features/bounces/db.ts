import { type SqlBool, sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';
import { spellings } from '../../lib/email-address.ts';
import type { BounceClass } from './rules.ts';

/** A message of the ledger. */
export interface MessageKey {
  pushId: number;
  customerId: number;
}

export interface BouncedCustomer {
  /** Null when the customer has none any more. */
  email: string | null;
  verifiedAt: Date | null;
}

/** Undefined when the ledger knows no such message. */
export async function selectRecipient(trx: Trx, key: MessageKey): Promise<BouncedCustomer | undefined> {
  const { rows } = await sql<BouncedCustomer>`
    select customer.email, customer.email_verified_at as "verifiedAt"
      from recipient
      join customer on customer.customer_id = recipient.customer_id
     where recipient.push_id = ${key.pushId} and recipient.customer_id = ${key.customerId}
       and recipient.email_state <> 'none'
       and exists (select from push where push.id = ${key.pushId})`.execute(trx);
  return rows[0];
}

export interface NewBounce extends MessageKey {
  class: BounceClass;
  status: string | null;
  reason: string;
  heardFrom: string;
  at: Date;
}

/** False when something was heard about this message before. */
export async function insertBounce(trx: Trx, bounce: NewBounce): Promise<boolean> {
  const { rows } = await sql`
    insert into bounce (customer_id, push_id, class, status, reason, heard_from, bounced_at)
    values (${bounce.customerId}, ${bounce.pushId}, ${bounce.class}, ${bounce.status}, ${bounce.reason},
            ${bounce.heardFrom}, ${bounce.at})
    on conflict (customer_id, push_id) do nothing
    returning customer_id`.execute(trx);
  return rows.length > 0;
}

/** What was heard before; whoever else writes about this message waits until the transaction ends. */
export async function holdBounce(
  trx: Trx,
  key: MessageKey,
): Promise<{ class: BounceClass; heardFrom: string } | undefined> {
  const { rows } = await sql<{ class: BounceClass; heardFrom: string }>`
    select class, heard_from as "heardFrom"
      from bounce
     where customer_id = ${key.customerId} and push_id = ${key.pushId}
       for update`.execute(trx);
  return rows[0];
}

export async function updateBounce(trx: Trx, bounce: NewBounce): Promise<void> {
  await sql`
    update bounce
       set class = ${bounce.class}, status = ${bounce.status}, reason = ${bounce.reason},
           heard_from = ${bounce.heardFrom}, bounced_at = ${bounce.at}
     where customer_id = ${bounce.customerId} and push_id = ${bounce.pushId}`.execute(trx);
}

/** In order of class, so that two transactions about one push never wait for each other. */
export async function addToCounts(
  trx: Trx,
  pushId: number,
  counts: readonly { class: BounceClass; customers: 1 | -1 }[],
): Promise<void> {
  for (const { class: of, customers } of counts.toSorted((one, other) => (one.class < other.class ? -1 : 1))) {
    await sql`
      insert into bounce_count (push_id, class, customers) values (${pushId}, ${of}, ${customers})
      on conflict (push_id, class) do update set customers = bounce_count.customers + excluded.customers`.execute(trx);
  }
}

/** Coupons that are looked through for an e-mail that arrived; nobody gets that many in the time that counts. */
const mostPushes = 200;

/**
 * The classes of a customer's bounces since `since`, and since the last e-mail that arrived: sent before `arrivedBefore`,
 * and nothing heard of it. By the customer's own coupons, as the ledger is ordered by push.
 */
export async function selectRecentClasses(
  trx: Trx,
  { customerId, since, arrivedBefore }: { customerId: number; since: Date; arrivedBefore: Date },
): Promise<BounceClass[]> {
  const { rows } = await sql<{ class: BounceClass }>`
    with arrived as (
      select max(recipient.email_at) as at
        from (select push_id from issued_coupon where customer_id = ${customerId}
               order by push_id desc limit ${mostPushes}) pushes
        join recipient on recipient.push_id = pushes.push_id and recipient.customer_id = ${customerId}
       where recipient.email_state = 'sent' and recipient.email_at < ${arrivedBefore}
         and not exists (
           select from bounce where bounce.customer_id = ${customerId} and bounce.push_id = pushes.push_id)
    )
    select class
      from bounce
     where customer_id = ${customerId} and bounced_at >= ${since}
       and bounced_at > coalesce((select at from arrived), '-infinity')`.execute(trx);
  return rows.map((row) => row.class);
}

/** Two customers may share an address, hardly more. */
const mostOfAddress = 5;

/** Whom an address belongs to, each with the newest push that was sent there by e-mail. */
export async function selectByAddress(db: Db, address: string): Promise<MessageKey[]> {
  const spelled = sql.join(spellings(address).map((one) => sql`lower(${one})`));
  const { rows } = await sql<{ customerId: number }>`
    select customer_id as "customerId" from customer
     where lower(email) in (${spelled}) order by customer_id limit ${mostOfAddress}`.execute(db);
  const keys = await Promise.all(rows.map(({ customerId }) => selectNewest(db, customerId)));
  return keys.flat();
}

async function selectNewest(db: Db, customerId: number): Promise<MessageKey[]> {
  const { rows } = await sql<MessageKey>`
    select recipient.customer_id as "customerId", recipient.push_id as "pushId"
      from (select push_id from issued_coupon where customer_id = ${customerId}
             order by push_id desc limit ${mostPushes}) pushes
      join recipient on recipient.push_id = pushes.push_id and recipient.customer_id = ${customerId}
     where recipient.email_state in ('sent', 'retry')
     order by recipient.push_id desc
     limit 1`.execute(db);
  return rows;
}

/** False when it was used before. Another transaction that uses it right now is waited for. */
export async function insertUsedNotification(trx: Trx, id: string, now: Date): Promise<boolean> {
  const { rows } = await sql`
    insert into used_notification (id, used_at) values (${id}, ${now})
    on conflict do nothing
    returning id`.execute(trx);
  return rows.length > 0;
}

export async function deleteUsedNotifications(db: Db, than: Date): Promise<void> {
  await db.deleteFrom('used_notification').where(sql<SqlBool>`used_at < ${than}`).execute();
}
