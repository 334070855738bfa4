import { read } from '@e965/xlsx';
import { openOle } from './ole.ts';
import { Refusal } from './refusal.ts';
import { type Grid, gridOf, gridSheet, type Sheet } from './sheet.ts';
import { damaged } from './zip.ts';

/** Records of [MS-XLS] that decide whether a file is read. */
const record = {
  formula: 0x0006,
  eof: 0x000a,
  filePass: 0x002f,
  boundSheet: 0x0085,
  supBook: 0x01ae,
  queryTable: 0x01ad,
  connection: 0x0876,
  bof: 0x0809,
} as const;

const biff8 = 0x0600;

interface BoundSheet {
  position: number;
  hidden: boolean;
  /** 0 worksheet, 1 macro sheet, 2 chart, 6 Visual Basic module. */
  type: number;
}

/**
 * The visible sheets of an xls file as Excel 97 to 2003 wrote them (BIFF8), which other programs still do.
 * @throws Refusal
 */
export function readXls(bytes: Buffer): Sheet[] {
  const file = openOle(bytes);
  // An encrypted xlsx is put into a compound file.
  if (file.names.has('encryptedpackage')) throw new Refusal('order_file_encrypted');
  const stream = file.stream('Workbook');
  if (stream === undefined) throw damaged();
  const bound = readGlobals(stream);
  if (file.names.has('_vba_project_cur') || bound.some(({ type }) => type === 1 || type === 6)) {
    throw new Refusal('order_file_macros');
  }
  const formulas = bound.map(({ position }) => formulaCells(stream, position));
  // Formulas are left alone: it is enough to know where there are some, and a strange one must not spoil the file.
  const book = read(stream, {
    type: 'buffer',
    dense: true,
    cellFormula: false,
    cellNF: true,
    cellHTML: false,
    cellText: false,
  });
  return bound.flatMap(({ hidden, type }, index) => {
    const name = book.SheetNames[index];
    const sheet = name === undefined ? undefined : book.Sheets[name];
    if (hidden || type !== 0) return [];
    if (name === undefined || sheet === undefined) throw damaged();
    return [gridSheet(name, withFormulas(gridOf(sheet), formulas[index] ?? []))];
  });
}

interface BiffRecord {
  type: number;
  data: Buffer;
}

/** The records from a place on. @throws Refusal order_file_kind when one goes beyond the end */
function* records(stream: Buffer, start: number): Generator<BiffRecord> {
  for (let at = start; at + 4 <= stream.length; ) {
    const end = at + 4 + stream.readUInt16LE(at + 2);
    if (end > stream.length) throw damaged();
    yield { type: stream.readUInt16LE(at), data: stream.subarray(at + 4, end) };
    at = end;
  }
}

/** The records of the substream that begins here, without charts that are embedded in it. */
function* substream(stream: Buffer, start: number): Generator<BiffRecord> {
  let depth = 0;
  for (const one of records(stream, start)) {
    if (one.type === record.bof) depth += 1;
    if (depth === 0) break;
    if (depth === 1) yield one;
    if (one.type === record.eof) depth -= 1;
    if (depth === 0) return;
  }
  throw damaged();
}

function readGlobals(stream: Buffer): BoundSheet[] {
  const sheets: BoundSheet[] = [];
  for (const { type, data } of substream(stream, 0)) {
    if (type === record.bof && (data.length < 4 || data.readUInt16LE(0) !== biff8)) throw damaged();
    if (type === record.filePass) throw new Refusal('order_file_encrypted');
    if (type === record.connection || (type === record.supBook && isOutside(data))) {
      throw new Refusal('order_file_external_links');
    }
    if (type !== record.boundSheet) continue;
    if (data.length < 8) throw damaged();
    sheets.push({ position: data.readUInt32LE(0), hidden: (data.readUInt8(4) & 3) !== 0, type: data.readUInt8(5) });
  }
  return sheets.sort((one, other) => one.position - other.position);
}

/** Whether a SupBook names another workbook: the workbook itself and add-in functions have marks instead of a name. */
function isOutside(data: Buffer): boolean {
  if (data.length < 4) throw damaged();
  const length = data.readUInt16LE(2);
  if (length === 0x0401 || length === 0x3a01) return false;
  const name = data.subarray(5);
  return !(length === 1 && (name[0] === 0 || name[0] === 0x20));
}

/** Row and column of each cell with a formula. @throws Refusal order_file_external_links for queries to databases */
function formulaCells(stream: Buffer, position: number): [row: number, column: number][] {
  const cells: [number, number][] = [];
  for (const { type, data } of substream(stream, position)) {
    if (type === record.queryTable) throw new Refusal('order_file_external_links');
    if (type !== record.formula) continue;
    if (data.length < 4) throw damaged();
    cells.push([data.readUInt16LE(0), data.readUInt16LE(2)]);
  }
  return cells;
}

function withFormulas(grid: Grid, cells: [row: number, column: number][]): Grid {
  for (const [row, column] of cells) {
    grid[row] ??= [];
    grid[row][column] = { t: 'z', f: '' };
  }
  return grid;
}
