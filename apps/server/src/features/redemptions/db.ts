import { sql } from 'kysely';
import type pg from 'pg';
import type { Db, Trx } from '../../db/database.ts';
import type { Day } from '../../lib/zoned-time.ts';

/** What of a push decides about its issued coupons. It never changes once they are issued. */
export interface RedeemablePush {
  pushId: number;
  shopId: number;
  shopNo: string;
  couponId: number;
  terms: unknown;
  /** Its shop coupon has a limit or a budget. */
  limited: boolean;
  currency: string;
  zone: string;
}

export async function selectRedeemablePush(db: Db | Trx, pushId: number): Promise<RedeemablePush | undefined> {
  const { rows } = await sql<RedeemablePush>`
    select push.id as "pushId", push.shop_id as "shopId", shop.shop_no as "shopNo", push.coupon_id as "couponId",
           push.coupon_terms as terms, (coupon.use_limit is not null or coupon.budget_minor is not null) as limited,
           marketplace.currency, marketplace.zone
      from push
      join shop on shop.id = push.shop_id
      join coupon on coupon.id = push.coupon_id
     cross join marketplace
     where push.id = ${pushId} and push.dispatched_at is not null`.execute(db);
  return rows[0];
}

export interface CouponUse {
  customerId: number;
  pushId: number;
  customerNo: string;
  shopId: number;
  couponId: number;
  /** The shop coupon has a limit or a budget. */
  limited: boolean;
  orderNo: string;
  cartMinor: number;
  discountMinor: number;
  now: Date;
  /** Where the results count it: the day of `now` in the marketplace's zone, and the customer's slot. */
  counted: { day: Day; slot: number };
}

/**
 * Uses a coupon for an order: one statement, guarded by everything that must hold, so there is nothing between looking
 * and writing that another checkout could get into (law-and-standards: Medusa, Saleor, Vendure and Spree each had that
 * gap). Of two orders that race for one coupon the second waits for the row, then finds it used.
 *
 * What is shared comes last and is held the shortest, always in the same order: the order number's key; the shop coupon's
 * counters, which are written only when it has a limit or budget, and whose constraints fail the whole statement when one
 * would be passed (those without are not even looked at: on a Citus cluster that would lock the whole table); and the counters of the results (coupon_daily, as results/daily-db.ts adds to them).
 *
 * Prepared once per connection: planned anew each time, and in a transaction with the counters as a second statement, a
 * redemption cost 1.7 ms of processor time instead of 0.6 (docs/decisions/0009).
 *
 * False when the guard let nothing through.
 * @throws pg.DatabaseError of a constraint: coupon_used_within_limit, coupon_spent_within_budget, redemption_order_pkey.
 */
export async function useCoupon(pool: pg.Pool, use: CouponUse): Promise<boolean> {
  const { customerId, pushId, shopId, customerNo, orderNo, cartMinor, discountMinor, now, counted } = use;
  const values = [customerId, pushId, shopId, customerNo, orderNo, cartMinor, discountMinor, now];
  const { rowCount } = await pool.query({
    name: use.limited ? 'use_limited_coupon' : 'use_coupon',
    text: use.limited ? useLimitedCoupon : useUnlimitedCoupon,
    values: [...values, counted.day, counted.slot],
  });
  return rowCount === 1;
}

const countUse = `
  limited as (
    update coupon
       set used_count = used_count + 1, spent_minor = spent_minor + used.discount_minor
      from used
      join ordered on ordered.push_id = used.push_id
     where coupon.id = used.coupon_id and (use_limit is not null or budget_minor is not null)
    returning coupon.id
  ),`;

const useUnlimitedCoupon = useCouponStatement('', '');
const useLimitedCoupon = useCouponStatement(countUse, 'left join limited on limited.id = used.coupon_id');

