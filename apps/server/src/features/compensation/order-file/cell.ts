import { type CellObject, SSF } from '@e965/xlsx';

/** Text as it stands in a file of text, or a cell with a type. */
export type Cell = string | CellObject;

export interface ReadCell {
  /** What stood there, for people: at most 100 characters, no control characters; empty for a blank cell. */
  text: string;
  /** Null when it cannot be an order number. */
  orderNo: string | null;
}

const maxOrderNo = 64;
const maxText = 100;

/** Spreadsheets keep 15 digits of a number: a longer one may have lost its end. */
const firstInexact = 1e15;

/** Control characters, halves of surrogate pairs, private use, and what undecodable bytes become. */
const unusable = /[\p{Cc}\p{Cs}\p{Co}\ufffd]/u;
/** 2.62749E+11: what is left of a number that was saved as text while its column was too narrow. */
const exponent = /^[+-]?\d(?:[.,]\d+)?E\+?\d+$/i;

/**
 * The order number in a cell. Letters, leading zeros and spaces inside are kept; full-width characters become plain ones;
 * spaces around it, invisible characters and the apostrophe that marks text are dropped.
 */
export function readCell(cell: Cell): ReadCell {
  if (typeof cell === 'string') return fromText(constantText(cell));
  if (cell.t === 's') return fromText(String(cell.v));
  if (cell.t === 'n' && typeof cell.v === 'number') return fromNumber(cell.v, cell.z);
  return { text: shown(cell.w ?? String(cell.v ?? '')), orderNo: null };
}

/** Whether the cell's value was calculated. Files of text have formulas only in the eyes of a spreadsheet program. */
export function isFormula(cell: Cell): boolean {
  if (typeof cell !== 'string') return cell.f !== undefined || cell.F !== undefined;
  return /^\s*=/.test(cell) && constantText(cell) === cell;
}

/** The text of ="00123", which exports write into csv so that spreadsheet programs keep its zeros. */
function constantText(cell: string): string {
  return /^\s*="([^"]*)"\s*$/.exec(cell)?.[1] ?? cell;
}

function fromText(raw: string): ReadCell {
  const text = shown(raw);
  if (raw.length > 20 * maxOrderNo) return { text, orderNo: null };
  const orderNo = trimmed(trimmed(raw).normalize('NFKC').replace(/^'/, '')).replace(/^(\d+)\.0+$/, '$1');
  const readable = orderNo !== '' && orderNo.length <= maxOrderNo && !unusable.test(orderNo) && !exponent.test(orderNo);
  return { text, orderNo: readable ? orderNo : null };
}

function fromNumber(value: number, format: string | number | undefined): ReadCell {
  const code = typeof format === 'string' ? format : 'General';
  if (SSF.is_date(code)) return { text: shown(SSF.format(code, value)), orderNo: null };
  if (!Number.isInteger(value) || value < 0 || value >= firstInexact) return { text: String(value), orderNo: null };
  return fromText(keepsZeros(code) ? SSF.format(code, value) : String(value));
}

/** Formats like 000000000 and "A-"0000: what they show is the number that people know. */
function keepsZeros(code: string): boolean {
  const [positive = ''] = code.split(';');
  const digits = positive.replace(/"[^"]*"|\\.|[_*].|\[[^\]]*\]/g, '');
  return /^[\s#?0-]*$/.test(digits) && /0/.test(digits);
}

/** Without spaces around it (full-width and no-break ones too) and invisible characters: zero-width ones, byte order marks. */
function trimmed(text: string): string {
  return text.replace(/\p{Cf}+/gu, '').trim();
}

function shown(raw: string): string {
  return trimmed(raw.replace(/\p{Cc}+/gu, ' '))
    .slice(0, maxText)
    .toWellFormed();
}
