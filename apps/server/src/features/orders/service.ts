import type { Order } from '@coupon-push/contract/orders.ts';
import { maxOrdersAtOnce, maxOrdersExported, type OrderState } from '@coupon-push/contract/shop-limits.ts';
import type { Language } from '@coupon-push/i18n/languages.ts';
import { consoleText } from '@coupon-push/i18n/translator.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { type Download, fileTypes } from '../../http/download.ts';
import { maskIdentity } from '../../lib/masking.ts';
import { xlsxFile } from '../../lib/table-file.ts';
import { type Day, dayOf } from '../../lib/zoned-time.ts';
import { registeredWithin } from '../audiences/service.ts';
import { customerSearch } from '../customers/search.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { readShop } from '../shops/service.ts';
import { orderColumns } from './columns.ts';
import { type OrderFilter, type OrderRow, selectOrderNos, selectOrders } from './db.ts';
import { orderNoOf, readPlace, writePlace } from './rules.ts';

/** What a seller asks for; days are the marketplace's, both inclusive. */
export interface OrderQuery {
  from?: Day | undefined;
  until?: Day | undefined;
  state?: OrderState | undefined;
  customer?: string | undefined;
  orderNo?: string | undefined;
}

async function filterOf(db: Db | Trx, query: OrderQuery): Promise<OrderFilter> {
  const { zone } = await readMarketplace(db);
  return {
    ...registeredWithin(query.from, query.until, zone),
    state: query.state,
    customer: customerSearch(query.customer),
    orderNo: orderNoOf(query.orderNo),
  };
}

/** The orders of a shop, customers masked, newest first. @throws AppError not_found */
export async function listOrders(
  db: Db | Trx,
  scope: SellerScope,
  query: OrderQuery & { after: string | undefined; limit: number },
): Promise<{ entries: Order[]; next: string | null }> {
  await readShop(db, scope);
  const page = { before: readPlace(query.after), limit: query.limit + 1 };
  const rows = await selectOrders(db, scope, { ...(await filterOf(db, query)), ...page });
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    entries: shown.map(toOrder),
    next: rows.length > query.limit && last !== undefined ? writePlace(last) : null,
  };
}

/** The numbers alone, as many as can be compensated at once, newest first. @throws AppError not_found */
export async function orderNumbersOf(
  db: Db | Trx,
  scope: SellerScope,
  query: OrderQuery,
): Promise<{ orderNos: string[]; more: boolean }> {
  await readShop(db, scope);
  const orderNos = await selectOrderNos(db, scope, await filterOf(db, query), maxOrdersAtOnce + 1);
  return { orderNos: orderNos.slice(0, maxOrdersAtOnce), more: orderNos.length > maxOrdersAtOnce };
}

/** Rows read at once while a file is written. */
const pageSize = 2000;

/**
 * A file that the upload of a compensation takes as it is: "Order No." in column A, and beside it what helps to choose
 * from the rows. The newest 100,000, as many as an upload takes.
 * @throws AppError not_found
 */
export async function exportOrders(
  db: Db,
  scope: SellerScope,
  query: OrderQuery,
  { language, now }: { language: Language; now: Date },
): Promise<Download> {
  const shop = await readShop(db, scope);
  const { zone, currency } = await readMarketplace(db);
  const name = consoleText(language, 'orders.title');
  const pages = allOrders(db, scope, await filterOf(db, query));
  const table = { name, columns: orderColumns({ language, currency, zone }), pages, zone };
  return {
    name: `${shop.name}-${name}-${dayOf(now, zone)}.xlsx`,
    type: fileTypes.xlsx,
    body: xlsxFile(table),
  };
}

async function* allOrders(db: Db, scope: SellerScope, filter: OrderFilter): AsyncGenerator<Order[]> {
  let before: OrderRow | undefined;
  for (let left = maxOrdersExported; left > 0; left -= pageSize) {
    const rows: OrderRow[] = await selectOrders(db, scope, { ...filter, before, limit: Math.min(pageSize, left) });
    yield rows.map(toOrder);
    before = rows.at(-1);
    if (rows.length < pageSize) return;
  }
}

function toOrder({ orderNo, orderedAt, totalMinor, state, identity }: OrderRow): Order {
  return { orderNo, orderedAt: orderedAt.toISOString(), totalMinor, state, customer: maskIdentity(identity ?? '') };
}
