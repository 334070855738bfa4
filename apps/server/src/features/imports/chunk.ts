import { type Accepted, copyLine } from './rules.ts';

/** Rows of a chunk at most, and bytes at which it is full before that. */
const maxRows = 40_000;
const fullBytes = 6_000_000;
/** Characters of a row at most, times bytes of a character at most. */
const longestRow = 65_536 * 3;

/**
 * Rows on their way into the database together: as COPY reads them, with what is needed to tell repeated ones and to report
 * rejected ones. All of it is in a few buffers that are used again and again; with strings and maps per row, the process
 * grew to 640 MB over a million rows, since V8 collects what has lived for a while late.
 */
export class Chunk {
  private readonly data = new ByteLog();
  private readonly texts = new ByteLog();
  private rows = 0;
  /** By place in the chunk: the row's number, where its text ends, and the hash of its key. */
  private readonly numbers = new Int32Array(maxRows);
  private readonly textEnds = new Int32Array(maxRows);
  private readonly hashes = new Int32Array(maxRows);
  /** Open addressing by hash: places + 1. One place per hash. */
  private readonly table = new Int32Array(131_072);
  /** Numbers of rows that a later one replaces. */
  superseded: number[] = [];

  get size(): number {
    return this.rows - this.superseded.length;
  }

  get full(): boolean {
    return this.rows === maxRows || this.data.length + this.texts.length >= fullBytes;
  }

  /** What COPY is sent. */
  get copyData(): Buffer {
    return this.data.bytes(0, this.data.length);
  }

  /** The place of the row whose key has this hash; very rarely that is another key. */
  find(hash: number): number | undefined {
    const found = this.table[this.slot(hash)] ?? 0;
    return found === 0 ? undefined : found - 1;
  }

  sharesKeyWith(other: Chunk): boolean {
    for (let place = 0; place < this.rows; place += 1) {
      if (other.find(this.hashes[place] ?? 0) !== undefined) return true;
    }
    return false;
  }

  /** Adds a row; the one that is there with the same hash is superseded. */
  add(row: number, hash: number, accepted: Accepted, text: string): void {
    const slot = this.slot(hash);
    const known = this.table[slot] ?? 0;
    if (known !== 0) this.superseded.push(this.numbers[known - 1] ?? 0);
    this.data.write(copyLine(row, accepted));
    this.texts.write(text);
    this.numbers[this.rows] = row;
    this.textEnds[this.rows] = this.texts.length;
    this.hashes[this.rows] = hash;
    this.rows += 1;
    this.table[slot] = this.rows;
  }

  /** The text of the row at a place. */
  textAt(place: number): string {
    const start = place === 0 ? 0 : (this.textEnds[place - 1] ?? 0);
    return this.texts.bytes(start, this.textEnds[place] ?? start).toString();
  }

  /** The place of a row by its number; numbers go up. */
  placeOf(row: number): number {
    let low = 0;
    let high = this.rows - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.numbers[middle] ?? 0) < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  reset(): void {
    this.rows = 0;
    this.data.reset();
    this.texts.reset();
    this.table.fill(0);
    this.superseded = [];
  }

  private slot(hash: number): number {
    let slot = hash & 131_071;
    for (;;) {
      const found = this.table[slot] ?? 0;
      if (found === 0 || this.hashes[found - 1] === hash) return slot;
      slot = (slot + 1) & 131_071;
    }
  }
}

class ByteLog {
  length = 0;
  private buffer = Buffer.allocUnsafeSlow(4_194_304);

  write(text: string): void {
    if (this.buffer.length - this.length < longestRow) {
      const larger = Buffer.allocUnsafeSlow(this.buffer.length * 2);
      this.buffer.copy(larger, 0, 0, this.length);
      this.buffer = larger;
    }
    this.length += this.buffer.write(text, this.length);
  }

  bytes(start: number, end: number): Buffer {
    return this.buffer.subarray(start, end);
  }

  reset(): void {
    this.length = 0;
  }
}
