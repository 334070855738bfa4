import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { openDatabase } from '../apps/server/src/db/database.ts';
import { findRunningPostgres } from '../apps/server/src/db/embedded-postgres.ts';
import { demoPassword } from '../apps/server/src/demo/demo-sign-ins.ts';
import type { Product } from './product.ts';

/** Signs in at the page that an address without a session leads to. */
export async function signIn(page: Page, email: string): Promise<void> {
  await page.goto('/');
  await page.getByRole('textbox').first().fill(email);
  await page.locator('input[type=password]').fill(demoPassword);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').first().waitFor();
}

/** Asks the product's own database. */
export async function query(product: Product, text: string, values: unknown[] = []): Promise<unknown[]> {
  const url = product.databaseUrl ?? (await findRunningPostgres(product.dataDir)) ?? '';
  const database = openDatabase(url, { max: 1 });
  try {
    return (await database.pool.query(text, values)).rows;
  } finally {
    await database.close();
  }
}

/** What an automatic check of accessibility finds on the page as it stands. */
export async function expectNoViolations(page: Page): Promise<void> {
  // Not into frames: the e-mail in the preview lets no script run, axe's neither.
  const { violations } = await new AxeBuilder({ page }).exclude('iframe').analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.target)])).toEqual([]);
}
