import type { MyCoupon } from '@coupon-push/contract/my-page.ts';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../db/database.ts';
import type { CustomerScope } from '../../http/customer.ts';
import type { BoxPlace } from './rules.ts';

export interface BoxRow extends BoxPlace {
  couponId: number;
  shopNo: string;
  shopName: string;
  terms: unknown;
  issuedAt: Date;
  validFrom: Date;
  validUntil: Date;
  usedAt: Date | null;
  usedOrderNo: string | null;
  discountMinor: number | null;
}

interface Shelf {
  condition: RawBuilder<unknown>;
  sortedBy: RawBuilder<unknown>;
  soonestFirst: boolean;
}

function shelfOf(state: MyCoupon['state'], now: Date): Shelf {
  const validUntil = sql.ref('issued_coupon.valid_until');
  switch (state) {
    case 'usable':
      return { condition: sql`used_at is null and valid_until > ${now}`, sortedBy: validUntil, soonestFirst: true };
    case 'expired':
      return { condition: sql`used_at is null and valid_until <= ${now}`, sortedBy: validUntil, soonestFirst: false };
    case 'used':
      return { condition: sql`used_at is not null`, sortedBy: sql.ref('issued_coupon.used_at'), soonestFirst: false };
  }
}

/**
 * A page of one state, of one customer. Cut out of the index issued_coupon_box, forwards or backwards; only then is looked
 * up what the coupons say.
 */
export async function selectBox(
  db: Db,
  scope: CustomerScope,
  page: { state: MyCoupon['state']; now: Date; after: BoxPlace | undefined; limit: number },
): Promise<BoxRow[]> {
  const { condition, sortedBy, soonestFirst } = shelfOf(page.state, page.now);
  const order = soonestFirst ? sql`asc` : sql`desc`;
  const beyond =
    page.after === undefined
      ? sql``
      : sql`and (${sortedBy}, push_id) ${soonestFirst ? sql`>` : sql`<`}
                (timestamptz 'epoch' + ${page.after.micros} * interval '1 microsecond', ${page.after.pushId}::bigint)`;
  const { rows } = await sql<BoxRow>`
    with page as materialized (
      select issued_coupon.*, ${sortedBy} as sorted_by
        from issued_coupon
       where customer_id = ${scope.customerId} and ${condition} ${beyond}
       order by ${sortedBy} ${order}, push_id ${order}
       limit ${page.limit})
    select page.push_id as "pushId", page.coupon_id as "couponId", shop.shop_no as "shopNo", shop.name as "shopName",
           push.coupon_terms as terms, page.issued_at as "issuedAt", page.valid_from as "validFrom",
           page.valid_until as "validUntil", page.used_at as "usedAt", page.used_order_no as "usedOrderNo",
           page.discount_minor as "discountMinor", (extract(epoch from page.sorted_by) * 1000000)::bigint as micros
      from page
      join push on push.id = page.push_id
      join shop on shop.id = page.shop_id
     order by page.sorted_by ${order}, page.push_id ${order}`.execute(db);
  return rows;
}
