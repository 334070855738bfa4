import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { ImportKind } from '../apps/server/src/features/imports/fields.ts';
import type { ImportResult } from '../apps/server/src/features/imports/service.ts';
import { benchDatabase } from './database.ts';

/** What bench/import-process.ts answers. */
export interface ImportAnswer {
  result: ImportResult;
  peakBytes: number;
}

export interface ImportBenchResult {
  orders: number;
  customers: number;
  ordersPerSecond: number;
  ordersPeakRssMb: number;
  /** The same file again: every row is looked up and found to be there. */
  ordersAgainPerSecond: number;
  ordersAgainPeakRssMb: number;
  customersPerSecond: number;
  fellowsPerSecond: number;
}

export const bounds = {
  ordersPerSecond: { atLeast: 50_000 },
  ordersPeakRssMb: { atMost: 250 },
  ordersAgainPeakRssMb: { atMost: 250 },
};

/**
 * Imports made-up files into a new embedded database with the product's settings. Each import runs in a process that does
 * nothing else, whose peak memory (the kernel's figure) is what is reported.
 */
export async function run({
  rows = 1_000_000,
  customers = 100_000,
}: {
  rows?: number;
  customers?: number;
}): Promise<ImportBenchResult> {
  const bench = await benchDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'coupon-push-bench-import-'));
  try {
    await bench.database.pool.query(`insert into shop (shop_no, name) values ('bench', 'Bench')`);
    const load = async (kind: ImportKind) => importFile(bench.url, kind, join(folder, `${kind}.csv`));
    await writeCustomers(join(folder, 'customers.csv'), customers);
    await writeOrders(join(folder, 'orders.csv'), rows, customers);
    await writeFellows(join(folder, 'fellows.csv'), customers);
    const people = await load('customers');
    const fellows = await load('fellows');
    const orders = await load('orders');
    const again = await load('orders');
    if (orders.result.written !== rows || again.result.unchanged !== rows) throw new Error('rows are missing');
    return {
      orders: rows,
      customers,
      ordersPerSecond: perSecond(orders),
      ordersPeakRssMb: orders.peakBytes / 1e6,
      ordersAgainPerSecond: perSecond(again),
      ordersAgainPeakRssMb: again.peakBytes / 1e6,
      customersPerSecond: perSecond(people),
      fellowsPerSecond: perSecond(fellows),
    };
  } finally {
    await bench.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function perSecond({ result }: ImportAnswer): number {
  return result.read / result.seconds;
}

async function importFile(url: string, kind: ImportKind, path: string): Promise<ImportAnswer> {
  const child = fork(join(import.meta.dirname, 'import-process.ts'), [url, kind, path]);
  const exited = once(child, 'exit');
  const [answer] = (await Promise.race([
    once(child, 'message'),
    exited.then(([code]) => {
      throw new Error(`the importing process ended with ${code}`);
    }),
  ])) as [ImportAnswer];
  await exited;
  return answer;
}

async function writeLines(path: string, heading: string, rows: number, line: (index: number) => string): Promise<void> {
  const file = createWriteStream(path);
  file.write(`${heading}\n`);
  for (let from = 0; from < rows; from += 2_000) {
    const lines: string[] = [];
    for (let index = from; index < Math.min(rows, from + 2_000); index += 1) lines.push(line(index), '\n');
    if (!file.write(lines.join(''))) await once(file, 'drain');
  }
  file.end();
  await finished(file);
}

async function writeCustomers(path: string, customers: number): Promise<void> {
  await writeLines(
    path,
    'customer_no,login_id,name,email,email_verified,language,refuses_coupon_mail',
    customers,
    (index) =>
      `C${index},shopper${index},山田 花子${index},shopper${index}@example.com,2025-04-01,ja,${index % 17 === 0 ? 'yes' : 'no'}`,
  );
}

/** In the order of time, as an export is; the customers come up in no order. */
async function writeOrders(path: string, rows: number, customers: number): Promise<void> {
  await writeLines(path, 'order_no,shop_no,customer_no,ordered_at,total,state', rows, (index) => {
    const at = new Date(Date.UTC(2025, 0, 1) + index * 30_000).toISOString().slice(0, 19).replace('T', ' ');
    return `${10_000_000 + index},bench,C${(index * 7_919) % customers},${at},${100 + ((index * 37) % 20_000)},delivered`;
  });
}

async function writeFellows(path: string, customers: number): Promise<void> {
  await writeLines(
    path,
    'shop_no,customer_no,registered_at',
    customers,
    (index) => `bench,C${index},2025-0${1 + (index % 9)}-1${index % 10}`,
  );
}
