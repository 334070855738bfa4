import { findUnknownCustomers } from './merge-orders.ts';
import type { MergeInput, MergeOutput } from './staging.ts';

/** Staged fellows into fellow, with the copy of the customer's held_back. Rejected: fellows who are not customers. */
export async function mergeFellows(input: MergeInput): Promise<MergeOutput> {
  const { rowCount } = await input.client.query(`
    insert into fellow as f (customer_id, shop_id, registered_at, held_back)
    select n.customer_id, s.shop_id, s.registered_at, c.held_back
      from staged s
      join customer_number n using (customer_no)
      join customer c on c.customer_id = n.customer_id
     order by n.customer_id, s.shop_id
        on conflict (customer_id, shop_id) do update
       set registered_at = excluded.registered_at
     where f.registered_at is distinct from excluded.registered_at`);
  const written = rowCount ?? 0;
  return { written, rejected: written === input.rows ? [] : await findUnknownCustomers(input) };
}
