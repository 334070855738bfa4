import type { Language } from '@coupon-push/contract/common.ts';
import { sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';

export interface MailConsent {
  email: string | null;
  language: Language;
  refuses: boolean;
}

export async function selectMailConsent(db: Db | Trx, customerId: number): Promise<MailConsent | undefined> {
  return await db
    .selectFrom('customer')
    .select(['email', 'language', 'refuses_coupon_mail as refuses'])
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
}

/**
 * The change and its proof in one statement: of two refusals at once the second waits for the row, sees that there is
 * nothing left to change, and writes no second record.
 */
export async function writeRefusal(
  db: Db | Trx,
  refusal: { customerId: number; how: string; source: string; at: Date },
): Promise<boolean> {
  const { rows } = await sql`
    with refused as (
      update customer
         set refuses_coupon_mail = true
       where customer_id = ${refusal.customerId}
         and not refuses_coupon_mail
      returning customer_id
    )
    insert into consent_record (customer_id, kind, given, how, source, recorded_at)
    select customer_id, 'coupon_mail', false, ${refusal.how}, ${refusal.source}, ${refusal.at}
      from refused
    returning customer_id`.execute(db);
  return rows.length > 0;
}

/** What a customer agrees to. */
export interface Choices {
  couponMail: boolean;
  appPush: boolean;
  nightMessages: boolean;
}

export interface ChoicesRow extends Choices {
  language: Language;
  email: string | null;
  verified: boolean;
  suppressed: boolean;
}

/** Undefined for nobody, and for who has left. */
export async function selectChoices(db: Db | Trx, customerId: number): Promise<ChoicesRow | undefined> {
  const { rows } = await sql<ChoicesRow>`
    select not refuses_coupon_mail as "couponMail", accepts_app_push as "appPush",
           accepts_night_messages as "nightMessages", language, email, email_verified_at is not null as verified,
           mail_suppressed_at is not null as suppressed
      from customer
     where customer_id = ${customerId} and left_at is null`.execute(db);
  return rows[0];
}

/** Where and how something was said. */
export interface Said {
  customerId: number;
  how: string;
  source: string;
  at: Date;
}

/**
 * The changes and their proofs in one statement. The row is locked before it is looked at: of two changes at once the
 * second sees what the first has made of it, and records only what it changes itself. Returns the kinds that changed.
 */
export async function writeChoices(db: Db | Trx, said: Said, choices: Partial<Choices>): Promise<string[]> {
  const { couponMail = null, appPush = null, nightMessages = null } = choices;
  const { rows } = await sql<{ kind: string }>`
    with before as (
      select customer_id, not refuses_coupon_mail as coupon_mail, accepts_app_push, accepts_night_messages
        from customer
       where customer_id = ${said.customerId} and left_at is null
         for update
    ),
    changed as materialized (
      select before.customer_id, choice.kind, choice.wished
        from before
       cross join lateral (values ('coupon_mail', before.coupon_mail, ${couponMail}::boolean),
                                  ('app_push', before.accepts_app_push, ${appPush}::boolean),
                                  ('night_messages', before.accepts_night_messages, ${nightMessages}::boolean))
                           as choice (kind, stands, wished)
       where choice.wished <> choice.stands
    ),
    written as (
      update customer
         set refuses_coupon_mail = coalesce(not ${couponMail}::boolean, refuses_coupon_mail),
             accepts_app_push = coalesce(${appPush}::boolean, accepts_app_push),
             accepts_night_messages = coalesce(${nightMessages}::boolean, accepts_night_messages)
       where customer_id = (select distinct customer_id from changed)
    )
    insert into consent_record (customer_id, kind, given, how, source, recorded_at)
    select customer_id, kind, wished, ${said.how}, ${said.source}, ${said.at}
      from changed
    returning kind`.execute(db);
  return rows.map(({ kind }) => kind);
}

/** Unless the customer's own yes is what was recorded last. The customer's row is held by this transaction. */
export async function recordAppPushConsent(trx: Trx, said: Said): Promise<void> {
  await sql`
    insert into consent_record (customer_id, kind, given, how, source, recorded_at)
    select ${said.customerId}, 'app_push', true, ${said.how}, ${said.source}, ${said.at}
     where not coalesce((
             select given and how <> 'import'
               from consent_record
              where customer_id = ${said.customerId} and kind = 'app_push'
              order by id desc
              limit 1), false)`.execute(trx);
}

/**
 * Mutes a shop that the customer follows, or listens to it again, with its proof. The customer's row is held first, as a
 * refusal does, so that what holds the fellow back is what holds then. False when nothing changed.
 */
export async function writeMute(db: Db | Trx, said: Said, shop: { shopId: number; muted: boolean }): Promise<boolean> {
  const { rows } = await sql`
    with held as (
      select customer_id, held_back from customer where customer_id = ${said.customerId} for share
    ),
    changed as (
      update fellow
         set muted_at = case when ${shop.muted} then ${said.at}::timestamptz end,
             held_back = coalesce(held.held_back, case when ${shop.muted} then 'muted' end)
        from held
       where fellow.customer_id = held.customer_id and fellow.shop_id = ${shop.shopId}
         and (fellow.muted_at is null) = ${shop.muted}
      returning fellow.customer_id, fellow.shop_id
    )
    insert into consent_record (customer_id, kind, shop_id, given, how, source, recorded_at)
    select customer_id, 'shop', shop_id, ${!shop.muted}, ${said.how}, ${said.source}, ${said.at}
      from changed
    returning customer_id`.execute(db);
  return rows.length > 0;
}

export interface FollowedShopRow {
  shopId: number;
  shopNo: string;
  name: string;
  muted: boolean;
}

/** A shop that the customer follows: by its number, or the one that a push was of. */
export async function selectFollowedShop(
  db: Db | Trx,
  customerId: number,
  by: { shopNo: string } | { pushId: number },
): Promise<FollowedShopRow | undefined> {
  const shop =
    'shopNo' in by
      ? sql`shop.shop_no = ${by.shopNo}`
      : sql`shop.id = (select shop_id from push where push.id = ${by.pushId})`;
  const { rows } = await sql<FollowedShopRow>`
    select shop.id as "shopId", shop.shop_no as "shopNo", shop.name, fellow.muted_at is not null as muted
      from shop
      join fellow on fellow.shop_id = shop.id and fellow.customer_id = ${customerId}
     where ${shop}`.execute(db);
  return rows[0];
}

export interface ConsentRow {
  id: number;
  kind: string;
  given: boolean;
  shopNo: string | null;
  shopName: string | null;
  how: string;
  source: string;
  recordedAt: Date;
}

/** Newest first. */
export async function selectConsents(
  db: Db,
  customerId: number,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<ConsentRow[]> {
  const { rows } = await sql<ConsentRow>`
    select consent_record.id, kind, given, shop.shop_no as "shopNo", shop.name as "shopName", how, source,
           recorded_at as "recordedAt"
      from consent_record
      left join shop on shop.id = consent_record.shop_id
     where customer_id = ${customerId} ${before === undefined ? sql`` : sql`and consent_record.id < ${before}`}
     order by consent_record.id desc
     limit ${limit}`.execute(db);
  return rows;
}
