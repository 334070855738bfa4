import type { SignedInCustomer } from '@coupon-push/contract/customer-sessions.ts';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

type DemoCustomer = SignedInCustomer & { usableCoupons: number; shops: number };

/** Four customers of each language, of the first thousand: those with the most to see. */
export async function selectDemoCustomers(db: Db, now: Date): Promise<DemoCustomer[]> {
  const { rows } = await sql<DemoCustomer>`
    with first as (
      select customer_id, customer_no, name, language
        from customer
       where held_back is null
       order by customer_id
       limit 1000
    ),
    counted as (
      select first.*,
             (select count(*) from issued_coupon
               where issued_coupon.customer_id = first.customer_id and used_at is null and valid_until > ${now}) as coupons,
             (select count(*) from fellow where fellow.customer_id = first.customer_id) as shops
        from first
    ),
    ranked as (
      select *, row_number() over (partition by language order by coupons desc, shops desc, customer_id) as place
        from counted
    )
    select customer_no as "customerNo", name, language, coupons as "usableCoupons", shops
      from ranked
     where place <= 4
     order by language, place`.execute(db);
  return rows;
}
