import { isUtf8 } from 'node:buffer';
import { read } from '@e965/xlsx';
import { CsvReader, guessDelimiter } from '../../../lib/csv.ts';
import { guessEncoding, makeDecoder } from '../../../lib/text-encoding.ts';
import { Refusal } from './refusal.ts';
import { gridOf, gridSheet, type Sheet, type SheetRow } from './sheet.ts';
import { damaged } from './zip.ts';

const sampleSize = 65_536;
/** PDF, rich text, SYLK, a page saved with its pictures: text at the beginning, and no table that can be read. */
const otherKinds = /^(?:%PDF|\{\\rtf|ID;P|MIME-Version:)/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const notText = /[\x00-\x08\x0e-\x19\x1b-\x1f\ufffd]/g;

/**
 * Sheets of a file that is text: csv with commas, semicolons or tabs, and what is called .xls and is HTML or SpreadsheetML.
 * @throws Refusal
 */
export function readText(bytes: Buffer): Sheet[] {
  const text = decode(bytes);
  if (text.trim() === '') throw new Refusal('order_file_empty');
  refuseBinary(text);
  if (!/^\s*</.test(text)) return [readDelimited(text)];
  if (/^\s*<\?xml[\s\S]{0,2000}urn:schemas-microsoft-com:office:spreadsheet/.test(text)) return readSpreadsheetMl(text);
  return readHtml(text);
}

/** By the byte order mark; else UTF-8 if it is that; else what an XML or HTML heading says; else the likelier of two. */
function decode(bytes: Buffer): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes);
  const heading = bytes.toString('latin1', 0, 2_000);
  const label = /^\s*</.test(heading) && /(?:charset|encoding)\s*=\s*["']?([\w-]+)/i.exec(heading)?.[1];
  try {
    if (label) return new TextDecoder(label).decode(bytes);
  } catch {
    // not a name of an encoding
  }
  const first = bytes.findIndex((byte) => byte >= 0x80);
  const decoder = makeDecoder(guessEncoding(bytes.subarray(first, first + sampleSize)));
  return decoder.write(bytes) + decoder.end();
}

function refuseBinary(text: string): void {
  const sample = text.slice(0, sampleSize);
  const strange = sample.match(notText)?.length ?? 0;
  if (text.includes('\0') || strange > sample.length / 50 || otherKinds.test(sample)) throw damaged();
}

function readDelimited(text: string): Sheet {
  // All of the first lines count: titles stand above the header, without any delimiter.
  const beginning = text.slice(0, sampleSize).split(/\r\n|[\r\n]/, 20);
  const delimiter = guessDelimiter(beginning.join(' '));
  const lines = text.includes('\n') ? text : text.replaceAll('\r', '\n');
  return { name: null, rows: () => csvRows(lines, delimiter) };
}

function* csvRows(text: string, delimiter: string): Generator<SheetRow> {
  for (const { row, cells, problem, text: line } of new CsvReader(delimiter).read(text, true)) {
    yield problem === undefined ? { rowNo: row, cells } : { rowNo: row, cells: [], broken: line };
  }
}

const options = { type: 'string', dense: true, cellNF: true, cellHTML: false, cellText: false } as const;

/** The XML that Excel 2002 and 2003 wrote, and systems still do. */
function readSpreadsheetMl(text: string): Sheet[] {
  if (/<!DOCTYPE|<!ENTITY/.test(text)) throw damaged(); // no program writes them
  if (/<(?:\w+:)?SupBook\b/.test(text)) throw new Refusal('order_file_external_links');
  const book = read(text, { ...options, cellFormula: true });
  return book.SheetNames.flatMap((name) => {
    const sheet = book.Sheets[name];
    return sheet === undefined ? [] : [gridSheet(name, gridOf(sheet))];
  });
}

/** Every table of a page is a sheet; nothing but the text in its cells is looked at. */
function readHtml(text: string): Sheet[] {
  const page = withoutComments(text);
  const table = page.search(/<table\b/i);
  if (table < 0) throw damaged();
  const book = read(`<html>${page.slice(table)}`, { ...options, raw: true });
  return book.SheetNames.flatMap((name) => {
    const sheet = book.Sheets[name];
    return sheet === undefined ? [] : [gridSheet(null, gridOf(sheet))];
  });
}

function withoutComments(text: string): string {
  const [before = '', ...comments] = text.split('<!--');
  return before + comments.map((comment) => comment.split('-->').slice(1).join('-->')).join('');
}
