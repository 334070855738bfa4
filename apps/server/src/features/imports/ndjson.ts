import { tooLong } from '../../lib/csv.ts';
import { type FileRow, Problem } from './values.ts';

const maxRow = 65_536;

/**
 * Splits decoded text into one JSON object per line. `cells` are in the order of `names`, undefined where the object does
 * not have the name; numbers and yes/no become text.
 */
export class NdjsonReader {
  private rest = '';
  private row = 0;
  private skipping = false;
  private readonly names: readonly string[];

  constructor(names: readonly string[]) {
    this.names = names;
  }

  *read(text: string, last = false): Generator<FileRow> {
    const buffer = this.rest + text;
    let at = 0;
    for (;;) {
      let end = buffer.indexOf('\n', at);
      if (end < 0 && (!last || at >= buffer.length)) break;
      if (end < 0) end = buffer.length;
      const line = buffer.slice(at, end).trim();
      at = end + 1;
      if (this.skipping) {
        this.skipping = false;
        continue;
      }
      this.row += 1;
      if (line !== '') yield this.parse(line);
    }
    this.rest = this.skipping ? '' : buffer.slice(at);
    if (this.rest.length <= maxRow) return;
    this.row += 1;
    this.skipping = true;
    yield { row: this.row, cells: [], text: this.rest.slice(0, maxRow), problem: tooLong() };
    this.rest = '';
  }

  private parse(line: string): FileRow {
    const { row } = this;
    if (line.length > maxRow) return { row, cells: [], text: line.slice(0, maxRow), problem: tooLong() };
    const object = parseObject(line);
    if (object instanceof Problem) return { row, cells: [], text: line, problem: object };
    const cells: (string | undefined)[] = [];
    for (const name of this.names) {
      const cell = Object.hasOwn(object, name) ? toText(object[name], name) : undefined;
      if (cell instanceof Problem) return { row, cells: [], text: line, problem: cell };
      cells.push(cell);
    }
    return { row, cells, text: line };
  }
}

function parseObject(line: string): Record<string, unknown> | Problem {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // The sentence below says it.
  }
  return new Problem('not_json', 'This line is not a JSON object, like {"order_no":"1001","total":1200}.');
}

function toText(value: unknown, name: string): string | undefined | Problem {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return String(value);
    case 'number':
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
        return new Problem('not_text', `${name}: a number with so many digits loses the last ones; put it in quotes.`);
      }
      return String(value);
    default:
      return value === null
        ? ''
        : new Problem('not_text', `${name}: only text, numbers, true, false and null are read.`);
  }
}

/** The names in the first lines, in the order in which they come up. */
export function namesIn(sample: string): string[] {
  const names = new Set<string>();
  const lines = sample.split('\n');
  // The sample's last line may have been cut.
  for (const line of lines.length > 1 ? lines.slice(0, -1) : lines) {
    const object = parseObject(line.trim());
    if (object instanceof Problem) continue;
    for (const name of Object.keys(object)) names.add(name);
  }
  return [...names];
}
