import type { IncomingHttpHeaders } from 'node:http';
import type { Language } from '@coupon-push/contract/common.ts';
import { type RawBuilder, sql } from 'kysely';
import { AppError } from '../lib/app-error.ts';

/** Who makes a request. */
export interface Actor {
  userId: string;
  name: string;
  email: string;
  role: 'seller' | 'operator';
  language: Language;
}

/** A request of a seller for one shop. Every query of a seller takes it and binds its rows to it in SQL. */
export interface SellerScope {
  userId: string;
  shopId: number;
}

/**
 * The condition that a row belongs to the shop of the request and that the person is a member of that shop now; with
 * 'owner', an owner of it. Put into every seller's query, so that a forgotten check before it gives away nothing.
 */
export function ownedBy(
  scope: SellerScope,
  shopColumn: string,
  role: 'member' | 'owner' = 'member',
): RawBuilder<boolean> {
  const asOwner = role === 'owner' ? sql`and shop_member.role = 'owner'` : sql``;
  return sql<boolean>`(${sql.ref(shopColumn)} = ${scope.shopId} and exists (
    select from shop_member
     where shop_member.shop_id = ${scope.shopId} and shop_member.user_id = ${scope.userId} ${asOwner}))`;
}

/**
 * Who makes this request, from its session.
 * @throws AppError not_signed_in
 */
export type Authenticate = (request: { headers: IncomingHttpHeaders }) => Promise<Actor>;

/**
 * The operator, and nobody else.
 * @throws AppError not_signed_in, not_allowed
 */
export async function authenticateOperator(
  authenticate: Authenticate,
  request: { headers: IncomingHttpHeaders },
): Promise<Actor> {
  const actor = await authenticate(request);
  if (actor.role !== 'operator') throw new AppError('not_allowed');
  return actor;
}
