import type { Database } from '../apps/server/src/db/database.ts';
import { createFellows, createMarketplace, createShop, type TestShop } from '../apps/server/test/marketplace.ts';
import { createWaitingPush } from '../apps/server/test/waiting-push.ts';

export interface FilledLedger {
  shop: TestShop;
  pushId: number;
}

/**
 * A push that was sent to so many recipients, with its coupons: of a thousand, 20 used theirs, one has no mailbox any
 * more, 300 have a device; beside it another shop's push to a tenth of them. IDs are spread over the alphabet, and those
 * of seven people begin with zzz.
 */
export async function fillLedger({ db, pool }: Database, recipients: number): Promise<FilledLedger> {
  await createMarketplace(db);
  const shop = await createShop(db, 'Bench');
  const other = await createShop(db, 'Other');
  await createFellows(db, shop.shopId, { reachable: recipients });
  await pool.query(
    `update customer
        set login_id = case when customer_id % $1 = 0 then 'zzz'
                       else chr((97 + customer_id * 7 % 26)::int) || chr((97 + customer_id / 26 % 25)::int) || 'o' end
                       || customer_id`,
    [Math.floor(recipients / 7)],
  );
  const { pushId } = await createWaitingPush(db, shop);
  await send(pool, pushId, 1);
  await send(pool, (await createWaitingPush(db, other)).pushId, 10);
  await pool.query('vacuum analyze');
  return { shop, pushId };
}

/** Writes what delivery would have left, for every customer whose number `each` divides. */
async function send(pool: Database['pool'], pushId: number, each: number): Promise<void> {
  await pool.query(
    `insert into recipient (push_id, customer_id, email_state, email_attempts, email_at, app_push_state)
     select $1, customer_id, case when customer_id % 1000 = 7 then 'failed' else 'sent' end::delivery_state, 1, now(),
            case when customer_id % 10 < 3 then 'sent' else 'none' end::delivery_state
       from customer where customer_id % $2 = 0`,
    [pushId, each],
  );
  for (const statement of delivered) await pool.query(statement, [pushId]);
}

const delivered = [
  `insert into delivery_failure (push_id, customer_id, channel, state, kind)
   select push_id, customer_id, 'email', 'failed', 'address_unknown' from recipient
    where push_id = $1 and email_state = 'failed'`,
  `insert into issued_coupon (customer_id, push_id, coupon_id, shop_id, issued_at, valid_from, valid_until, used_at,
                              used_order_no, discount_minor)
   select customer_id, push.id, coupon_id, shop_id, now(), now(), now() + interval '30 days',
          case when customer_id % 50 = 3 then now() end, case when customer_id % 50 = 3 then 'A' || customer_id end,
          case when customer_id % 50 = 3 then 500 end
     from recipient join push on push.id = recipient.push_id
    where push_id = $1`,
  `insert into redemption (customer_id, push_id, order_no, coupon_id, shop_id, cart_minor, discount_minor, redeemed_at)
   select customer_id, push_id, used_order_no, coupon_id, shop_id, 3000, 500, used_at from issued_coupon
    where push_id = $1 and used_at is not null`,
  `insert into send_batch (push_id, channel, batch_no, from_customer_id, until_customer_id, owed, finished_at)
   select $1, channel, n, n * 2000, (n + 1) * 2000, 2000, now()
     from generate_series(0, (select max(customer_id) / 2000 from customer)) n,
          unnest('{email,app_push}'::channel[]) channel`,
  `update push set state = 'sent', dispatched_at = now(), issued_at = now(), finished_at = now() where id = $1`,
];
