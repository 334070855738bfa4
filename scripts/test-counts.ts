/** How the reports of the runners become numbers. A skipped test is a failed one: nobody would notice it otherwise. */
export interface Counts {
  passed: number;
  failed: number;
  /** Why something counts as failed that no runner calls a failed test. */
  notes: string[];
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
}

/** From vitest's JSON reporter. */
export function countVitest(report: unknown): Counts {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = report as VitestReport;
  const skipped = numPendingTests + numTodoTests;
  // A file that does not load, or whose hooks fail, may have no failed test.
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((assertion) => assertion.status !== 'failed'),
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + skipped + broken.length,
    notes: [...skippedNote(skipped), ...broken.map(({ name }) => `${name} failed as a whole`)],
  };
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  errors: unknown[];
}

/** From Playwright's JSON reporter. `errors` are those outside of tests: a file that does not load, no tests found. */
export function countPlaywright(report: unknown): Counts {
  const { stats, errors } = report as PlaywrightReport;
  const outside = errors.length > 0 && stats.unexpected === 0 ? errors.length : 0;
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + stats.skipped + outside,
    notes: [...skippedNote(stats.skipped), ...(outside > 0 ? [`${outside} errors outside of tests`] : [])],
  };
}

function skippedNote(skipped: number): string[] {
  return skipped > 0 ? [`${skipped} tests were skipped`] : [];
}
