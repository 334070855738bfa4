import type { Trx } from '../db/database.ts';
import { createPerson, type PersonToCreate } from '../features/accounts/service.ts';
import { createCoupon } from '../features/coupons/service.ts';
import { demoPassword, demoSignIns } from './demo-sign-ins.ts';

/** Lets the demo's sellers sign in and gives each shop its first coupon. */
export async function createDemoPeople(trx: Trx, now: Date): Promise<void> {
  const shops = await trx.selectFrom('shop').select(['id', 'shop_no']).execute();
  for (const signIn of demoSignIns) {
    const shop = shops.find((row) => row.shop_no === signIn.shop);
    if (shop === undefined) continue;
    const person: PersonToCreate = {
      name: signIn.name,
      email: signIn.email,
      password: demoPassword,
      role: 'seller',
      language: signIn.language,
      shops: [{ shopId: shop.id, role: 'owner' }],
    };
    await createPerson(trx, person);
    const member = await trx
      .selectFrom('shop_member')
      .where('shop_id', '=', shop.id)
      .select('user_id')
      .executeTakeFirst();
    if (member === undefined) continue;
    await createCoupon(trx, { userId: member.user_id, shopId: shop.id }, { terms: firstCoupons[signIn.language], now });
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
