import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import type pg from 'pg';
import type { ImportKind } from '../features/imports/fields.ts';
import { type ImportResult, runImport } from '../features/imports/service.ts';
import type { PlainLog } from '../lib/plain-log.ts';
import { addDays, dayOf } from '../lib/zoned-time.ts';
import {
  demoFeatures,
  insertBounces,
  insertDemoMarketplace,
  insertFeatures,
  insertShops,
  withDemoLock,
} from './demo-db.ts';
import { csv, type RetailFiles, retailFiles, shiftTo } from './demo-retail.ts';

const marketplace = { currency: 'JPY', zone: 'Asia/Tokyo', language: 'ja' };
/** What a pound of the data set is in yen. */
const yenPerPound = 190;

const smallShops = [
  { shopNo: 'hanamidori', encoding: 'cp932' },
  { shopNo: 'seoul-bloom', encoding: 'cp949' },
] as const;

export interface DemoOptions {
  pool: pg.Pool;
  now: Date;
  /** The folder `demo` of the repository. */
  dir: string;
  publicUrl: string;
  log: PlainLog;
}

/**
 * Fills an empty database with the demo marketplace: three shops, their items, features, customers, orders and fellows, all
 * but the features through the importer. The marketplace's own row comes last and everything before it can be done twice,
 * so a start that was cut short is finished by the next one. Users and coupons are not made here.
 */
export async function buildDemo(options: DemoOptions): Promise<void> {
  await withDemoLock(options.pool, async (exists) => {
    if (exists) return;
    const { pool, now, dir, publicUrl, log } = options;
    const started = performance.now();
    const today = dayOf(now, marketplace.zone);
    await insertShops(pool, now);
    const retail = await retailFiles(join(dir, 'online-retail'), today);
    await loadRetail(options, retail);
    for (const shop of smallShops) await loadSmallShop(options, { ...shop, today, retail });
    await insertBounces(pool, retail.bounced, new Date(now.getTime() - 20 * 86_400_000));
    await insertFeatures(pool, demoFeatures, now);
    await insertDemoMarketplace(pool, publicUrl, now);
    log.info(`The demo marketplace is ready (${((performance.now() - started) / 1_000).toFixed(1)} s).`);
  });
}

async function loadRetail(options: DemoOptions, retail: RetailFiles): Promise<void> {
  const shop = 'online-retail';
  await load(options, { kind: 'items', shop, text: retail.items, multiply: { price: yenPerPound } });
  await load(options, { kind: 'customers', text: retail.customers });
  await load(options, { kind: 'orders', shop, text: retail.orders, multiply: { total: yenPerPound } });
  await load(options, { kind: 'fellows', shop, text: retail.fellows });
}

interface SmallShop {
  shopNo: string;
  encoding: 'cp932' | 'cp949';
  today: string;
  retail: RetailFiles;
}

/** Files as a marketplace in that country would export them: its encoding, its headings, its way to write dates. */
async function loadSmallShop(
  options: DemoOptions,
  { shopNo: shop, encoding, today, retail }: SmallShop,
): Promise<void> {
  const read = async (name: string) => iconv.decode(await readFile(join(options.dir, shop, name)), encoding);
  const orders = await read('orders.csv');
  const days = shiftTo(today, orders.match(dates)?.map((date) => date.replace(/[/.]/g, '-')) ?? [today]);
  const loadMoved = async (kind: ImportKind, text: string) =>
    load(options, { kind, text: moveDates(text, days), ...(kind === 'customers' ? {} : { shop }) });
  await loadMoved('items', await read('items.csv'));
  await loadMoved('customers', await read('customers.csv'));
  await loadMoved('orders', orders);
  await loadMoved('fellows', await read('fellows.csv'));
  await load(options, { kind: 'fellows', shop, text: regulars(shop, retail, today) });
}

const dates = /\d{4}[/.]\d{2}[/.]\d{2}/g;

function moveDates(text: string, days: number): string {
  return text.replace(dates, (date) => addDays(date.replace(/[/.]/g, '-'), days));
}

/** Some customers of the large shop are fellows of the small ones too. */
function regulars(shop: string, { customerNos }: RetailFiles, today: string): string {
  const [step, from] = shop === 'hanamidori' ? [37, 5] : [61, 11];
  const chosen = customerNos.filter((_, index) => index % step === from);
  return csv(
    ['customer_no', 'registered_at'],
    chosen.map((no) => [no, addDays(today, -(Number(no) % 300) - 1)]),
  );
}

interface Load {
  kind: ImportKind;
  text: string;
  shop?: string;
  multiply?: Record<string, number>;
}

async function load({ pool, now }: DemoOptions, { kind, text, shop, multiply = {} }: Load): Promise<ImportResult> {
  const bytes = Buffer.from(text);
  const result = await runImport({
    pool,
    kind,
    input: { name: `${shop ?? 'demo'}-${kind}.csv`, bytes: pieces(bytes), size: bytes.length },
    mapping: { map: {}, set: shop === undefined ? {} : { shop_no: shop }, multiply },
    encoding: 'utf-8',
    marketplace,
    now: () => now,
  });
  const [first] = result.firstRejections;
  if (first) throw new Error(`The demo's ${kind} are broken: row ${first.row}, ${first.column}: ${first.sentence}`);
  return result;
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
