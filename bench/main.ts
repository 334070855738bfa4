import { readdirSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { OptionError } from './option-error.ts';

/** What a benchmark is: bench/<name>.ts exports these. */
interface Benchmark {
  /** Options have a default, all of them. */
  run(options: Record<string, number | string>): Promise<object>;
  /** Those that it has, where it checks them; the names of those that are text. */
  options?: readonly string[];
  texts?: readonly string[];
  /** What figures must be at least or at most; missing one makes the exit code 1. */
  bounds?: Record<string, { atLeast?: number; atMost?: number }>;
}

/** `npm run bench -- <name> [--json] [--option=value ...]` runs a benchmark and prints what it measured. */
async function main([name = '', ...rest]: readonly string[]): Promise<void> {
  if (!names().includes(name)) {
    process.stderr.write(`Usage: npm run bench -- <${names().join('|')}> [--json] [--option=value ...]\n`);
    process.exitCode = 1;
    return;
  }
  const json = rest.includes('--json');
  const benchmark = (await import(join(import.meta.dirname, `${name}.ts`))) as Benchmark;
  const options = parse(
    rest.filter((text) => text !== '--json'),
    benchmark,
  );
  const figures = Object.entries(await benchmark.run(options));
  const bounds = benchmark.bounds ?? {};
  process.stdout.write(
    json
      ? `${JSON.stringify({ benchmark: name, machine: machine(), ...Object.fromEntries(figures) })}\n`
      : table(name, figures, bounds),
  );
  if (figures.some(([figure, value]) => misses(value, bounds[figure]))) process.exitCode = 1;
}

/** The files here that export a benchmark; the others help them. */
function names(): string[] {
  return readdirSync(import.meta.dirname).flatMap((file) => {
    const name = /^([a-z-]+)\.ts$/.exec(file)?.[1];
    const isOne =
      name !== undefined &&
      readFileSync(join(import.meta.dirname, file), 'utf8').includes('\nexport async function run(');
    return isOne ? [name] : [];
  });
}

/** `--rows=1000` or `--rows 1000`. */
function parse(texts: readonly string[], benchmark: Benchmark): Record<string, number | string> {
  const options: Record<string, number | string> = {};
  const words = texts.flatMap((text) => (text.startsWith('--') ? text.split(/=(.*)/s, 2) : [text])).values();
  for (const word of words) {
    const name = /^--([a-zA-Z]+)$/.exec(word)?.[1];
    const value = words.next().value;
    if (name === undefined || value === undefined || value.startsWith('--')) {
      throw new OptionError(`Options are written --rows=1000; "${word}" is not.`);
    }
    if (benchmark.options?.includes(name) === false) {
      throw new OptionError(`There is no option --${name}; there are --${benchmark.options.join(', --')}.`);
    }
    options[name] = benchmark.texts?.includes(name) ? value : numberOf(name, value);
  }
  return options;
}

function numberOf(name: string, text: string): number {
  if (!/^\d[\d_]*$/.test(text))
    throw new OptionError(`Set --${name} to a number, as --${name}=1000; "${text}" is none.`);
  return Number(text.replaceAll('_', ''));
}

type Bound = { atLeast?: number; atMost?: number } | undefined;

function misses(value: unknown, bound: Bound): boolean {
  if (typeof value !== 'number' || bound === undefined) return false;
  return value < (bound.atLeast ?? value) || value > (bound.atMost ?? value);
}

function table(name: string, figures: readonly [string, unknown][], bounds: Record<string, Bound>): string {
  const width = Math.max(...figures.map(([figure]) => figure.length));
  const lines = figures.map(
    ([figure, value]) => `  ${figure.padEnd(width)}  ${show(value).padStart(12)}${mark(value, bounds[figure])}`,
  );
  return `${name}, on ${machine()}\n\n${lines.join('\n')}\n`;
}

function show(value: unknown): string {
  if (typeof value !== 'number') return String(value);
  return value.toLocaleString('en', { maximumFractionDigits: value >= 100 ? 0 : 2 });
}

function mark(value: unknown, bound: Bound): string {
  const limits = [
    ...(bound?.atLeast === undefined ? [] : [`at least ${show(bound.atLeast)}`]),
    ...(bound?.atMost === undefined ? [] : [`at most ${show(bound.atMost)}`]),
  ];
  return limits.length === 0 ? '' : `   ${limits.join(', ')}${misses(value, bound) ? ': MISSED' : ''}`;
}

function machine(): string {
  const [first] = cpus();
  return `${cpus().length} x ${first?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const text = error instanceof OptionError ? error.message : error instanceof Error ? error.stack : error;
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
});
