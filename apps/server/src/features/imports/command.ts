import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type pg from 'pg';
import { z } from 'zod';
import { encodings } from '../../lib/text-encoding.ts';
import { fieldsOf, type ImportKind, importKinds } from './fields.ts';
import { ImportError, type Mapping, mappingFile } from './mapping.ts';
import { ProgressBar, type Terminal } from './progress.ts';
import { type ImportOptions, type ImportResult, runImport } from './service.ts';

const options = {
  shop: { type: 'string' },
  map: { type: 'string', multiple: true },
  set: { type: 'string', multiple: true },
  multiply: { type: 'string', multiple: true },
  mapping: { type: 'string' },
  encoding: { type: 'string' },
  format: { type: 'string' },
  delimiter: { type: 'string' },
  rejected: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} satisfies ParseArgsConfig['options'];

function usage(): string {
  const fields = importKinds.map((kind) => {
    const names = fieldsOf[kind].map((field) => `${field.name}${field.required ? '*' : ''}`);
    return `  ${kind.padEnd(10)} ${wrap(names.join(', '), 13)}`;
  });
  return `Brings the marketplace's data in from a file. Running it again changes nothing; later files update earlier ones.

  import <${importKinds.join('|')}> <file> [options]

Fields (* is needed; the others may be missing):
${fields.join('\n')}

A column is found by its field's name or by what it is commonly called, in English, Japanese and Korean. Otherwise:
  --map FIELD=HEADING      which column a field is in; may be given several times
  --set FIELD=VALUE        the same value for every row
  --shop SHOP_NO           the same as --set shop_no=SHOP_NO
  --multiply FIELD=NUMBER  for amounts in another currency
  --mapping FILE.json      all of that in a file: {"map": {}, "set": {}, "multiply": {}}

  --encoding NAME          ${encodings.join(', ')}; found out from the file otherwise
  --format csv|ndjson      the same
  --delimiter CHARACTER    the same; tab for a tab
  --rejected FILE          where rows that cannot be used go, with the reason (otherwise beside the file)

Examples:
  import customers members.csv
  import items items.csv --shop hanamidori
  import orders online-retail-orders.csv --shop online-retail --map total=TotalPrice --multiply total=190
  import fellows fellows.ndjson
`;
}

/** Breaks a list into lines of about 100 characters. */
function wrap(text: string, indent: number): string {
  return text
    .replace(/(.{1,95})(?:, |$)/g, (_, line: string) => `${line},\n${' '.repeat(indent)}`)
    .replace(/,\n *$/, '');
}

/**
 * The `import` command.
 * @returns the exit code: 0 also when some rows were rejected (it says so), 1 when nothing could be read.
 */
export async function importCommand(
  argv: readonly string[],
  { pool, out, terminal }: { pool: pg.Pool; out: (text: string) => unknown; terminal?: Omit<Terminal, 'out'> },
): Promise<number> {
  try {
    const parsed = parseArguments(argv);
    if (parsed === 'help') {
      out(usage());
      return 0;
    }
    const { interactive, columns } = terminal ?? { interactive: process.stdout.isTTY, columns: process.stdout.columns };
    const bar = new ProgressBar({ out, interactive: interactive === true, columns: columns ?? 100 });
    const mapping = parsed.mapping ?? (await readMapping(parsed));
    const result = await runImport({ ...parsed.import, mapping, pool, onProgress: bar.update }).finally(bar.end);
    out(summary(parsed.import.kind, result));
    return result.read > 0 && result.read === result.rejected ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    out(`${error.message}\n`);
    return 1;
  }
}

interface Parsed {
  mapping: Mapping | undefined;
  mappingPath: string | undefined;
  given: Mapping;
  import: Omit<ImportOptions, 'pool' | 'input' | 'mapping'> & { input: string };
}