function useCouponStatement(count: string, counted: string): string {
  return `
  with use (customer_id, push_id, shop_id, customer_no, order_no, cart_minor, discount_minor, now, day, slot) as (
    values ($1::bigint, $2::bigint, $3::bigint, $4::text, $5::text, $6::bigint, $7::bigint, $8::timestamptz, $9::date,
            $10::smallint)
  ),
  used as (
    update issued_coupon
       set used_at = use.now, used_order_no = use.order_no, discount_minor = use.discount_minor
      from use
     where issued_coupon.customer_id = $1 and issued_coupon.push_id = $2 and issued_coupon.shop_id = $3
       and issued_coupon.used_at is null and issued_coupon.valid_from <= $8 and issued_coupon.valid_until > $8
       and exists (select from customer where customer.customer_id = $1 and customer.customer_no = $4)
    returning issued_coupon.coupon_id, use.*
  ),
  ordered as (
    insert into redemption_order (order_no, customer_id, push_id)
    select order_no, customer_id, push_id
      from used
    returning push_id
  ),
  ${count}
  counted as (
    insert into coupon_daily (push_id, day, slot, used, discount_minor, sales_minor)
    select used.push_id, used.day, used.slot, 1, used.discount_minor, used.cart_minor
      from used
      join ordered on ordered.push_id = used.push_id
      ${counted}
    on conflict (push_id, day, slot) do update
       set used = coupon_daily.used + 1, discount_minor = coupon_daily.discount_minor + excluded.discount_minor,
           sales_minor = coupon_daily.sales_minor + excluded.sales_minor
    returning push_id
  )
  insert into redemption (customer_id, push_id, order_no, coupon_id, shop_id, cart_minor, discount_minor, redeemed_at)
  select used.customer_id, used.push_id, used.order_no, used.coupon_id, used.shop_id, used.cart_minor, used.discount_minor,
         used.now
    from used
    join counted on counted.push_id = used.push_id`;
}

/** The order number as it stands; `redeemed` is null when it was rolled back before it was ever heard of. */
export interface OrderRow {
  rolledBackAt: Date | null;
  redeemed: RedeemedRow | null;
}

export interface RedeemedRow {
  customerId: number;
  pushId: number;
  couponId: number;
  cartMinor: number;
  discountMinor: number;
  redeemedAt: Date;
}

export async function selectOrder(db: Db | Trx, orderNo: string): Promise<OrderRow | undefined> {
  const { rows } = await sql<{ rolledBackAt: Date | null; customerId: number | null; pushId: number | null }>`
    select rolled_back_at as "rolledBackAt", customer_id as "customerId", push_id as "pushId"
      from redemption_order
     where order_no = ${orderNo}`.execute(db);
  const row = rows[0];
  if (row === undefined) return undefined;
  const redeemed = row.customerId === null ? [] : await selectRedeemed(db, row.customerId, [orderNo]);
  return { rolledBackAt: row.rolledBackAt, redeemed: redeemed.find(({ pushId }) => pushId === row.pushId) ?? null };
}

/** What these orders of one customer redeemed, also what was rolled back since. Orders of others are left out. */
export async function selectRedeemed(
  db: Db | Trx,
  customerId: number,
  orderNos: readonly string[],
): Promise<(RedeemedRow & { orderNo: string; rolledBackAt: Date | null })[]> {
  const { rows } = await sql<RedeemedRow & { orderNo: string; rolledBackAt: Date | null }>`
    select order_no as "orderNo", customer_id as "customerId", push_id as "pushId", coupon_id as "couponId",
           cart_minor as "cartMinor", discount_minor as "discountMinor", redeemed_at as "redeemedAt",
           rolled_back_at as "rolledBackAt"
      from redemption
     where customer_id = ${customerId} and order_no = any (${orderNos}::text[])`.execute(db);
  return rows;
}

export interface IssuedCouponRow {
  pushId: number;
  couponId: number;
  shopId: number;
  shopNo: string;
  terms: unknown;
  validFrom: Date;
  validUntil: Date;
  usedAt: Date | null;
  useLimit: number | null;
  issued: number;
  used: number;
  budgetMinor: number | null;
  spentMinor: number;
}

const issuedColumns = sql`
  issued_coupon.push_id as "pushId", issued_coupon.coupon_id as "couponId", issued_coupon.shop_id as "shopId",
  shop.shop_no as "shopNo", push.coupon_terms as terms, issued_coupon.valid_from as "validFrom",
  issued_coupon.valid_until as "validUntil", issued_coupon.used_at as "usedAt", coupon.use_limit as "useLimit",
  coupon.issued_count as issued, coupon.used_count as used, coupon.budget_minor as "budgetMinor", coupon.spent_minor as "spentMinor"`;

