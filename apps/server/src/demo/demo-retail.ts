import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { addDays } from '../lib/zoned-time.ts';
import { categoriesOf } from './demo-categories.ts';
import { demoCustomer, randomFrom } from './demo-people-names.ts';

/** Import files as text, made from the Online Retail data set (demo/CREDITS.md). */
export interface RetailFiles {
  items: string;
  customers: string;
  orders: string;
  fellows: string;
  /** customer_no of those whose address bounced. */
  bounced: string[];
  customerNos: string[];
}

interface Order {
  InvoiceNo: string;
  InvoiceDate: string;
  CustomerID: string;
  TotalPrice: string;
}

interface Item {
  StockCode: string;
  Description: string;
  UnitPrice: string;
  UnitsSold: string;
}

/** Turns the real orders and items into import files, as of a day: the last order was the day before. */
export async function retailFiles(dir: string, today: string): Promise<RetailFiles> {
  const [orders, items] = await Promise.all([
    read<Order>(join(dir, 'online-retail-orders.csv')),
    read<Item>(join(dir, 'online-retail-items.csv')),
  ]);
  const shifted = shiftDates(orders, today);
  const first = new Map<string, string>();
  for (const { CustomerID, InvoiceNo, InvoiceDate } of orders) {
    if (!first.has(CustomerID)) first.set(CustomerID, `${shifted.get(InvoiceDate)} ${timeOf(InvoiceNo)}`);
  }
  const people = peopleFiles(first, today);
  return {
    items: csv(
      ['item_no', 'name', 'price', 'category_large', 'category_middle', 'category_small', 'units_sold'],
      items.map((item) => [
        item.StockCode,
        titleCase(item.Description),
        item.UnitPrice,
        ...categoriesOf(item.Description),
        item.UnitsSold,
      ]),
    ),
    orders: csv(
      ['order_no', 'customer_no', 'ordered_at', 'total', 'state'],
      orders.map(({ InvoiceNo, InvoiceDate, CustomerID, TotalPrice }) => {
        const day = shifted.get(InvoiceDate) ?? '';
        return [InvoiceNo, CustomerID, `${day} ${timeOf(InvoiceNo)}`, TotalPrice, stateOf(InvoiceNo, day, today)];
      }),
    ),
    ...people,
  };
}

async function read<T>(path: string): Promise<T[]> {
  return parse(await readFile(path), { columns: true, bom: true });
}

/** Each date of the orders, moved by the same number of days, so that the last one is yesterday. */
function shiftDates(orders: readonly Order[], today: string): Map<string, string> {
  const dates = new Set(orders.map((order) => order.InvoiceDate));
  return new Map([...dates].map((date) => [date, addDays(date, shiftTo(today, [...dates]))]));
}

/** By how many days the last of the dates becomes yesterday. */
export function shiftTo(today: string, dates: readonly string[]): number {
  const last = dates.toSorted().at(-1) ?? today;
  return Math.round((Date.parse(addDays(today, -1)) - Date.parse(last)) / 86_400_000);
}

/** The data has days only; the time of day is made up from the order's number, within shop hours. */
function timeOf(orderNo: string): string {
  const minutes = 9 * 60 + Math.floor(randomFrom(Number(orderNo))() * 12 * 60);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}:${pad((Number(orderNo) * 7) % 60)}`;
}

function stateOf(orderNo: string, day: string, today: string): string {
  if (Number(orderNo) % 53 === 0) return 'cancelled';
  if (day >= addDays(today, -2)) return 'paid';
  return day >= addDays(today, -8) ? 'shipped' : 'delivered';
}

/** Every customer is a fellow since the first order. 4% are not verified, 6% refuse, 1% left, 0.5% bounced. */
function peopleFiles(first: ReadonlyMap<string, string>, today: string) {
  const customers: string[][] = [];
  const fellows: string[][] = [];
  const bounced: string[] = [];
  for (const [no, since] of first) {
    const { login, name, email, language } = demoCustomer(no);
    const chance = randomFrom(Number(no) + 1_000_000)();
    const verified = chance < 0.04 ? 'no' : since;
    const refuses = chance >= 0.04 && chance < 0.1 ? 'yes' : 'no';
    const left = chance >= 0.1 && chance < 0.11 ? addDays(today, -1 - (Number(no) % 90)) : '';
    if (chance >= 0.11 && chance < 0.115) bounced.push(no);
    customers.push([no, login, name, email, verified, language, refuses, left]);
    fellows.push([no, since]);
  }
  const headings = [
    'customer_no',
    'login_id',
    'name',
    'email',
    'email_verified',
    'language',
    'refuses_coupon_mail',
    'left',
  ];
  return {
    customers: csv(headings, customers),
    fellows: csv(['customer_no', 'registered_at'], fellows),
    bounced,
    customerNos: [...first.keys()],
  };
}

/** `JUMBO BAG RED RETROSPOT` as `Jumbo Bag Red Retrospot`. */
export function titleCase(name: string): string {
  return name
    .toLowerCase()
    .replace(/(^|[\s(/+&"-])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())
    .replace(/\s+/g, ' ')
    .trim();
}

export function csv(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
  return `${[headings, ...rows].map(line).join('\n')}\n`;
}
