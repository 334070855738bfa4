import { sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';
import type { NewSubscription } from './rules.ts';

export interface SubscriptionRow {
  id: number;
  transport: 'fcm' | 'web_push';
  endpoint: string;
  createdAt: Date;
  confirmedAt: Date;
}

export async function selectCustomerId(db: Db | Trx, customerNo: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('customer_number')
    .where('customer_no', '=', customerNo)
    .select('customer_id')
    .executeTakeFirst();
  return row?.customer_id;
}

/**
 * Registrations of one device, and of one customer, take turns until the transaction ends: a device has one owner, and a
 * customer a bounded number of devices. Always in this order.
 */
export async function takeTurns(trx: Trx, { endpoint, customerId }: { endpoint: string; customerId: number }) {
  await sql`select pg_advisory_xact_lock(hashtextextended(${endpoint}, 4100))`.execute(trx);
  await sql`select from customer where customer_id = ${customerId} for no key update`.execute(trx);
}

/** A device has one owner: it leaves everybody else. */
export async function deleteOfOthers(trx: Trx, endpoint: string, customerId: number): Promise<void> {
  await sql`delete from subscription where endpoint = ${endpoint} and customer_id <> ${customerId}`.execute(trx);
}

/** One that is known keeps its number, and gets the keys of now. */
export async function upsertSubscription(
  trx: Trx,
  customerId: number,
  { transport, endpoint, p256dh, auth, vapidKey }: NewSubscription,
  now: Date,
): Promise<SubscriptionRow | undefined> {
  const { rows } = await sql<SubscriptionRow>`
    insert into subscription (customer_id, transport, endpoint, p256dh, auth, vapid_key, created_at, confirmed_at)
    values (${customerId}, ${transport}, ${endpoint}, ${p256dh}, ${auth}, ${vapidKey}, ${now}, ${now})
    on conflict (customer_id, endpoint) do update
       set transport = excluded.transport, p256dh = excluded.p256dh, auth = excluded.auth,
           vapid_key = excluded.vapid_key, confirmed_at = excluded.confirmed_at
    returning id, transport, endpoint, created_at as "createdAt", confirmed_at as "confirmedAt"`.execute(trx);
  return rows[0];
}

/** Those beyond `keep` leave, the ones that were silent longest. */
export async function deleteBeyond(trx: Trx, customerId: number, keep: number): Promise<void> {
  await sql`
    delete from subscription
     where customer_id = ${customerId}
       and id in (
         select id from subscription
          where customer_id = ${customerId}
          order by confirmed_at desc, id desc
         offset ${keep}
       )`.execute(trx);
}

export async function selectSubscriptions(db: Db | Trx, customerId: number): Promise<SubscriptionRow[]> {
  const { rows } = await sql<SubscriptionRow>`
    select id, transport, endpoint, created_at as "createdAt", confirmed_at as "confirmedAt"
      from subscription
     where customer_id = ${customerId}
     order by confirmed_at desc, id desc`.execute(db);
  return rows;
}

export async function deleteSubscription(db: Db | Trx, customerId: number, id: number): Promise<void> {
  await sql`delete from subscription where customer_id = ${customerId} and id = ${id}`.execute(db);
}
