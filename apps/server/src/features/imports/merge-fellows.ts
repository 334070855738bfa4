import { findUnknownCustomers } from './merge-orders.ts';
import type { MergeInput, MergeOutput } from './staging.ts';

/**
 * Staged fellows into fellow, with the copy of the customer's held_back. Rejected: fellows who are not customers.
 *
 * What lies on the coordinator of a Citus cluster is joined first, and goes to the rows of customers as it is: a chunk, not
 * all numbers.
 */
export async function mergeFellows(input: MergeInput): Promise<MergeOutput> {
  const { rowCount } = await input.client.query(`
    insert into fellow as f (customer_id, shop_id, registered_at, held_back)
      with named as materialized (
             select n.customer_id, s.shop_id, s.registered_at
               from staged s
               join customer_number n using (customer_no))
    select named.customer_id, named.shop_id, named.registered_at, c.held_back
      from named
      join customer c on c.customer_id = named.customer_id
     order by named.customer_id, named.shop_id
        on conflict (customer_id, shop_id) do update
       set registered_at = excluded.registered_at
     where f.registered_at is distinct from excluded.registered_at`);
  const written = rowCount ?? 0;
  return { written, rejected: written === input.rows ? [] : await findUnknownCustomers(input) };
}
