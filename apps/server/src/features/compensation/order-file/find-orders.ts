import { type Cell, isFormula, readCell } from './cell.ts';
import { Refusal } from './refusal.ts';
import type { Sheet } from './sheet.ts';

export interface FoundOrders {
  sheet: string | null;
  /** 'A', 'C': as spreadsheet programs name it. */
  column: string;
  rows: { rowNo: number; text: string; orderNo: string | null }[];
}

export const maxRows = 100_000;

/** How far down a header is looked for: titles and notes may stand above it. */
const headerWithin = 20;
const headers = new Set([
  'orderno',
  'ordernos',
  'ordernumber',
  'ordernumbers',
  'orderid',
  '注文番号',
  '注文no',
  '受注番号',
  'オーダー番号',
  'オーダーno',
  '주문번호',
  '주문no',
]);

/**
 * Finds the order numbers: below the header in the first sheet that has it, in whatever column; without a header in the
 * first sheet that has anything, column A, or the first column with something in it. Blank cells are left out.
 * @throws Refusal order_file_empty, order_file_too_many_rows, order_file_formulas
 */
export function findOrders(sheets: readonly Sheet[]): FoundOrders {
  const withHeader = sheets.map((sheet) => ({ sheet, header: findHeader(sheet) }));
  for (const { sheet, header } of withHeader) {
    const rows = header === undefined ? [] : readColumn(sheet, header.column, header.rowNo);
    if (header !== undefined && rows.length > 0) return found(sheet, header.column, rows);
  }
  for (const { sheet, header } of withHeader) {
    const column = header === undefined ? firstColumn(sheet) : undefined;
    if (column !== undefined) return found(sheet, column, readColumn(sheet, column, 0));
  }
  throw new Refusal('order_file_empty');
}

function found(sheet: Sheet, column: number, rows: FoundOrders['rows']): FoundOrders {
  if (rows.every((row) => row.orderNo === null)) throw new Refusal('order_file_empty');
  return { sheet: sheet.name, column: columnName(column), rows };
}

function findHeader(sheet: Sheet): { rowNo: number; column: number } | undefined {
  for (const { rowNo, cells } of sheet.rows()) {
    if (rowNo > headerWithin) return undefined;
    const column = cells.findIndex((cell) => cell !== undefined && isHeader(readCell(cell).text));
    if (column >= 0) return { rowNo, column };
  }
  return undefined;
}

/** "Order No." in its spellings, "注文番号（必須）", "* 주문 번호": case, width, spaces, dots and remarks do not count. */
export function isHeader(text: string): boolean {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\([^)]*\)|[^\p{L}\p{N}]/gu, '');
  return headers.has(plain);
}

/** The first column that has anything in it, from 0; undefined for an empty sheet. */
function firstColumn(sheet: Sheet): number | undefined {
  let first: number | undefined;
  for (const { cells, broken } of sheet.rows()) {
    if (broken !== undefined) return 0;
    const end = Math.min(cells.length, first ?? cells.length);
    for (let column = 0; column < end; column += 1) {
      if (isBlank(cells[column])) continue;
      first = column;
      break;
    }
    if (first === 0) return 0;
  }
  return first;
}

function readColumn(sheet: Sheet, column: number, headerRow: number): FoundOrders['rows'] {
  const rows: FoundOrders['rows'] = [];
  for (const { rowNo, cells, broken } of sheet.rows(column)) {
    if (rowNo <= headerRow) continue;
    const cell = cells[column];
    if (cell !== undefined && isFormula(cell)) {
      throw new Refusal('order_file_formulas', { cell: `${columnName(column)}${rowNo}` });
    }
    const { text, orderNo } = readCell(broken ?? cell ?? '');
    if (text === '') continue;
    if (rows.length === maxRows) throw new Refusal('order_file_too_many_rows', { max: maxRows.toLocaleString('en') });
    rows.push({ rowNo, text, orderNo: broken === undefined ? orderNo : null });
  }
  return rows;
}

function isBlank(cell: Cell | undefined): boolean {
  return cell === undefined || (!isFormula(cell) && readCell(cell).text === '');
}

/** 0 is A, 26 is AA. */
export function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter;
}
