import { defineConfig } from '@playwright/test';
import { findChromium } from './chromium.ts';

const chromium = findChromium(process.env);

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../test-results/e2e',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: 'chromium',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium.executablePath,
      // Chromium's own sandbox does not work for root and in most containers; only our own pages are opened.
      args: ['--no-sandbox'],
      env: { ...definedEnv(), ...chromium.env },
    },
  },
});

function definedEnv(): Record<string, string> {
  const entries = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return Object.fromEntries(entries) as Record<string, string>;
}
