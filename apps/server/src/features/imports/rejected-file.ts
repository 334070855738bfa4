import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Rejection } from './rules.ts';

/** In front of the file's own headings, so that a mended file of rejected rows can be imported as it is. */
export const rejectedHeadings = ['rejected_row', 'rejected_column', 'rejected_reason', 'rejected_because'] as const;

/**
 * What a spreadsheet would take for a formula is written with an apostrophe in front, since this file is made to be opened
 * in one and its content comes from strangers. Plain numbers stay.
 */
export function escapeFormula(cell: string): string {
  return /^'*[=+\-@\t\r]/.test(cell) && !/^[+-]?\d[\d.,]*$/.test(cell) ? `'${cell}` : cell;
}

/** Undoes escapeFormula, for a file of rejected rows that comes back. */
export function unescapeFormula(cell: string): string {
  return /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
}

/** The file of rejected rows, in UTF-8 csv; it comes into being with the first of them. */
export class RejectedFile {
  private stream: WriteStream | undefined;
  private done: Promise<void> | undefined;
  readonly path: string;
  private readonly headings: readonly string[];

  /** @param headings of the file that is imported */
  constructor(path: string, headings: readonly string[]) {
    this.path = path;
    this.headings = headings;
  }

  /** @throws when the disk does not take it */
  async add(row: number, { column, problem }: Rejection, cells: readonly string[]): Promise<void> {
    const stream = this.stream ?? this.open();
    const line = csvLine([String(row), column, problem.code, problem.sentence, ...cells].map(escapeFormula));
    if (!stream.write(line)) await Promise.race([once(stream, 'drain'), this.done]);
    if (stream.errored) throw stream.errored;
  }

  private open(): WriteStream {
    const stream = createWriteStream(this.path);
    this.stream = stream;
    this.done = finished(stream);
    this.done.catch(() => {});
    // The byte order mark tells spreadsheets that it is UTF-8.
    stream.write(`\ufeff${csvLine([...rejectedHeadings, ...this.headings].map(escapeFormula))}`);
    return stream;
  }

  /** @returns the path, if there were any rejected rows */
  async close(): Promise<string | undefined> {
    if (this.stream === undefined) return undefined;
    this.stream.end();
    await this.done;
    return this.path;
  }
}
