import { defineConfig } from 'vitest/config';

/** Tests that need no database; "npm run check" runs them too. */
const WITHOUT_DATABASE = [
  'apps/server/test/architecture.test.ts',
  'packages/**/*.test.ts',
  'apps/{console,my-page}/**/*.test.{ts,tsx}',
];

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'pure', include: WITHOUT_DATABASE } },
      {
        extends: true,
        test: {
          name: 'server',
          include: ['apps/server/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...WITHOUT_DATABASE],
          globalSetup: ['apps/server/test/global-setup.ts'],
          // Holds the product's statements to what Citus can do, in every test file.
          setupFiles: ['apps/server/test/citus/setup.ts'],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
    ],
  },
});
