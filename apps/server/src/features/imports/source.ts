import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { CsvReader, guessDelimiter } from '../../lib/csv.ts';
import { type Encoding, guessEncoding, makeDecoder } from '../../lib/text-encoding.ts';
import { ImportError } from './mapping.ts';
import { NdjsonReader, namesIn } from './ndjson.ts';
import { rejectedHeadings, unescapeFormula } from './rejected-file.ts';
import type { FileRow } from './values.ts';

export type Format = 'csv' | 'ndjson';

/** Bytes from elsewhere than a file. */
export interface InputStream {
  /** For the record of imports, and to guess the format by. */
  name: string;
  bytes: AsyncIterable<Buffer>;
  /** How many there will be, if known. */
  size?: number;
}

export interface SourceOptions {
  encoding?: Encoding | undefined;
  format?: Format | undefined;
  delimiter?: string | undefined;
}

export interface OpenSource {
  name: string;
  headings: string[];
  encoding: Encoding;
  format: Format;
  size: number | undefined;
  /**
   * The rows behind the heading, once, in pieces: handing over each row by itself would cost more than reading it.
   */
  rows(onBytes: (read: number) => void): AsyncGenerator<Iterable<FileRow>>;
  /** A row's text as cells again. */
  cellsOf(text: string): (string | undefined)[];
  /** The same for the file of rejected rows: the text in one cell where it is no csv, or broken. */
  rejectedCells(text: string): string[];
  /** Closes the file, also when its rows were not read. */
  close(): Promise<void>;
}

const sampleSize = 65_536;
const pieceSize = 65_536;

/**
 * Opens a file or stream, finds out what is in it from its first 64 KB, and reads its headings.
 * @throws ImportError when there is no such file, or nothing in it to read.
 */
export async function openSource(input: string | InputStream, options: SourceOptions): Promise<OpenSource> {
  const stream = typeof input === 'string' ? await openFile(input) : input;
  const iterator = stream.bytes[Symbol.asyncIterator]();
  try {
    return describe(stream, await readSample(iterator), iterator, options);
  } catch (error) {
    await iterator.return?.();
    throw error;
  }
}

function describe(
  stream: InputStream,
  first: Buffer,
  iterator: AsyncIterator<Buffer>,
  options: SourceOptions,
): OpenSource {
  const { name, size } = stream;
  if (first.length === 0) throw new ImportError(`${name} is empty.`);
  refuseSpreadsheets(first, name);
  const encoding = options.encoding ?? guessEncoding(first.subarray(0, sampleSize));
  const sample = makeDecoder(encoding).write(first.subarray(0, sampleSize));
  const format = options.format ?? guessFormat(name, sample);
  const delimiter = options.delimiter ?? guessDelimiter(sample);
  const all = format === 'csv' ? readHeadings(sample, delimiter) : namesIn(sample);
  if (all.length === 0) throw new ImportError(`${name} has no line that can be read as ${format}.`);
  const mended = format === 'csv' && rejectedHeadings.every((heading, index) => all[index] === heading);
  const headings = mended ? all.slice(rejectedHeadings.length) : all;
  const makeReader = () => (format === 'csv' ? new CsvReader(delimiter) : new NdjsonReader(headings));
  const again = (raw: string) => {
    const [row] = makeReader().read(raw, true);
    return row === undefined ? [] : (mended ? unescapeRow(row) : row).cells;
  };
  const text = decodeAll({ first, iterator, encoding });
  return {
    name,
    headings,
    encoding,
    format,
    size,
    rows: (onBytes) => readRows({ text, reader: makeReader(), heading: format === 'csv', mended, onBytes }),
    cellsOf: again,
    rejectedCells: (raw) => {
      const cells = format === 'csv' ? again(raw) : [];
      return cells.length === 0 ? [raw] : cells.map((cell) => cell ?? '');
    },
    close: async () => {
      await iterator.return?.();
    },
  };
}

async function openFile(path: string): Promise<InputStream> {
  let size: number | undefined;
  try {
    await using handle = await open(path);
    const stat = await handle.stat();
    if (stat.isDirectory()) throw new ImportError(`${path} is a folder; name a file.`);
    if (stat.isFile()) size = stat.size;
  } catch (error) {
    if (error instanceof ImportError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new ImportError(code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${code}).`);
  }
  const bytes = createReadStream(path, { highWaterMark: pieceSize });
  return { name: path, bytes, ...(size === undefined ? {} : { size }) };
}

async function readSample(iterator: AsyncIterator<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  while (length < sampleSize) {
    const next = await iterator.next();
    if (next.done) break;
    pieces.push(next.value);
    length += next.value.length;
  }
  return pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces);
}

function refuseSpreadsheets(first: Buffer, name: string): void {
  const begins = first.subarray(0, 4).toString('latin1');
  if (begins === 'PK\x03\x04' || begins === '\xd0\xcf\x11\xe0') {
    throw new ImportError(`${name} is a spreadsheet or an archive. Save it as csv (UTF-8) and import that.`);
  }
  if (begins.startsWith('\x1f\x8b')) throw new ImportError(`${name} is compressed. Unpack it with gunzip first.`);
}

function guessFormat(name: string, sample: string): Format {
  if (/\.(ndjson|jsonl)$/i.test(name)) return 'ndjson';
  if (/\.(csv|tsv|txt)$/i.test(name)) return 'csv';
  if (/^\s*\[/.test(sample)) {
    throw new ImportError(`${name} is one JSON array. Write one object per line instead (jq -c '.[]' does that).`);
  }
  return /^\s*\{/.test(sample) ? 'ndjson' : 'csv';
}

function readHeadings(sample: string, delimiter: string): string[] {
  for (const row of new CsvReader(delimiter).read(sample, true)) {
    return row.problem === undefined ? row.cells.map((cell) => (cell ?? '').trim()) : [];
  }
  return [];
}

interface Bytes {
  first: Buffer;
  iterator: AsyncIterator<Buffer>;
  encoding: Encoding;
}

async function* decodeAll({ first, iterator, encoding }: Bytes): AsyncGenerator<{ text: string; read: number }> {
  const decoder = makeDecoder(encoding);
  let read = first.length;
  try {
    yield { text: decoder.write(first), read };
    for (;;) {
      const next = await iterator.next();
      if (next.done) break;
      read += next.value.length;
      yield { text: decoder.write(next.value), read };
    }
    yield { text: decoder.end(), read };
  } finally {
    await iterator.return?.();
  }
}

interface Reading {
  text: AsyncGenerator<{ text: string; read: number }>;
  reader: CsvReader | NdjsonReader;
  /** The first row is the heading. */
  heading: boolean;
  /** A file of rejected rows that comes back. */
  mended: boolean;
  onBytes: (read: number) => void;
}

async function* readRows({ text, reader, heading, mended, onBytes }: Reading): AsyncGenerator<Iterable<FileRow>> {
  let skip = heading;
  function* rowsOf(piece: string, last: boolean): Generator<FileRow> {
    for (const row of reader.read(piece, last)) {
      if (skip) skip = false;
      else yield mended ? unescapeRow(row) : row;
    }
  }
  for await (const piece of text) {
    onBytes(piece.read);
    yield rowsOf(piece.text, false);
  }
  yield rowsOf('', true);
}

function unescapeRow(row: FileRow): FileRow {
  const cells = row.cells.slice(rejectedHeadings.length).map((cell) => cell && unescapeFormula(cell));
  return { ...row, cells };
}
