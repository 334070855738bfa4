import { basename } from 'node:path';
import { minorUnitsPer } from '@coupon-push/i18n/format.ts';
import type pg from 'pg';
import { hashOf } from '../../lib/hash.ts';
import type { Encoding } from '../../lib/text-encoding.ts';
import { Chunk } from './chunk.ts';
import { insertRun, lockKind, maintain, readShops, selectMarketplace } from './db.ts';
import type { ImportKind } from './fields.ts';
import { Loader } from './loader.ts';
import { ImportError, type Mapping, noMapping, planSources } from './mapping.ts';
import { RejectedFile } from './rejected-file.ts';
import { type Accepted, identity, parseRow, type Rejection, type RowPlan, type Source } from './rules.ts';
import { type Format, type InputStream, type OpenSource, openSource } from './source.ts';
import type { MergeOutput } from './staging.ts';
import { type FileRow, Problem, type ProblemCode } from './values.ts';

export interface ImportOptions {
  pool: pg.Pool;
  kind: ImportKind;
  /** A path, or bytes from elsewhere. */
  input: string | InputStream;
  mapping?: Mapping | undefined;
  /** Found out from the file when not given; so are format and delimiter. */
  encoding?: Encoding | undefined;
  format?: Format | undefined;
  delimiter?: string | undefined;
  /** Where rejected rows are written; undefined: nowhere, they are only counted. */
  rejectedPath?: string | undefined;
  /** Of the marketplace; read from the database when not given. */
  marketplace?: { currency: string; zone: string; language: string } | undefined;
  now?: (() => Date) | undefined;
  onProgress?: ((progress: ImportCounts & ImportBytes) => void) | undefined;
}

export interface ImportBytes {
  bytes: number;
  /** Undefined when it is not known before the end. */
  totalBytes: number | undefined;
}

/** Of rows. read = written + unchanged + repeated + rejected, once the import is through. */
export interface ImportCounts {
  read: number;
  /** Added or changed. */
  written: number;
  unchanged: number;
  /** Followed by a row about the same thing, which won. */
  repeated: number;
  rejected: number;
}

export interface ImportResult extends ImportCounts {
  encoding: Encoding;
  format: Format;
  /** Which heading was taken for which field. */
  columns: { field: string; heading: string }[];
  /** Headings that nothing was taken from. */
  unused: string[];
  rejectedPath: string | undefined;
  /** The first few rejections. */
  firstRejections: { row: number; column: string; code: ProblemCode; sentence: string }[];
  seconds: number;
}

/**
 * Brings a file of customers, items, orders or fellows into the tables, streaming: memory does not grow with the file. Rows
 * that cannot be used go to the file of rejected rows, all others go in. Running it again changes nothing. It goes in by
 * chunks, each in a transaction: after a crash, what was done stays, and the same import finishes it.
 * @throws ImportError when the file as a whole cannot be used; the message is for the person at the terminal.
 */
export async function runImport(options: ImportOptions): Promise<ImportResult> {
  const started = performance.now();
  const startedAt = (options.now ?? (() => new Date()))();
  const source = await openSource(options.input, options);
  const { pool, kind } = options;
  const unlock = await lockKind(pool, kind);
  try {
    const plan = await makePlan(options, source);
    const run = new ImportRun(options, source, plan.row);
    const loader = await Loader.open({
      pool,
      kind,
      zone: plan.zone,
      language: plan.language,
      source: basename(source.name),
      now: startedAt,
      lanes: 2,
      onLoaded: (chunk, output) => run.loaded(chunk, output),
    });
    try {
      await run.readAll(loader);
      await loader.finish({ rankByUnits: has(plan.row, 'units_sold') && !has(plan.row, 'sales_rank') });
    } finally {
      await loader.close();
    }
    const rejectedPath = await run.rejectedFile?.close();
    if (run.counts.written > 0) await maintain(pool, kind);
    const finishedAt = (options.now ?? (() => new Date()))();
    await insertRun(pool, { kind, fileName: basename(source.name), counts: run.counts, startedAt, finishedAt });
    return {
      ...run.counts,
      encoding: source.encoding,
      format: source.format,
      columns: columnsOf(plan.row),
      unused: unusedOf(plan.row, source.headings),
      rejectedPath,
      firstRejections: run.first,
      seconds: (performance.now() - started) / 1_000,
    };
  } finally {
    await source.close();
    await unlock();
  }
}

/** One import while it runs: its counts, its chunk being filled and its rejected rows. */
class ImportRun {
  readonly counts: ImportCounts = { read: 0, written: 0, unchanged: 0, repeated: 0, rejected: 0 };
  readonly first: ImportResult['firstRejections'] = [];
  readonly rejectedFile: RejectedFile | undefined;
  private readonly options: ImportOptions;
  private readonly source: OpenSource;
  private readonly plan: RowPlan;
  private chunk = new Chunk();
  private bytes = 0;

  constructor(options: ImportOptions, source: OpenSource, plan: RowPlan) {
    this.options = options;
    this.source = source;
    this.plan = plan;
    const headings = source.format === 'csv' ? source.headings : ['line'];
    if (options.rejectedPath !== undefined) this.rejectedFile = new RejectedFile(options.rejectedPath, headings);
  }

