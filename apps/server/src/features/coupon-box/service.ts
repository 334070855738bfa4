import { couponTermsSchema } from '@coupon-push/contract/coupons.ts';
import type { MyCoupon } from '@coupon-push/contract/my-page.ts';
import type { Db } from '../../db/database.ts';
import type { CustomerScope } from '../../http/customer.ts';
import { fillLink, readMarketplace } from '../marketplace/service.ts';
import { couponCode } from './code.ts';
import { type BoxRow, selectBox } from './db.ts';
import { couponState, readPlace, writePlace } from './rules.ts';

/** A page of a customer's coupon box. The terms are those of the push, frozen when it was applied for (spec 3.12). */
export async function listCoupons(
  db: Db,
  scope: CustomerScope,
  query: { state: MyCoupon['state']; after: string | undefined; limit: number },
  { now, couponSecret }: { now: Date; couponSecret: string },
): Promise<{ entries: MyCoupon[]; next: string | null }> {
  const { state, limit } = query;
  const rows = await selectBox(db, scope, { state, now, after: readPlace(query.after), limit: limit + 1 });
  const { shopUrlTemplate } = await readMarketplace(db);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    entries: shown.map((row) => ({
      ...toCoupon(row, now),
      code: couponCode(couponSecret, { customerId: scope.customerId, pushId: row.pushId }),
      useUrl: fillLink(shopUrlTemplate, { shop: row.shopNo }),
    })),
    next: rows.length > limit && last !== undefined ? writePlace(last) : null,
  };
}

function toCoupon(row: BoxRow, now: Date): Omit<MyCoupon, 'code' | 'useUrl'> {
  const { name, discount, minPurchaseMinor } = couponTermsSchema.parse(row.terms);
  const { usedAt, usedOrderNo, discountMinor } = row;
  return {
    couponId: row.couponId,
    name,
    shop: { shopNo: row.shopNo, name: row.shopName },
    state: couponState(row, now),
    discount,
    minPurchaseMinor,
    issuedAt: row.issuedAt.toISOString(),
    validFrom: row.validFrom.toISOString(),
    validUntil: row.validUntil.toISOString(),
    used:
      usedAt === null || usedOrderNo === null
        ? null
        : { at: usedAt.toISOString(), orderNo: usedOrderNo, discountMinor: discountMinor ?? 0 },
  };
}
