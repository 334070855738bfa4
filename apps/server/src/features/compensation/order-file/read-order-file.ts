import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { orderFileMaxBytes } from '@coupon-push/contract/compensation-limits.ts';
import { AppError } from '../../../lib/app-error.ts';
import type { WorkerAnswer } from './worker.ts';

export interface OrderFileRow {
  /** The row of the sheet, or of the file of text, as the seller's program counts it, from 1. */
  rowNo: number;
  /** What stood there: at most 100 characters. */
  text: string;
  /** Null when it cannot be an order number: a date, a broken line, a number that has lost its last digits. */
  orderNo: string | null;
}

export interface OrderFile {
  /** Null for files without named sheets: csv, HTML. */
  sheet: string | null;
  /** 'A', 'C'. */
  column: string;
  /** Without blank ones. */
  rows: OrderFileRow[];
}

export interface ReadLimits {
  milliseconds: number;
  /** Of the thread's objects. What it unpacks comes on top of that, and is limited by zip.ts. */
  megabytes: number;
}

/** 100,000 order numbers take half a second and 90 MB; the widest sheets that 10 MB can hold two seconds and 200 MB. */
const usualLimits: ReadLimits = { milliseconds: 10_000, megabytes: 384 };
const maxReaders = 2;
/** Each of those that wait holds a file of up to 10 MB. */
const maxWaiting = 20;

/** Of one shop, beside the one that is read: a page uploads one at a time. */
const maxWaitingOfShop = 3;

/** The shops whose files are being read. */
const reading: number[] = [];
const waiting: { shopId: number; begin: () => void }[] = [];

/**
 * Reads the order numbers out of a file that a seller uploaded: xlsx, xls, or text (csv, tabs, HTML and SpreadsheetML, in
 * UTF-8, UTF-16, CP932 or CP949). A thread of its own does it, with limits on time and memory; two files at a time, others
 * wait, and so do further ones of the same shop: files that are made to take long take one thread from the other shops, not
 * both. The name does not matter: files are called .xls that are something else.
 * @throws AppError order_file_* saying why the file is refused; too_many_requests, unavailable when too many are waiting,
 * of this shop or of all
 */
export async function readOrderFile(
  { bytes, shopId }: { name: string; bytes: Buffer; shopId: number },
  limits: ReadLimits = usualLimits,
): Promise<OrderFile> {
  if (bytes.length > orderFileMaxBytes) {
    throw new AppError('order_file_too_large', { max: orderFileMaxBytes / 1024 / 1024 });
  }
  if (bytes.length === 0) throw new AppError('order_file_empty');
  await turn(shopId);
  try {
    return await toOrderFile(await runWorker(bytes, limits));
  } finally {
    reading.splice(reading.indexOf(shopId), 1);
    beginNext();
  }
}

async function turn(shopId: number): Promise<void> {
  if (isFree(shopId)) {
    reading.push(shopId);
    return;
  }
  const ofShop = waiting.filter((one) => one.shopId === shopId);
  if (ofShop.length >= maxWaitingOfShop) throw new AppError('too_many_requests');
  if (waiting.length >= maxWaiting) throw new AppError('unavailable');
  await new Promise<void>((resolve) => waiting.push({ shopId, begin: resolve }));
}

function isFree(shopId: number): boolean {
  return reading.length < maxReaders && !reading.includes(shopId);
}

function beginNext(): void {
  const place = waiting.findIndex(({ shopId }) => isFree(shopId));
  const [next] = place < 0 ? [] : waiting.splice(place, 1);
  if (next === undefined) return;
  reading.push(next.shopId);
  next.begin();
}

async function runWorker(bytes: Buffer, limits: ReadLimits): Promise<WorkerAnswer> {
  const copy = new Uint8Array(bytes);
  // What SheetJS prints about files is nothing for the log.
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: copy,
    transferList: [copy.buffer],
    resourceLimits: { maxOldGenerationSizeMb: limits.megabytes, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
    stdout: true,
    stderr: true,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<WorkerAnswer>((resolve, reject) => {
      timer = setTimeout(() => reject(new AppError('order_file_too_slow')), limits.milliseconds);
      worker.once('message', resolve);
      worker.once('error', (error) =>
        reject(new AppError(isOutOfMemory(error) ? 'order_file_too_slow' : 'order_file_kind')),
      );
      worker.once('exit', () => reject(new AppError('order_file_kind')));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

async function toOrderFile(answer: WorkerAnswer): Promise<OrderFile> {
  if ('code' in answer) throw new AppError(answer.code, answer.params);
  const rows: OrderFileRow[] = [];
  for (const piece of answer.rows) {
    const texts = piece.texts.split('\n');
    const orderNos = piece.orderNos.split('\n');
    for (const [index, rowNo] of piece.rowNos.entries()) {
      rows.push({ rowNo, text: texts[index] ?? '', orderNo: orderNos[index] || null });
    }
    await setImmediate(); // others' requests come in between
  }
  return { sheet: answer.sheet, column: answer.column, rows };
}
