import { type RawBuilder, sql } from 'kysely';

/** The condition that a customer has muted the shop of a push: asked at sending, as it may be since the push was issued. */
export function hasMuted(customerId: RawBuilder<unknown>, pushId: number): RawBuilder<boolean> {
  return sql<boolean>`exists (
    select from fellow
     where fellow.customer_id = ${customerId} and fellow.muted_at is not null
       and fellow.shop_id = (select shop_id from push where push.id = ${pushId}))`;
}
