import { sql } from 'kysely';
import type { Db, Trx } from '../db/database.ts';
import type { CustomerScope } from '../http/customer.ts';

interface ShopRow {
  shopId: number;
  shopNo: string;
}

export async function selectShop(db: Db, shopNo: string): Promise<ShopRow | undefined> {
  const { rows } = await sql<ShopRow>`
    select id as "shopId", shop_no as "shopNo" from shop where shop_no = ${shopNo}`.execute(db);
  return rows[0];
}

/** Those of the items that this shop has on sale. */
export async function selectPrices(
  db: Db,
  shopId: number,
  itemNos: readonly string[],
): Promise<{ itemNo: string; name: string; priceMinor: number }[]> {
  const { rows } = await sql<{ itemNo: string; name: string; priceMinor: number }>`
    select item_no as "itemNo", name, price_minor as "priceMinor"
      from item
     where shop_id = ${shopId} and on_sale and item_no = any (${itemNos}::text[])`.execute(db);
  return rows;
}

/** An order number has one customer and one shop. False when it is another's. */
export async function takeOrderNumber(db: Db, scope: CustomerScope, shopId: number, orderNo: string): Promise<boolean> {
  await sql`
    insert into order_number (order_no, shop_id, customer_id) values (${orderNo}, ${shopId}, ${scope.customerId})
    on conflict do nothing`.execute(db);
  const { rows } = await sql`
    select from order_number
     where order_no = ${orderNo} and shop_id = ${shopId} and customer_id = ${scope.customerId}`.execute(db);
  return rows.length > 0;
}

/** Who places or cancels one order takes turns until the transaction ends. False when it is not this customer's. */
export async function holdOrderNumber(trx: Trx, scope: CustomerScope, orderNo: string): Promise<boolean> {
  const { rows } = await sql`
    select from order_number where order_no = ${orderNo} and customer_id = ${scope.customerId} for update`.execute(trx);
  return rows.length > 0;
}

export interface OrderRow {
  orderNo: string;
  shopNo: string;
  shopName: string;
  placedAt: Date;
  payableMinor: number;
  cancelled: boolean;
}

const orders = sql`
  select customer_order.order_no as "orderNo", shop.shop_no as "shopNo", shop.name as "shopName",
         customer_order.ordered_at as "placedAt", customer_order.total_minor as "payableMinor",
         customer_order.state = 'cancelled' as cancelled
    from customer_order
    join shop on shop.id = customer_order.shop_id`;

export async function selectOrder(
  db: Db | Trx,
  { customerId }: CustomerScope,
  orderNo: string,
): Promise<OrderRow | undefined> {
  const { rows } = await sql<OrderRow>`
    ${orders} where customer_order.customer_id = ${customerId} and customer_order.order_no = ${orderNo}`.execute(db);
  return rows[0];
}

/** The latest orders that this checkout made. */
export async function selectLatestOrders(db: Db, { customerId }: CustomerScope, limit: number): Promise<OrderRow[]> {
  const { rows } = await sql<OrderRow>`
    ${orders}
     where customer_order.customer_id = ${customerId} and customer_order.order_no like 'DEMO-%'
     order by customer_order.ordered_at desc, customer_order.order_no
     limit ${limit}`.execute(db);
  return rows;
}

/** What was paid, as of every other order of the marketplace. */
export async function insertOrder(
  trx: Trx,
  { customerId }: CustomerScope,
  order: { orderNo: string; shopId: number; payableMinor: number; now: Date },
): Promise<void> {
  await sql`
    insert into customer_order (customer_id, order_no, shop_id, ordered_at, total_minor, state)
    values (${customerId}, ${order.orderNo}, ${order.shopId}, ${order.now}, ${order.payableMinor}, 'paid')`.execute(
    trx,
  );
}

export async function cancelOrder(trx: Trx, { customerId }: CustomerScope, orderNo: string): Promise<void> {
  await sql`
    update customer_order set state = 'cancelled'
     where customer_id = ${customerId} and order_no = ${orderNo}`.execute(trx);
}
