/**
 * What "npm test" runs: every suite, one after the other, and in the end the single line `N passed, N failed`.
 * Whatever a suite does (fails to load, crashes, hangs, runs nothing, skips), it shows in that line and in the exit code.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Counts, countPlaywright, countVitest } from './test-counts.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RESULTS = join(ROOT, 'test-results');
const LIMIT_MS = 10 * 60_000;

interface Suite {
  name: string;
  /** A program of node_modules, and its arguments. */
  program: string;
  args: string[];
  env: Record<string, string>;
  report: string;
  count: (report: unknown) => Counts;
}

const SUITES: Suite[] = [
  {
    name: 'units and server',
    program: 'node_modules/vitest/vitest.mjs',
    args: ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${join(RESULTS, 'vitest.json')}`],
    env: {},
    report: join(RESULTS, 'vitest.json'),
    count: countVitest,
  },
  {
    name: 'browser',
    program: 'node_modules/@playwright/test/cli.js',
    args: ['test', '--config=e2e/playwright.config.ts', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: join(RESULTS, 'playwright.json') },
    report: join(RESULTS, 'playwright.json'),
    count: countPlaywright,
  },
];

/** Runs a program to its end and returns its exit code; undefined when it could not be run or took too long. */
async function run(suite: Suite): Promise<number | undefined> {
  const child = spawn(process.execPath, [join(ROOT, suite.program), ...suite.args], {
    cwd: ROOT,
    env: { ...process.env, ...suite.env },
    stdio: 'inherit',
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  try {
    return await new Promise((resolve) => {
      child.once('error', () => resolve(undefined));
      child.once('exit', (code) => resolve(code ?? undefined));
    });
  } finally {
    clearTimeout(limit);
  }
}

async function runSuite(suite: Suite): Promise<Counts> {
  rmSync(suite.report, { force: true });
  const code = await run(suite);
  const counts = readReport(suite);
  if (!counts) return { passed: 0, failed: 1, notes: ['it ended without a report'] };
  if (counts.passed + counts.failed === 0) return { ...counts, failed: 1, notes: [...counts.notes, 'no test ran'] };
  if (code !== 0 && counts.failed === 0) {
    const note = `every test passed, but the runner ended with ${code === undefined ? 'a signal' : `code ${code}`}`;
    return { ...counts, failed: 1, notes: [...counts.notes, note] };
  }
  return counts;
}

function readReport(suite: Suite): Counts | undefined {
  if (!existsSync(suite.report)) return undefined;
  try {
    return suite.count(JSON.parse(readFileSync(suite.report, 'utf8')));
  } catch {
    return undefined;
  }
}

mkdirSync(RESULTS, { recursive: true });
let passed = 0;
let failed = 0;
for (const suite of SUITES) {
  const counts = await runSuite(suite);
  passed += counts.passed;
  failed += counts.failed;
  for (const note of counts.notes) console.log(`${suite.name}: ${note}; counted as failed`);
}
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);
