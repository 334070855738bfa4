import { expect } from '@playwright/test';
import {
  applyAndSend,
  chooseCoupon,
  chooseItems,
  chooseSlot,
  chooseType,
  lookAtPreview,
  setBanner,
} from './guide-steps.ts';
import { guides } from './guide-words.ts';
import { test } from './product.ts';
import { query, signIn } from './steps.ts';

// The promotion's nine steps, as the guides number them (docs/guide-coverage.md).
test.use({ productFor: 'the guide of promotions', timezoneId: 'America/New_York' });
test.describe.configure({ mode: 'serial' });

for (const guide of Object.values(guides)) {
  test.describe(guide.locale, () => {
    test.use({ locale: guide.locale });

    test('a promotion goes out in nine steps', async ({ page, product }) => {
      await signIn(page, guide.seller);
      const menu = page.getByRole('navigation').first();
      for (const heading of guide.menu) await expect(menu.getByText(heading, { exact: true })).toBeVisible();
      await expect(menu.getByRole('link', { name: guide.contact })).toHaveAttribute('href', /^https?:/);
      await menu.getByRole('link', { name: guide.push }).click();
      await expect(page.getByRole('heading', { name: guide.title })).toBeVisible();

      await test.step('1: the type', () => chooseType(page, guide, 'promotion'));
      await test.step('2: the coupon', () => chooseCoupon(page, guide));
      const items = await test.step('3: the items', () => chooseItems(page, guide));
      await test.step('4: to fellows, from the start', async () => {
        await expect(page.getByRole('combobox', { name: guide.sendTo })).toHaveValue('fellows');
      });
      const all = await test.step('5: by registration date, the number follows', async () => {
        const number = page.getByText(guide.fellows);
        const matching = async () => Number(guide.fellows.exec((await number.textContent()) ?? '')?.[1]);
        await expect(page.getByRole('radio', { name: guide.filter.all })).toBeChecked();
        const everyone = await matching();
        await page.getByRole('radio', { name: guide.filter.period }).check();
        await page.getByRole('textbox', { name: guide.filter.from }).fill('2026/11/01');
        await page.getByRole('textbox', { name: guide.filter.until }).fill('2026/11/10');
        await page.keyboard.press('Tab');
        await expect.poll(matching).toBeLessThan(everyone);
        await page.getByRole('radio', { name: guide.filter.all }).check();
        await expect.poll(matching).toBe(everyone);
        return everyone;
      });
      await test.step('6: date and time', () => chooseSlot(page, guide));
      await test.step('7: the banner', () => setBanner(page, guide));
      await test.step('8: the preview', () => lookAtPreview(page, guide, items));
      await test.step('9: apply, and it goes out', async () => {
        const pushId = await applyAndSend(page, guide);
        const [row] = await query(
          product,
          `select (select matching from push_progress where push_id = $1) as matching,
                  (select count(*) from issued_coupon where push_id = $1) as coupons,
                  (select count(*) from qpost_message where source = 'push' and source_id = $1) as qpost,
                  (select sent from channel_progress where push_id = $1 and channel = 'email') as mails`,
          [pushId],
        );
        const { matching, coupons, qpost, mails } = row as Record<string, number>;
        expect(matching).toBe(all);
        expect([qpost, mails]).toEqual([coupons, coupons]);
      });
    });
  });
}
