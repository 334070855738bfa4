import { parentPort, workerData } from 'node:worker_threads';
import { type FoundOrders, findOrders } from './find-orders.ts';
import { readSheets } from './read-sheets.ts';
import { type OrderFileCode, Refusal } from './refusal.ts';

/** What the thread answers, once. */
export type WorkerAnswer =
  | { sheet: string | null; column: string; rows: RowColumns[] }
  | { code: OrderFileCode; params: Record<string, string | number> };

/**
 * Some rows as three columns, with line breaks between the texts, which have none in them; an order number that there is
 * not is empty. 100,000 objects would hold up the server for longer than it takes to make them there, some at a time.
 */
export interface RowColumns {
  rowNos: Uint32Array;
  texts: string;
  orderNos: string;
}

const rowsAtATime = 5_000;

function answer(bytes: Uint8Array): WorkerAnswer {
  try {
    const { sheet, column, rows } = findOrders(readSheets(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)));
    const pieces = Array.from({ length: Math.ceil(rows.length / rowsAtATime) }, (_, index) =>
      toColumns(rows.slice(index * rowsAtATime, (index + 1) * rowsAtATime)),
    );
    return { sheet, column, rows: pieces };
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, params: error.params };
    throw error;
  }
}

function toColumns(rows: FoundOrders['rows']): RowColumns {
  return {
    rowNos: Uint32Array.from(rows, (row) => row.rowNo),
    texts: rows.map((row) => row.text).join('\n'),
    orderNos: rows.map((row) => row.orderNo ?? '').join('\n'),
  };
}

parentPort?.postMessage(answer(workerData as Uint8Array));
