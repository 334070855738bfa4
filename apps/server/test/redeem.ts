import { sql } from 'kysely';
import type { Db } from '../src/db/database.ts';
import { countRedemption, countRollBack, type Redemption } from '../src/features/results/service.ts';

const zone = 'Asia/Tokyo';

/** A customer used the coupon of a push for an order: coupon, redemption and counters in one transaction. */
export async function redeemCoupon(db: Db, redemption: Redemption & { orderNo: string }): Promise<void> {
  const { pushId, customerId, orderNo, cartMinor, discountMinor, redeemedAt } = redemption;
  await db.transaction().execute(async (trx) => {
    await sql`
      with used as (
        update issued_coupon
           set used_at = ${redeemedAt}, used_order_no = ${orderNo}, discount_minor = ${discountMinor}
         where customer_id = ${customerId} and push_id = ${pushId}
        returning coupon_id, shop_id
      )
      insert into redemption (customer_id, push_id, order_no, coupon_id, shop_id, cart_minor, discount_minor, redeemed_at)
      select ${customerId}, ${pushId}, ${orderNo}, coupon_id, shop_id, ${cartMinor}, ${discountMinor}, ${redeemedAt}
        from used`.execute(trx);
    await countRedemption(trx, redemption, zone);
  });
}

/** That order was cancelled. */
export async function rollBackCoupon(
  db: Db,
  redemption: Redemption & { orderNo: string },
  rolledBackAt: Date,
): Promise<void> {
  const { pushId, customerId, orderNo } = redemption;
  await db.transaction().execute(async (trx) => {
    await sql`
      update redemption set rolled_back_at = ${rolledBackAt}
       where customer_id = ${customerId} and push_id = ${pushId} and order_no = ${orderNo}`.execute(trx);
    await sql`
      update issued_coupon set used_at = null, used_order_no = null, discount_minor = null
       where customer_id = ${customerId} and push_id = ${pushId}`.execute(trx);
    await countRollBack(trx, redemption, zone);
  });
}
