/** Why a row cannot be split into cells: a code for programs, a sentence for people. */
export interface CsvProblem {
  readonly code: 'broken_quotes' | 'row_too_long';
  readonly sentence: string;
}

/** A row of a file: its number as spreadsheets count (the heading is 1), its cells, and its text as it was. */
export interface CsvRow {
  row: number;
  cells: (string | undefined)[];
  text: string;
  problem?: CsvProblem;
}

/** More than any row of data; also how far an unclosed quote can reach. */
const maxRow = 65_536;

/**
 * Splits decoded text into rows, as spreadsheets write them (RFC 4180): quoted cells may have delimiters, quotes and line
 * breaks in them; a quote inside an unquoted cell (`5" plate`) is itself.
 *
 * Own code because of what happens at a broken quote: csv-parse skips everything from there to the end of the file
 * (skip_records_with_error, max_record_size), and the good rows after it have to go in. Here only the broken line is
 * lost. It is also five times as fast (1,000,000 rows: 0.4 s instead of 2.0 s).
 */
export class CsvReader {
  private rest = '';
  private row = 0;
  /** Dropping the remainder of a row that is too long. */
  private skipping = false;
  private readonly delimiter: string;

  constructor(delimiter: string) {
    this.delimiter = delimiter;
  }

  /** The rows that are complete with this piece of text; call with `last` when there is no more. Empty lines are left out. */
  *read(text: string, last = false): Generator<CsvRow> {
    const buffer = this.rest + text;
    let at = 0;
    let quote = buffer.indexOf('"');
    while (at < buffer.length) {
      let lineEnd = buffer.indexOf('\n', at);
      if (lineEnd < 0 && (!last || this.skipping)) break;
      if (lineEnd < 0) lineEnd = buffer.length;
      if (this.skipping) {
        this.skipping = false;
        at = lineEnd + 1;
        continue;
      }
      if (quote >= 0 && quote < at) quote = buffer.indexOf('"', at);
      let end = lineEnd;
      let cells: string[] | CsvProblem;
      if (quote < 0 || quote >= lineEnd) {
        cells = lineEnd - at > maxRow ? tooLong() : trimLineEnd(buffer, at, lineEnd).split(this.delimiter);
      } else {
        const found = this.readQuoted(buffer, at, last);
        if (found === 'incomplete') break;
        cells = found.cells;
        end = Array.isArray(found.cells) ? found.end : lineEnd;
      }
      this.row += 1;
      const source = trimLineEnd(buffer, at, end);
      at = end + 1;
      if (!Array.isArray(cells)) yield { row: this.row, cells: [], text: source.slice(0, maxRow), problem: cells };
      else if (cells.length > 1 || cells[0] !== '') yield { row: this.row, cells, text: source };
    }
    yield* this.keep(buffer, at);
  }

  /** Keeps what is not complete for the next piece, unless it is already too long to ever be a row. */
  private *keep(buffer: string, at: number): Generator<CsvRow> {
    if (this.skipping) {
      this.rest = '';
    } else if (buffer.length - at > maxRow && buffer.indexOf('\n', at) < 0) {
      this.row += 1;
      this.skipping = true;
      this.rest = '';
      yield { row: this.row, cells: [], text: buffer.slice(at, at + maxRow), problem: tooLong() };
    } else {
      this.rest = buffer.slice(at);
    }
  }

  /** Reads a row that has a quote in it, which may go on over several lines. `end` is where its line break is. */
  private readQuoted(
    buffer: string,
    start: number,
    last: boolean,
  ): { cells: string[] | CsvProblem; end: number } | 'incomplete' {
    const cells: string[] = [];
    let at = start;
    for (;;) {
      let end: number;
      if (buffer[at] === '"') {
        const close = closingQuote(buffer, at + 1, start + maxRow);
        if (close === undefined) {
          if (!last && buffer.length - start <= maxRow) return 'incomplete';
          return { cells: brokenQuotes('The quote that begins a cell here is not closed.'), end: -1 };
        }
        cells.push(buffer.slice(at + 1, close).replaceAll('""', '"'));
        end = close + 1;
        if (buffer[end] === '\r' && (buffer[end + 1] === '\n' || end + 1 === buffer.length)) end += 1;
        // Whether a quote at the very end of the piece is the closing one, the next piece tells.
        if (end >= buffer.length) return last ? { cells, end } : 'incomplete';
        if (buffer[end] === '\n') return { cells, end };
        if (buffer[end] !== this.delimiter) {
          return {
            cells: brokenQuotes(
              'There is text behind the closing quote of a cell; quotes inside a cell are written twice.',
            ),
            end: -1,
          };
        }
      } else {
        const lineEnd = buffer.indexOf('\n', at);
        if (lineEnd < 0 && !last) {
          return buffer.length - start > maxRow ? { cells: tooLong(), end: -1 } : 'incomplete';
        }
        const limit = lineEnd < 0 ? buffer.length : lineEnd;
        const delimiter = buffer.indexOf(this.delimiter, at);
        end = delimiter < 0 || delimiter > limit ? limit : delimiter;
        if (end === limit) {
          cells.push(trimLineEnd(buffer, at, end));
          return limit - start > maxRow ? { cells: tooLong(), end: -1 } : { cells, end };
        }
        cells.push(buffer.slice(at, end));
      }
      at = end + 1;
    }
  }
}

function trimLineEnd(buffer: string, start: number, end: number): string {
  return buffer.slice(start, end > start && buffer[end - 1] === '\r' ? end - 1 : end);
}

/** The place of the quote that closes a cell; undefined when there is none before `limit`. */
function closingQuote(buffer: string, from: number, limit: number): number | undefined {
  let at = buffer.indexOf('"', from);
  while (at >= 0 && at <= limit) {
    if (buffer[at + 1] !== '"') return at;
    at = buffer.indexOf('"', at + 2);
  }
  return undefined;
}

function brokenQuotes(sentence: string): CsvProblem {
  return { code: 'broken_quotes', sentence };
}

export function tooLong(): CsvProblem {
  return { code: 'row_too_long', sentence: `A row can have ${maxRow} characters; this one is longer.` };
}

/** The delimiter that the heading line has most of. */
export function guessDelimiter(sample: string): string {
  const heading = (/^[^\r\n]*/.exec(sample)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = [',', '\t', ';'].map((delimiter) => ({ delimiter, count: heading.split(delimiter).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}