/** @throws ImportError with a sentence for whoever typed it */
function parseArguments(argv: readonly string[]): Parsed | 'help' {
  const { values, positionals } = parse(argv);
  if (values.help === true || argv.length === 0) return 'help';
  const [kindText, file, ...more] = positionals;
  const kind = importKinds.find((known) => known === kindText);
  if (kind === undefined) {
    throw new ImportError(`Say what is in the file: ${importKinds.join(', ')}, as in "import orders orders.csv".`);
  }
  if (file === undefined) throw new ImportError(`Name the file, as in "import ${kind} ${kind}.csv".`);
  if (more.length > 0) throw new ImportError(`One file at a time: what is "${more.join(' ')}" for?`);
  const rejectedPath = values.rejected ?? `${file}.rejected.csv`;
  if (resolve(rejectedPath) === resolve(file)) {
    throw new ImportError('The rejected rows cannot go into the file that is read. Name another with --rejected.');
  }
  const set = pairs('set', values.set);
  const given: Mapping = {
    map: pairs('map', values.map),
    set: values.shop === undefined ? set : { ...set, shop_no: values.shop },
    multiply: factors(pairs('multiply', values.multiply)),
  };
  return {
    mapping: values.mapping === undefined ? given : undefined,
    mappingPath: values.mapping,
    given,
    import: {
      kind,
      input: file,
      rejectedPath,
      encoding: oneOf('encoding', values.encoding?.toLowerCase(), encodings),
      format: oneOf('format', values.format, ['csv', 'ndjson'] as const),
      delimiter: delimiter(values.delimiter),
    },
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('.')[0] ?? '') : String(error);
    throw new ImportError(`${reason}. "import --help" lists what there is.`);
  }
}

function pairs(option: string, texts: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new ImportError(`--${option} is written FIELD=VALUE; "${text}" is not.`);
      return [text.slice(0, at).trim(), text.slice(at + 1)];
    }),
  );
}

function factors(texts: Record<string, string>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(texts).map(([field, text]) => {
      const factor = Number(text);
      if (!(factor > 0 && Number.isFinite(factor)))
        throw new ImportError(`--multiply ${field}: "${text}" is not a number above 0.`);
      return [field, factor];
    }),
  );
}

function oneOf<T extends string>(option: string, text: string | undefined, known: readonly T[]): T | undefined {
  if (text === undefined) return undefined;
  const found = known.find((name) => name === text);
  if (found === undefined) throw new ImportError(`--${option} is one of ${known.join(', ')}; "${text}" is not.`);
  return found;
}

function delimiter(text: string | undefined): string | undefined {
  const character = text === 'tab' || text === '\\t' ? '\t' : text;
  if (character !== undefined && (character.length !== 1 || /["\r\n]/.test(character))) {
    throw new ImportError(`--delimiter is one character, or tab; "${text}" is not.`);
  }
  return character;
}

/** The mapping file, with what the command line says on top. */
async function readMapping({ mappingPath = '', given }: Parsed): Promise<Mapping> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(mappingPath, 'utf8'));
  } catch (error) {
    throw new ImportError(
      `The mapping ${mappingPath} cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
  const parsed = mappingFile.safeParse(content);
  if (!parsed.success)
    throw new ImportError(`The mapping ${mappingPath} is not right:\n${z.prettifyError(parsed.error)}`);
  const { map, set, multiply } = parsed.data;
  return {
    map: { ...map, ...given.map },
    set: { ...set, ...given.set },
    multiply: { ...multiply, ...given.multiply },
  };
}

function summary(kind: ImportKind, result: ImportResult): string {
  const count = (value: number) => value.toLocaleString('en');
  const perSecond = Math.round(result.read / Math.max(result.seconds, 0.001));
  const lines = [
    `${count(result.read)} rows of ${kind} read in ${result.seconds.toFixed(1)} s (${count(perSecond)} a second): ` +
      `${count(result.written)} written, ${count(result.unchanged)} unchanged` +
      (result.repeated > 0 ? `, ${count(result.repeated)} replaced by a later row` : '') +
      `, ${count(result.rejected)} rejected.`,
    `Read as ${result.format}, ${result.encoding}: ${result.columns.map(({ field, heading }) => (field === heading ? field : `${field} from "${heading}"`)).join(', ')}.`,
  ];
  if (result.unused.length > 0) lines.push(`Not used: ${result.unused.slice(0, 20).join(', ')}.`);
  for (const { row, column, sentence } of result.firstRejections) {
    lines.push(`  row ${row}${column === '' ? '' : `, ${column}`}: ${sentence}`);
  }
  if (result.rejected > result.firstRejections.length) {
    lines.push(`  and ${count(result.rejected - result.firstRejections.length)} more`);
  }
  if (result.rejectedPath !== undefined) {
    lines.push(`Rejected rows are in ${result.rejectedPath}. Mend them there, and import that file.`);
  }
  return `${lines.join('\n')}\n`;
}
