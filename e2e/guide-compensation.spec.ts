import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import {
  applyAndSend,
  chooseCoupon,
  chooseItems,
  chooseSlot,
  chooseType,
  lookAtPreview,
  row,
  setBanner,
} from './guide-steps.ts';
import { guides } from './guide-words.ts';
import { test } from './product.ts';
import { expectNoViolations, query, signIn } from './steps.ts';

// The compensation's thirteen steps, as the guides number them (docs/guide-coverage.md).
test.use({ productFor: 'the guide of compensations', timezoneId: 'America/New_York' });
test.describe.configure({ mode: 'serial' });

for (const guide of Object.values(guides)) {
  test.describe(guide.locale, () => {
    test.use({ locale: guide.locale });

    test('a compensation goes out in thirteen steps', async ({ page, product }) => {
      const orders = (await query(
        product,
        `select order_no
           from order_number
           join shop on shop.id = order_number.shop_id
           join customer using (customer_id)
          where shop.name = $1 and customer.held_back is null
          order by order_no limit 12`,
        [guide.shop],
      )) as { order_no: string }[];
      await signIn(page, guide.seller);
      await page.getByRole('navigation').first().getByRole('link', { name: guide.push }).click();

      await test.step('1: the type', () => chooseType(page, guide, 'compensation'));
      await test.step('2: the coupon', () => chooseCoupon(page, guide));
      const items = await test.step('3: the items', () => chooseItems(page, guide));
      await test.step('4: the template', async () => {
        const download = page.waitForEvent('download');
        await page.getByRole('link', { name: guide.upload.template }).click();
        const file = await download;
        expect(file.suggestedFilename()).toMatch(/\.xlsx$/);
        expect((await readFile(await file.path())).subarray(0, 2).toString()).toBe('PK');
      });
      // 5: filled in by the seller's own program.
      const numbers = ['Order No.', ...orders.map(({ order_no }) => order_no), 'no-such-order'];
      const dialog = page.getByRole('dialog', { name: 'File Upload' });
      await test.step('6: the upload opens', async () => {
        await row(page, guide.upload.open).getByRole('button', { name: guide.upload.open }).click();
        await expect(dialog.getByText(guide.upload.kinds)).toBeVisible();
        await expectNoViolations(page);
      });
      await test.step('7 and 8: choose the file, upload it', async () => {
        await expect(dialog.getByRole('button', { name: 'Upload File' })).toBeDisabled();
        await dialog.locator('input[type=file]').setInputFiles({
          name: 'orders.csv',
          mimeType: 'text/csv',
          buffer: Buffer.from(numbers.join('\r\n')),
        });
        await dialog.getByRole('button', { name: 'Upload File' }).click();
        await expect(dialog.getByText(guide.outcomes.matched).first()).toBeVisible();
        await expect(dialog.getByText(guide.outcomes.notFound).first()).toBeVisible();
        await expectNoViolations(page);
        await dialog.getByRole('button', { name: guide.items.ok }).click();
      });
      const ticked = await test.step('9: tick the recipients', async () => {
        const table = row(page, guide.sendTo);
        await expect(table.getByText('ID or E-mail').first()).toBeVisible();
        await expect(table.getByText(guide.recipients.column).first()).toBeVisible();
        await expect(table.getByText(/^.{1,3}\*{6}/).first()).toBeVisible();
        await expect(table.getByText(/^\d+\/[\d,]+円$|^\d+\/[\d,]+엔$/).first()).toBeVisible();
        const boxes = table.locator('tbody').getByRole('checkbox');
        const every = await boxes.count();
        await expect(boxes.first()).toBeChecked();
        await table.getByRole('checkbox', { name: guide.recipients.all }).uncheck();
        await expect(boxes.first()).not.toBeChecked();
        await table.getByRole('checkbox', { name: guide.recipients.all }).check();
        await boxes.first().uncheck();
        return every - 1;
      });
      await test.step('10: date and time', () => chooseSlot(page, guide));
      await test.step('11: the banner', () => setBanner(page, guide));
      await test.step('12: the preview', () => lookAtPreview(page, guide, items));
      await test.step('13: apply, and it goes out', async () => {
        const pushId = await applyAndSend(page, guide);
        const coupons = await query(product, 'select 1 from issued_coupon where push_id = $1', [pushId]);
        expect(coupons).toHaveLength(ticked);
      });
    });
  });
}
