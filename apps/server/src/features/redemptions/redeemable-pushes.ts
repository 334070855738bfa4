import { type CouponTerms, couponTermsSchema } from '@coupon-push/contract/coupons.ts';
import type { Db } from '../../db/database.ts';
import { type RedeemablePush, selectRedeemablePush } from './db.ts';

export type TermsOfPush = Omit<RedeemablePush, 'terms'> & { terms: CouponTerms };

/** Beyond this those read first are forgotten. */
const most = 10_000;
const knownForMs = 60_000;

/**
 * The terms that issued coupons go by, as this process remembers them: they are frozen with the push, and many customers
 * of one push come to the checkout in the same hours. Read again after a minute, for a shop whose number was changed.
 */
export class RedeemablePushes {
  readonly #known = new Map<number, { push: TermsOfPush; readAt: number }>();

  /** Undefined for a push that does not exist or has issued nothing; that is not remembered. */
  async find(db: Db, pushId: number): Promise<TermsOfPush | undefined> {
    const known = this.#known.get(pushId);
    if (known !== undefined && performance.now() - known.readAt < knownForMs) return known.push;
    const row = await selectRedeemablePush(db, pushId);
    if (row === undefined) return undefined;
    const push = { ...row, terms: couponTermsSchema.parse(row.terms) };
    this.#known.delete(pushId);
    this.#known.set(pushId, { push, readAt: performance.now() });
    const [oldest] = this.#known.keys();
    if (this.#known.size > most && oldest !== undefined) this.#known.delete(oldest);
    return push;
  }
}