  async readAll(loader: Loader): Promise<void> {
    const onBytes = (read: number): void => {
      this.bytes = read;
      this.report();
    };
    for await (const rows of this.source.rows(onBytes)) {
      for (const row of rows) {
        this.counts.read += 1;
        const parsed = this.parse(row);
        if ('problem' in parsed) {
          await this.reject(row.row, parsed, row.text);
          continue;
        }
        const hash = hashOf(parsed.key);
        const place = this.chunk.find(hash);
        if (place !== undefined) {
          // What two unlike rows mean depends on their order; so the earlier one goes in first.
          if (this.isLike(parsed, this.chunk.textAt(place))) this.counts.repeated += 1;
          else await this.flush(loader);
        }
        this.chunk.add(row.row, hash, parsed, row.text);
        if (this.chunk.full) await this.flush(loader);
      }
    }
    await this.flush(loader);
  }

  private parse(row: FileRow): Accepted | Rejection {
    if (row.problem !== undefined) return { column: '', problem: row.problem };
    if (row.cells.length !== this.source.headings.length) return wrongColumns(row, this.source.headings);
    return parseRow(row.cells, this.plan);
  }

  /** Whether the row can simply replace the earlier one, which had the same hash. */
  private isLike(parsed: Accepted, earlierText: string): boolean {
    const { kind } = this.options;
    const earlier = parseRow(this.source.cellsOf(earlierText), this.plan);
    if ('problem' in earlier || earlier.key !== parsed.key) return false;
    return identity(kind, earlier) === identity(kind, parsed);
  }

  private async flush(loader: Loader): Promise<void> {
    this.chunk = await loader.load(this.chunk);
  }

  async loaded(chunk: Chunk, { written, rejected }: MergeOutput): Promise<void> {
    this.counts.written += written;
    this.counts.unchanged += chunk.size - written - rejected.length;
    for (const { row, code } of rejected) {
      await this.reject(row, judged(code, this.plan), chunk.textAt(chunk.placeOf(row)));
    }
    this.report();
  }

  private async reject(row: number, rejection: Rejection, text: string): Promise<void> {
    this.counts.rejected += 1;
    const { column, problem } = rejection;
    if (this.first.length < 5) this.first.push({ row, column, code: problem.code, sentence: problem.sentence });
    await this.rejectedFile?.add(row, rejection, this.source.rejectedCells(text));
  }

  private report(): void {
    this.options.onProgress?.({ ...this.counts, bytes: this.bytes, totalBytes: this.source.size });
  }
}

async function makePlan(
  { pool, kind, mapping = noMapping, marketplace }: ImportOptions,
  source: OpenSource,
): Promise<{ row: RowPlan; zone: string; language: string }> {
  const { currency, zone, language } = marketplace ?? (await selectMarketplace(pool)) ?? noMarketplace();
  const shops = await readShops(pool);
  const sources = planSources(kind, source.headings, mapping);
  const context = { currency, decimals: Math.round(Math.log10(minorUnitsPer(currency))), shops };
  const row: RowPlan = { kind, sources, context };
  for (const found of sources) checkConstant(found, row);
  return { row, zone, language };
}

function noMarketplace(): never {
  throw new ImportError('There is no marketplace yet, so its currency and time zone are not known. Set it up first.');
}

/** A constant that cannot be used would reject every single row; it is refused at once. */
function checkConstant(source: Source | undefined, { context }: RowPlan): void {
  if (source === undefined || !('constant' in source.from)) return;
  const value = source.field.parse(source.from.constant.trim(), context, source.factor);
  if (typeof value === 'string') return;
  const shops =
    value.code === 'unknown_shop' ? ` There are: ${[...context.shops.keys()].slice(0, 20).join(', ')}.` : '';
  throw new ImportError(`${source.field.name}: ${value.sentence}${shops}`);
}

function has(plan: RowPlan, field: string): boolean {
  return plan.sources.some((source) => source?.field.name === field);
}

function columnsOf({ sources }: RowPlan): ImportResult['columns'] {
  return sources.flatMap((source) =>
    source === undefined || !('cell' in source.from) ? [] : [{ field: source.field.name, heading: source.heading }],
  );
}

function unusedOf({ sources }: RowPlan, headings: readonly string[]): string[] {
  const used = new Set(sources.flatMap((source) => (source && 'cell' in source.from ? [source.from.cell] : [])));
  return headings.filter((_, place) => !used.has(place));
}

function wrongColumns(row: FileRow, headings: readonly string[]): Rejection {
  const sentence = `This row has ${row.cells.length} cells; the heading has ${headings.length}.`;
  return { column: '', problem: new Problem('wrong_columns', sentence) };
}

const judgements: Partial<Record<ProblemCode, { field: string; sentence: string }>> = {
  unknown_customer: {
    field: 'customer_no',
    sentence: 'There is no customer with this number; import customers first.',
  },
  order_of_another_shop: { field: 'order_no', sentence: 'This order number is there already, with another shop.' },
  order_of_another_customer: {
    field: 'order_no',
    sentence: 'This order number is there already, with another customer.',
  },
};

/** What the database found out about a row. */
function judged(code: ProblemCode, { sources }: RowPlan): Rejection {
  const { field, sentence } = judgements[code] ?? { field: '', sentence: 'The database did not take this row.' };
  const column = sources.find((source) => source?.field.name === field)?.heading ?? '';
  return { column, problem: new Problem(code, sentence) };
}
