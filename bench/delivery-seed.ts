import { createECDH, randomBytes } from 'node:crypto';
import type { Database } from '../apps/server/src/db/database.ts';
import { createFellows, createShop, type TestShop } from '../apps/server/test/marketplace.ts';
import { createWaitingPush } from '../apps/server/test/waiting-push.ts';
import type { PushChannel } from './delivery-options.ts';

/** Shops with so many fellows together, whom PostgreSQL knows of. */
export async function createShops({ db, pool }: Database, shops: number, recipients: number): Promise<TestShop[]> {
  const made: TestShop[] = [];
  for (let index = 0; index < shops; index += 1) {
    const shop = await createShop(db, `Bench ${index + 1}`);
    const share = Math.floor(recipients / shops) + (index < recipients % shops ? 1 : 0);
    await createFellows(db, shop.shopId, { reachable: share });
    made.push(shop);
  }
  // As autovacuum would have long done.
  await pool.query('vacuum analyze customer, fellow');
  return made;
}

/** A push of each shop, due now; `week` keeps several of one shop apart. */
export async function createPushes(
  { db, pool }: Database,
  shops: readonly TestShop[],
  week: number,
): Promise<number[]> {
  const pushIds: number[] = [];
  for (const shop of shops) {
    const slot = new Date(Date.now() - 1000 - week * 7 * 86_400_000);
    const { pushId } = await createWaitingPush(db, shop, { slot });
    // Of an earlier week; as if the operator had let it go out late.
    await pool.query('update push set slot = now(), released_at = now() where id = $1', [pushId]);
    pushIds.push(pushId);
  }
  return pushIds;
}

/** A device for each fellow, which takes turns between the channels. All browsers have one pair of keys: the work is the same. */
export async function createDevices(
  { pool }: Database,
  { shopId }: TestShop,
  { channels, origin }: { channels: readonly PushChannel[]; origin: string },
): Promise<void> {
  const browser = createECDH('prime256v1');
  const p256dh = browser.generateKeys('base64url');
  const auth = randomBytes(16).toString('base64url');
  await pool.query(
    `insert into subscription (customer_id, transport, endpoint, p256dh, auth, created_at)
     select customer_id, transport,
            case transport when 'web_push' then $1 || '/push/' || customer_id
                 else lpad(customer_id::text, 22, 'd') || ':APA91b' || repeat('x', 134) end,
            case transport when 'web_push' then $2 end, case transport when 'web_push' then $3 end, now()
       from fellow
      cross join lateral (select ($4::text[])[1 + customer_id % $5::int] as transport) device
      where shop_id = $6`,
    [origin, p256dh, auth, [...channels], channels.length, shopId],
  );
}
