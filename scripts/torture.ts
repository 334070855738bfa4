/**
 * `npm run torture -- [--recipients=10000] [--kills=300] [--workers=3] [--seed=1] [--minutes=0] [--kinds=worker,smtp]`: a push during which workers,
 * database connections, the database server, its processes, the mail server and the push service are killed, and then its
 * books. With minutes, one push after another, with the next seed each, until they have passed. Ends with 1 when a book is wrong.
 */
import { parseArgs } from 'node:util';
import { removeAbandoned } from '../apps/server/test/temporary.ts';
import { type KillKind, killKinds, type TortureReport, torture } from '../apps/server/test/torture.ts';

const { values } = parseArgs({
  options: {
    recipients: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '300' },
    workers: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '0' },
    kinds: { type: 'string', default: killKinds.join() },
  },
});

function number(name: Exclude<keyof typeof values, 'kinds'>): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} is a whole number, as --${name}=3`);
  return value;
}

function kinds(): KillKind[] {
  const named = values.kinds.split(',');
  const known = killKinds.filter((kind) => named.includes(kind));
  if (known.length !== named.length) throw new Error(`--kinds are some of ${killKinds.join()}`);
  return known;
}

function print(seed: number, report: TortureReport): void {
  const { kills, wrong, gaveUp, ...figures } = report;
  const rows: [string, unknown][] = [
    ['seed', seed],
    ...Object.entries(figures),
    ...Object.entries(kills).map(([kind, count]): [string, number] => [`killed: ${kind}`, count]),
    ['killed in all', Object.values(kills).reduce((sum, count) => sum + count, 0)],
    ['wrong in the books', wrong.length],
    ['workers that ended by themselves', gaveUp.length],
  ];
  const lines = rows.map(([name, value]) => `  ${name.padEnd(34)}${String(value).padStart(10)}`);
  process.stdout.write(`\n${[...lines, ...wrong, ...gaveUp].join('\n')}\n`);
}

await removeAbandoned();
const until = Date.now() + number('minutes') * 60_000;
const limitMs = 60_000 + number('kills') * 5_000 + number('recipients') * 20;
for (let seed = number('seed'); ; seed += 1) {
  const report = await torture({
    recipients: number('recipients'),
    kills: number('kills'),
    workers: Math.max(1, number('workers')),
    kinds: kinds(),
    seed,
    limitMs,
    tell: (text) => process.stderr.write(`${text}\n`),
  });
  print(seed, report);
  if (report.wrong.length + report.gaveUp.length > 0) process.exitCode = 1;
  if (Date.now() >= until || process.exitCode === 1) break;
}
