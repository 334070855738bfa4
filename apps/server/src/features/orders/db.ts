import type { OrderState } from '@coupon-push/contract/shop-limits.ts';
import { type RawBuilder, sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';
import { ownedBy, type SellerScope } from '../../http/actor.ts';
import { type CustomerSearch, isSearched } from '../customers/search.ts';

/** Where a page ends: orders of one moment go by their number. */
export interface OrderPlace {
  micros: number;
  orderNo: string;
}

export interface OrderFilter {
  from: Date | undefined;
  until: Date | undefined;
  state: OrderState | undefined;
  customer: CustomerSearch | undefined;
  orderNo: string | undefined;
}

export interface OrderRow extends OrderPlace {
  orderedAt: Date;
  totalMinor: number;
  state: OrderState;
  identity: string | null;
}

/** Newest first. An order number leads to its customer, and with that to the one order, by primary keys. */
export async function selectOrders(
  db: Db | Trx,
  scope: SellerScope,
  filter: OrderFilter & { before: OrderPlace | undefined; limit: number },
): Promise<OrderRow[]> {
  const { rows } = await sql<OrderRow>`
    select customer_order.order_no as "orderNo", customer_order.ordered_at as "orderedAt",
           customer_order.total_minor as "totalMinor", customer_order.state,
           coalesce(customer.login_id, customer.email) as identity,
           (extract(epoch from customer_order.ordered_at) * 1000000)::bigint as micros
      from customer_order
      join customer on customer.customer_id = customer_order.customer_id
     where ${ownedBy(scope, 'customer_order.shop_id')}
       ${conditions(filter)}
       ${filter.before === undefined ? sql`` : isBefore(filter.before)}
     order by customer_order.ordered_at desc, customer_order.order_no desc
     limit ${filter.limit}`.execute(db);
  return rows;
}

/** The numbers alone, newest first. Customers are asked only where the filter is about them. */
export async function selectOrderNos(
  db: Db | Trx,
  scope: SellerScope,
  filter: OrderFilter,
  limit: number,
): Promise<string[]> {
  const customers =
    filter.customer === undefined ? sql`` : sql`join customer on customer.customer_id = customer_order.customer_id`;
  const { rows } = await sql<{ orderNo: string }>`
    select customer_order.order_no as "orderNo"
      from customer_order ${customers}
     where ${ownedBy(scope, 'customer_order.shop_id')}
       ${conditions(filter)}
     order by customer_order.ordered_at desc, customer_order.order_no desc
     limit ${limit}`.execute(db);
  return rows.map(({ orderNo }) => orderNo);
}

function isBefore({ micros, orderNo }: OrderPlace): RawBuilder<unknown> {
  return sql`and (customer_order.ordered_at, customer_order.order_no) <
                 (timestamptz 'epoch' + ${micros} * interval '1 microsecond', ${orderNo}::text)`;
}

function conditions({ from, until, state, customer, orderNo }: OrderFilter): RawBuilder<unknown> {
  const parts = [
    from && sql`and customer_order.ordered_at >= ${from}`,
    until && sql`and customer_order.ordered_at < ${until}`,
    state && sql`and customer_order.state = ${state}`,
    customer && sql`and ${isSearched(customer)}`,
    orderNo !== undefined &&
      sql`and customer_order.order_no = ${orderNo}
          and customer_order.customer_id = (select customer_id from order_number where order_no = ${orderNo})`,
  ];
  return sql.join(
    parts.filter((part) => part !== undefined && part !== false),
    sql`\n`,
  );
}
