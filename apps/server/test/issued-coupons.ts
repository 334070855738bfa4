import type { CouponCreate } from '@coupon-push/contract/coupons.ts';
import { sql } from 'kysely';
import type { Db } from '../src/db/database.ts';
import { couponCode } from '../src/features/coupon-box/code.ts';
import { countIssued } from '../src/features/results/service.ts';
import type { TestShop } from './marketplace.ts';
import { createWaitingPush } from './waiting-push.ts';

/** What the codes of issued coupons are made with in tests. */
export const couponSecret = 'what coupon codes are made with';

export interface IssuedPush {
  pushId: number;
  couponId: number;
  shopNo: string;
  /** The code that a customer finds in the coupon box. */
  codeOf(customerId: number): string;
}

const day = 86_400_000;

/** The coupons of a push that was sent, in these customers' coupon boxes, as the engine would have left them. */
export async function issueCoupons(
  db: Db,
  shop: TestShop,
  customers: readonly number[],
  options: { terms?: CouponCreate; issuedAt?: Date; validFrom?: Date; validUntil?: Date; secret?: string } = {},
): Promise<IssuedPush> {
  const { issuedAt = new Date(), validFrom = issuedAt, secret = couponSecret } = options;
  const { validUntil = new Date(issuedAt.getTime() + 30 * day), terms } = options;
  const { pushId, couponId } = await createWaitingPush(db, shop, { slot: issuedAt, ...(terms && { terms }) });
  await db.transaction().execute(async (trx) => {
    await sql`
      update push set state = 'sent', dispatched_at = slot, issued_at = slot, finished_at = slot
       where id = ${pushId}`.execute(trx);
    await sql`
      insert into issued_coupon (customer_id, push_id, coupon_id, shop_id, issued_at, valid_from, valid_until)
      select customer_id, ${pushId}, ${couponId}, ${shop.shopId}, ${issuedAt}, ${validFrom}, ${validUntil}
        from unnest(${customers}::bigint[]) as customer_id`.execute(trx);
    await countIssued(trx, { pushId, issuedAt, zone: 'Asia/Tokyo', coupons: customers.length });
  });
  const { shop_no: shopNo } = await db
    .selectFrom('shop')
    .where('id', '=', shop.shopId)
    .select('shop_no')
    .executeTakeFirstOrThrow();
  return { pushId, couponId, shopNo, codeOf: (customerId) => couponCode(secret, { customerId, pushId }) };
}
