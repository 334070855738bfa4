import { randomUUID } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { sql } from 'kysely';
import type { Db } from '../src/db/database.ts';
import { insertMember, insertPerson } from '../src/features/accounts/db.ts';

export const password = 'a-long-password';
/** Made once: it is slow on purpose. */
const passwordHash = hashPassword(password);

/** A marketplace of profile jp with nobody in it. */
export async function createMarketplace(db: Db): Promise<void> {
  await db
    .insertInto('marketplace')
    .values({
      name: 'テストモール',
      sender_name: 'テストモール株式会社',
      sender_postal_address: '〒100-0001 東京都千代田区1-1',
      sender_email: 'no-reply@mall.example.com',
      contact_url: 'https://mall.example.com/contact',
      shop_url_template: 'https://mall.example.com/shop/{shop}',
      item_url_template: 'https://mall.example.com/shop/{shop}/item/{item}',
      feature_url_template: 'https://mall.example.com/shop/{shop}/feature/{feature}',
      coupon_box_url: 'https://mall.example.com/my/coupons',
      qpost_url: 'https://mall.example.com/my/qpost',
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export interface TestShop {
  shopId: number;
  userId: string;
  email: string;
  itemIds: number[];
}

/** A shop with an owner who can sign in, and twenty items ranked 1 to 20. */
export async function createShop(db: Db, name: string): Promise<TestShop> {
  const email = `${randomUUID()}@sellers.example.com`;
  return await db.transaction().execute(async (trx) => {
    const shop = await trx
      .insertInto('shop')
      .values({ shop_no: randomUUID(), name })
      .returning('id')
      .executeTakeFirstOrThrow();
    const userId = randomUUID();
    const seller = { name: `${name}の店長`, email, role: 'seller', language: 'ja' } as const;
    await insertPerson(trx, { ...seller, id: userId, passwordHash: await passwordHash });
    await insertMember(trx, shop.id, userId, 'owner');
    const { rows } = await sql<{ id: number }>`
      insert into item (shop_id, item_no, name, search_text, price_minor, sales_rank)
      select ${shop.id}, ${shop.id} || '-' || n, 'Ｃｕｐ ' || n, 'cup ' || n, n * 100, n
        from generate_series(1, 20) n
      returning id`.execute(trx);
    return { shopId: shop.id, userId, email, itemIds: rows.map((row) => row.id) };
  });
}

/** Why a test customer cannot be reached; none: they can. */
export type CustomerKind = 'reachable' | 'left' | 'unverified' | 'refused' | 'suppressed' | 'muted';

/**
 * Fellows of a shop, `count` of each kind, registered one a day from 2026-01-01, over 300 days. Languages take turns. Returns the
 * customers by kind; their addresses are `c<customer_id>@customers.example.com`.
 */
export async function createFellows(
  db: Db,
  shopId: number,
  counts: Partial<Record<CustomerKind, number>>,
): Promise<Record<string, number[]>> {
  const byKind: Record<string, number[]> = {};
  for (const [kind, count] of Object.entries(counts)) {
    const { rows } = await sql<{ customer_id: number }>`
      with made as (
        select nextval('customer_id_seq') as id, n from generate_series(0, ${count - 1}) n
      ),
      customers as (
        insert into customer (customer_id, customer_no, login_id, email, email_verified_at, language,
                              refuses_coupon_mail, mail_suppressed_at, left_at)
        select id, 'c' || id, 'login' || id, 'c' || id || '@customers.example.com',
               case when ${kind}::text <> 'unverified' then timestamptz '2026-01-01' end,
               (array['ja', 'ko', 'en']::language[])[1 + n % 3], ${kind}::text = 'refused',
               case when ${kind}::text = 'suppressed' then timestamptz '2026-01-01' end,
               case when ${kind}::text = 'left' then timestamptz '2026-01-01' end
          from made
        returning customer_id, customer_no, held_back
      ),
      numbers as (
        insert into customer_number (customer_no, customer_id) select customer_no, customer_id from customers
      )
      insert into fellow (customer_id, shop_id, registered_at, muted_at, held_back)
      select customer_id, ${shopId}, timestamptz '2026-01-01 00:00+09' + n % 300 * interval '1 day',
             case when ${kind}::text = 'muted' then timestamptz '2026-01-01' end,
             case when ${kind}::text = 'muted' then 'muted' else held_back end
        from customers
        join made on made.id = customers.customer_id
      returning customer_id`.execute(db);
    byKind[kind] = rows.map((row) => row.customer_id);
  }
  return byKind;
}

/** Somebody else of a shop, or of several, who can sign in. */
export async function createMember(
  db: Db,
  shops: { shopId: number; role: 'owner' | 'staff' }[],
): Promise<{ email: string; userId: string }> {
  const email = `${randomUUID()}@people.example.com`;
  const userId = randomUUID();
  const person = { id: userId, name: '田中', email, role: 'seller', language: 'ja' } as const;
  await db.transaction().execute(async (trx) => {
    await insertPerson(trx, { ...person, passwordHash: await passwordHash });
    for (const { shopId, role } of shops) await insertMember(trx, shopId, userId, role);
  });
  return { email, userId };
}

/** Somebody who runs the marketplace, and is a member of no shop. */
export async function createOperator(db: Db): Promise<{ email: string; userId: string }> {
  const email = `${randomUUID()}@operator.example.com`;
  const userId = randomUUID();
  const operator = { id: userId, name: '運営者', email, role: 'operator', language: 'ja' } as const;
  await db.transaction().execute(async (trx) => insertPerson(trx, { ...operator, passwordHash: await passwordHash }));
  return { email, userId };
}

/** An order of each of these customers at a shop, by number `<prefix><customer_id>`. Returns the numbers. */
export async function createOrders(
  db: Db,
  shopId: number,
  customers: readonly number[],
  order: { prefix?: string; orderedAt?: Date; totalMinor?: number; state?: string } = {},
): Promise<string[]> {
  const { prefix = `${shopId}-`, orderedAt = new Date(), totalMinor = 1000, state = 'delivered' } = order;
  const { rows } = await sql<{ order_no: string }>`
    with numbered as (
      insert into order_number (order_no, shop_id, customer_id)
      select ${prefix} || customer_id, ${shopId}, customer_id from unnest(${customers}::bigint[]) as customer_id
      returning order_no, customer_id
    )
    insert into customer_order (customer_id, order_no, shop_id, ordered_at, total_minor, state)
    select customer_id, order_no, ${shopId}, ${orderedAt}, ${totalMinor}, ${state} from numbered
    returning order_no`.execute(db);
  return rows.map((row) => row.order_no);
}
