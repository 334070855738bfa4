import { Readable } from 'node:stream';
import { writeXlsxStream } from 'hucre/xlsx';
import { Temporal } from 'temporal-polyfill';

type CellValue = string | number | Date | null;

/** A column of a file that people open in a spreadsheet. id: a whole number that is not grouped. */
export interface TableColumn<Row> {
  heading: string;
  /** number: as many decimals as given; percent: 0.125 is 12.5 %; moment: a Date, written in the table's zone. */
  kind: 'text' | 'id' | 'number' | 'percent' | 'moment';
  decimals?: number;
  value: (row: Row) => CellValue;
}

/** Rows that are fetched page by page while the file is being written, and never held together. */
export interface Table<Row> {
  /** The sheet's name in xlsx; more rows than a sheet can have go on in further sheets. */
  name: string;
  columns: readonly TableColumn<Row>[];
  pages: AsyncIterable<readonly Row[]>;
  zone: string;
}

/** What a spreadsheet may take for a formula, full-width signs included, when a cell of a csv file begins with it. */
const formulaStart = /^(\s*[=+\-@＝＋－＠]|[\t\r\n])/;

/** The text as a csv cell that no spreadsheet runs as a formula (OWASP, CSV injection). */
export function csvText(text: string): string {
  const safe = formulaStart.test(text) ? `'${text}` : text;
  return /[",\r\n;\t]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * The table as csv: UTF-8 with a byte order mark, CRLF. Read only as fast as it is written out; destroyed, it asks for
 * no further page.
 */
export function csvFile<Row>(table: Table<Row>): Readable {
  return Readable.from(csvChunks(table), { objectMode: false });
}

async function* csvChunks<Row>({ columns, pages, zone }: Table<Row>): AsyncGenerator<Buffer> {
  const wallTime = wallTimeIn(zone);
  const cell = (column: TableColumn<Row>, value: CellValue): string => {
    if (value === null) return '';
    if (value instanceof Date) return dateText(wallTime(value));
    if (typeof value === 'string') return csvText(value);
    return column.kind === 'percent' ? `${Number((value * 100).toFixed(2))}%` : String(value);
  };
  yield Buffer.from(`\uFEFF${columns.map(({ heading }) => csvText(heading)).join(',')}\r\n`);
  for await (const rows of pages) {
    const lines = rows.map((row) => columns.map((column) => cell(column, column.value(row))).join(','));
    if (lines.length > 0) yield Buffer.from(`${lines.join('\r\n')}\r\n`);
  }
}

/** `2026/11/25 10:00:00` of a date whose UTC fields are the wall clock's. */
function dateText(wall: Date): string {
  return wall.toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
}

const numberFormats = {
  text: () => '@',
  id: () => '0',
  number: (decimals: number) => (decimals === 0 ? '#,##0' : `#,##0.${'0'.repeat(decimals)}`),
  percent: () => '0.0%',
  moment: () => 'yyyy/mm/dd hh:mm:ss',
};
const widths = { text: 22, id: 14, number: 14, percent: 10, moment: 20 };
/** Excel's limit of characters in a cell. */
const longestCell = 32_767;

/**
 * The table as xlsx, streamed like csvFile. Text is written as inline strings, which no spreadsheet takes for a formula
 * whatever they begin with; numbers, percentages and moments are what they are.
 */
export function xlsxFile<Row>(
  table: Table<Row>,
  { rowsPerSheet }: { /** Headings included; for tests. */ rowsPerSheet?: number } = {},
): Readable {
  const columns = table.columns.map(({ heading, kind, decimals = 0 }) => ({
    header: heading,
    width: widths[kind],
    numFmt: numberFormats[kind](decimals),
  }));
  const stream = writeXlsxStream(xlsxRows(table), {
    name: sheetName(table.name),
    columns,
    freezePane: { rows: 1 },
    ...(rowsPerSheet === undefined ? {} : { maxRowsPerSheet: rowsPerSheet }),
  });
  return Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]);
}

async function* xlsxRows<Row>({ columns, pages, zone }: Table<Row>): AsyncGenerator<CellValue[]> {
  const wallTime = wallTimeIn(zone);
  const cell = (value: CellValue): CellValue => {
    if (value instanceof Date) return wallTime(value);
    // What XML cannot hold would make the file unreadable.
    return typeof value === 'string'
      ? value
          .toWellFormed()
          .replace(/[\uFFFE\uFFFF]/g, '')
          .slice(0, longestCell)
      : value;
  };
  for await (const rows of pages) for (const row of rows) yield columns.map((column) => cell(column.value(row)));
}

/** Excel refuses these characters, more than 31 of any, and the name that it keeps for itself. */
function sheetName(name: string): string {
  const allowed = name
    .replace(/[\\/?*[\]:'\p{Cc}]/gu, ' ')
    .trim()
    .slice(0, 31)
    .trim();
  if (allowed === '') return 'Sheet';
  return allowed.toLowerCase() === 'history' ? `${allowed} 1` : allowed;
}

const quarterHour = 900_000;

/**
 * Turns moments into dates whose UTC fields show the zone's wall clock, as spreadsheets count. Offsets are looked up once
 * per quarter of an hour, at whose beginning clocks change: a million rows have a few hundred.
 */
function wallTimeIn(zone: string): (moment: Date) => Date {
  const offsets = new Map<number, number>();
  return (moment) => {
    const ms = moment.getTime();
    const quarter = Math.floor(ms / quarterHour);
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      const zoned = Temporal.Instant.fromEpochMilliseconds(quarter * quarterHour).toZonedDateTimeISO(zone);
      offset = zoned.offsetNanoseconds / 1_000_000;
      if (offsets.size > 50_000) offsets.clear();
      offsets.set(quarter, offset);
    }
    return new Date(ms + offset);
  };
}
