import { expect } from '@playwright/test';
import { chooseCoupon, chooseSlot } from './guide-steps.ts';
import { guides } from './guide-words.ts';
import { test } from './product.ts';
import { expectNoViolations, signIn } from './steps.ts';

// Cancelling, and the history with its four tabs (docs/guide-coverage.md). What is cancelled here leaves the week free.
test.use({ productFor: 'the guide of promotions', timezoneId: 'America/New_York' });

for (const guide of Object.values(guides)) {
  test.describe(guide.locale, () => {
    test.use({ locale: guide.locale });

    test('a push is cancelled in the history, and its week is free again', async ({ page }) => {
      await signIn(page, guide.seller);
      await page.getByRole('navigation').first().getByRole('link', { name: guide.push }).click();
      await chooseCoupon(page, guide);
      await chooseSlot(page, guide);
      await page.getByRole('button', { name: guide.apply }).click();
      await page.getByRole('dialog').getByRole('button', { name: guide.apply }).click();
      await expect(page.getByText(guide.applied).first()).toBeVisible();
      await page.getByRole('link', { name: guide.details }).click();
      const number = /(\d+)$/.exec(new URL(page.url()).pathname)?.[1] ?? '';

      await page.getByRole('navigation').first().getByRole('link', { name: guide.push }).click();
      await page.getByRole('link', { name: guide.history }).last().click();
      for (const tab of guide.tabs) await expect(page.getByRole('tab', { name: tab, exact: true })).toBeVisible();
      for (const column of guide.columns) {
        await expect(page.getByRole('columnheader', { name: column, exact: true })).toBeVisible();
      }
      await expect(page.getByRole('textbox', { name: guide.find.from })).not.toHaveValue('');
      const line = page.getByRole('row').filter({ hasText: number });
      await expect(line.getByText(guide.waiting)).toBeVisible();
      await page.getByRole('textbox', { name: guide.find.number }).fill('1');
      await page.getByRole('button', { name: guide.find.search }).click();
      await expect(line).toBeHidden();
      await page.getByRole('textbox', { name: guide.find.number }).fill('');
      await page.getByRole('button', { name: guide.find.search }).click();
      await line.getByRole('checkbox').check();
      await page.getByRole('button', { name: guide.cancel, exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: guide.cancel, exact: true }).click();
      await expect(page.getByRole('status').filter({ hasText: number })).toBeVisible();
      await expect(line).toBeHidden();

      for (const tab of guide.tabs) {
        await page.getByRole('tab', { name: tab, exact: true }).click();
        await expect(page.getByRole('tab', { name: tab, exact: true })).toHaveAttribute('aria-selected', 'true');
        await expect(page.getByRole('tabpanel')).toBeVisible();
        await expectNoViolations(page);
      }
      await page.getByRole('tab', { name: guide.tabs[1], exact: true }).click();
      await expect(line.getByText(guide.cancelled)).toBeVisible();
      await page.getByRole('navigation').first().getByRole('link', { name: guide.push }).click();
      await expect(page.getByText(guide.weekFree).first()).toBeVisible();
    });
  });
}
