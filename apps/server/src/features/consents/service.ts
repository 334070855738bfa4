import type { Db, Trx } from '../../db/database.ts';
import { selectMailConsent, writeRefusal } from './db.ts';

/** How a refusal reached us: the mail program's own button (RFC 8058), or our page. */
export type RefusalWay = 'one_click' | 'page';

/**
 * A customer wants no more shop coupon mail: from this moment nobody sends them any, and when and how it was said is
 * kept (law-and-standards.md). Said again, it changes and records nothing.
 * @returns 'refused', 'already', or 'unknown' when there is no such customer.
 */
export async function refuseCouponMail(
  db: Db | Trx,
  refusal: { customerId: number; how: RefusalWay; source: string; at: Date },
): Promise<'refused' | 'already' | 'unknown'> {
  if (await writeRefusal(db, refusal)) return 'refused';
  const customer = await selectMailConsent(db, refusal.customerId);
  return customer === undefined ? 'unknown' : 'already';
}
