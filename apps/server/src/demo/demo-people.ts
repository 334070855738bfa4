import type { Trx } from '../db/database.ts';
import { createPerson } from '../features/accounts/service.ts';
import { createCoupon } from '../features/coupons/service.ts';
import { demoPassword, demoSignIns } from './demo-sign-ins.ts';

/** Lets the demo's sellers sign in and gives each shop its first coupon. */
export async function createDemoPeople(trx: Trx, now: Date): Promise<void> {
  const rows = await trx.selectFrom('shop').select(['id', 'shop_no']).execute();
  const withCoupon = new Set<number>();
  for (const { name, email, language, shops } of demoSignIns) {
    const members = shops.flatMap(({ shopNo, role }) => {
      const shop = rows.find((row) => row.shop_no === shopNo);
      return shop === undefined ? [] : [{ shopId: shop.id, role }];
    });
    const person = { name, email, language, password: demoPassword, role: 'seller' as const, shops: members };
    const userId = await createPerson(trx, person);
    for (const { shopId, role } of members) {
      if (userId === null || role !== 'owner' || withCoupon.has(shopId)) continue;
      withCoupon.add(shopId);
      await createCoupon(trx, { userId, shopId }, { terms: firstCoupons[language], now });
    }
  }
}

const terms = {
  discount: { kind: 'amount', amountMinor: 500 },
  minPurchaseMinor: 2000,
  validity: { kind: 'days', days: 30 },
  qstoreOnly: false,
} as const;
const firstCoupons = {
  en: { ...terms, name: 'Welcome back' },
  ja: { ...terms, name: 'いつもありがとうクーポン' },
  ko: { ...terms, name: '단골 감사 쿠폰' },
};