export async function selectIssuedCoupon(
  db: Db | Trx,
  { customerId, pushId }: { customerId: number; pushId: number },
): Promise<(IssuedCouponRow & { customerNo: string | null }) | undefined> {
  const { rows } = await sql<IssuedCouponRow & { customerNo: string | null }>`
    select ${issuedColumns}, customer.customer_no as "customerNo"
      from issued_coupon
      left join customer on customer.customer_id = issued_coupon.customer_id
      join push on push.id = issued_coupon.push_id
      join coupon on coupon.id = issued_coupon.coupon_id
      join shop on shop.id = issued_coupon.shop_id
     where issued_coupon.customer_id = ${customerId} and issued_coupon.push_id = ${pushId}`.execute(db);
  return rows[0];
}

/** A customer's coupons: of this shop first, usable before used and expired, soonest to expire first. */
export async function selectCouponsOfCustomer(
  db: Db | Trx,
  choice: { customerId: number; shopId: number; now: Date; limit: number },
): Promise<IssuedCouponRow[]> {
  const { rows } = await sql<IssuedCouponRow>`
    with chosen as (
      select *
        from issued_coupon
       where customer_id = ${choice.customerId}
       order by shop_id = ${choice.shopId} desc, used_at is null and valid_until > ${choice.now} desc, valid_until, push_id
       limit ${choice.limit}
    )
    select ${issuedColumns}
      from chosen as issued_coupon
      join push on push.id = issued_coupon.push_id
      join coupon on coupon.id = issued_coupon.coupon_id
      join shop on shop.id = issued_coupon.shop_id`.execute(db);
  return rows;
}

export async function selectCustomerId(db: Db | Trx, customerNo: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('customer_number')
    .where('customer_no', '=', customerNo)
    .select('customer_id')
    .executeTakeFirst();
  return row?.customer_id;
}

export async function selectShopId(db: Db | Trx, shopNo: string): Promise<number | undefined> {
  const row = await db.selectFrom('shop').where('shop_no', '=', shopNo).select('id').executeTakeFirst();
  return row?.id;
}

/**
 * Closes an order number for good. Undefined when it was closed before; otherwise the coupon that it used, if any. A
 * redemption of this number that is under way is waited for.
 */
export async function closeOrder(
  trx: Trx,
  close: { orderNo: string; now: Date },
): Promise<{ customerId: number | null; pushId: number | null } | undefined> {
  const { rows } = await sql<{ customerId: number | null; pushId: number | null }>`
    insert into redemption_order (order_no, rolled_back_at) values (${close.orderNo}, ${close.now})
    on conflict (order_no) do update set rolled_back_at = excluded.rolled_back_at
     where redemption_order.rolled_back_at is null
    returning customer_id as "customerId", push_id as "pushId"`.execute(trx);
  return rows[0];
}

/**
 * Takes a redemption back: the coupon is unused again, and its shop coupon's limit and budget have room again. A statement
 * of its own after closeOrder, as it has to see what that one waited for.
 */
export async function undoRedemption(
  trx: Trx,
  undo: { customerId: number; pushId: number; orderNo: string; now: Date },
): Promise<RedeemedRow | undefined> {
  const { rows } = await sql<RedeemedRow>`
    with undone as (
      update redemption
         set rolled_back_at = ${undo.now}
       where customer_id = ${undo.customerId} and push_id = ${undo.pushId} and order_no = ${undo.orderNo}
         and rolled_back_at is null
      returning *
    ),
    freed as (
      update issued_coupon
         set used_at = null, used_order_no = null, discount_minor = null
        from undone
       where issued_coupon.customer_id = ${undo.customerId} and issued_coupon.push_id = ${undo.pushId}
         and issued_coupon.used_order_no = undone.order_no
      returning issued_coupon.coupon_id
    ),
    given_back as (
      update coupon
         set used_count = used_count - 1, spent_minor = spent_minor - undone.discount_minor
        from undone
        join freed on freed.coupon_id = undone.coupon_id
       where coupon.id = undone.coupon_id and (use_limit is not null or budget_minor is not null)
      returning coupon.id
    )
    select undone.customer_id as "customerId", undone.push_id as "pushId", undone.coupon_id as "couponId",
           undone.cart_minor as "cartMinor", undone.discount_minor as "discountMinor", undone.redeemed_at as "redeemedAt"
      from undone
      left join freed on freed.coupon_id = undone.coupon_id
      left join given_back on given_back.id = undone.coupon_id`.execute(trx);
  return rows[0];
}
