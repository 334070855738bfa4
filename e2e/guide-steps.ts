import { expect, type Locator, type Page } from '@playwright/test';
import { pngOf } from '../apps/server/test/picture.ts';
import type { Guide } from './guide-words.ts';

// Steps that promotion and compensation have in common.

/** A row of the form, by its label. */
export function row(page: Page, label: string): Locator {
  return page.getByRole('group', { name: label, exact: true });
}

export async function chooseType(page: Page, guide: Guide, type: 'promotion' | 'compensation'): Promise<void> {
  await page.getByRole('radio', { name: guide.type[type], exact: true }).check();
  await expect(page.getByText(guide.type.note)).toBeVisible();
}

/** The coupon, with its number, terms and validity, and what the guides say beside it. */
export async function chooseCoupon(page: Page, { shopCoupon, coupon }: Guide): Promise<void> {
  await page.getByRole('combobox', { name: shopCoupon.label }).click();
  await page.getByRole('option', { name: coupon }).click();
  const field = row(page, shopCoupon.label);
  for (const label of [shopCoupon.number, shopCoupon.terms, shopCoupon.validity]) {
    await expect(field.getByText(label).first()).toBeVisible();
  }
  await expect(field.getByText(/^[\d,]+ \/ [\d,]+ \(JPY\)$/).first()).toBeVisible();
  await expect(field.getByText(shopCoupon.qstore)).toBeVisible();
  await expect(field.getByText(shopCoupon.check)).toBeVisible();
  await expect(field.getByRole('link', { name: shopCoupon.settings })).toHaveAttribute('href', /\/coupons/);
  await field.getByRole('button', { name: shopCoupon.refresh }).click();
  await expect(page.getByRole('combobox', { name: shopCoupon.label })).not.toHaveValue('');
}

/** By rank, 4 to 16; then chosen by category, keyword and number. Returns how many are chosen. */
export async function chooseItems(page: Page, { items }: Guide): Promise<number> {
  const counts = page.getByRole('combobox', { name: items.count }).getByRole('option');
  expect(await counts.evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value))).toEqual(
    Array.from({ length: 13 }, (_, index) => String(index + 4)),
  );
  await page.getByRole('radio', { name: items.chosen }).check();
  await page.getByRole('button', { name: items.search, exact: true }).click();
  const dialog = page.getByRole('dialog', { name: items.dialog });
  await expect(dialog.getByText(items.none)).toBeVisible();
  await expect(dialog.getByText(items.click)).toBeVisible();
  const found = dialog.locator('button[aria-pressed]');
  await found.first().click();
  const name = (await found.nth(1).locator('span:not([aria-hidden])').first().textContent()) ?? '';
  await dialog.getByRole('textbox', { name: items.keyword }).fill(name);
  await dialog.getByRole('button', { name: items.find, exact: true }).click();
  await dialog.locator('button[aria-pressed=false]').first().click();
  await dialog.getByRole('textbox', { name: items.keyword }).fill('');
  await dialog.getByRole('combobox', { name: items.large }).selectOption({ index: 1 });
  await dialog.locator('button[aria-pressed=false]').first().click();
  await expect(dialog.getByRole('textbox', { name: items.itemNo })).toBeVisible();
  await dialog.getByRole('button', { name: items.ok }).click();
  await expect(row(page, items.label).getByRole('list').getByRole('img')).toHaveCount(3);
  return 3;
}

/** The last day that is offered: of it every time can be cancelled. */
export async function chooseSlot(page: Page, { slot }: Guide): Promise<void> {
  const dates = page.getByRole('radiogroup', { name: slot.date }).getByRole('radio');
  await expect(dates).toHaveCount(3);
  await dates.last().check({ force: true });
  const times = page.getByRole('combobox', { name: slot.time });
  await expect(times.getByRole('option')).toHaveCount(25);
  await times.selectOption('19:30');
  await expect(page.getByText(slot.note).first()).toBeVisible();
}

export async function setBanner(page: Page, { banner }: Guide): Promise<void> {
  await page.getByRole('checkbox', { name: banner.label }).check();
  const field = row(page, banner.label);
  await expect(field.getByText(banner.note)).toBeVisible();
  await expect(field.getByText(/1860.*240/).first()).toBeVisible();
  await expect(field.getByRole('link', { name: /Banner Guide/ })).toHaveAttribute('href', /banner-guide/);
  await field.locator('input[type=file]').setInputFiles({
    name: 'banner.png',
    mimeType: 'image/png',
    buffer: await pngOf(1860, 240),
  });
  await expect(field.locator('img').first()).toBeVisible();
  await expect(field.getByRole('button', { name: banner.view })).toBeEnabled();
  await expect(field.getByRole('button', { name: banner.reset })).toBeEnabled();
  await expect(page.getByRole('radio', { name: banner.shop })).toBeChecked();
  await page.getByRole('radio', { name: banner.item }).check();
  await page.getByRole('radio', { name: banner.feature }).check();
  await page.getByRole('radio', { name: banner.shop }).check();
}

/** The e-mail, the Qpost message and the app push, as they will be sent. */
export async function lookAtPreview(page: Page, guide: Guide, items: number): Promise<void> {
  await page.getByRole('button', { name: guide.preview }).click();
  const preview = page.getByRole('dialog', { name: guide.preview });
  const language = preview.getByRole('radiogroup', { name: guide.language });
  await language.getByText(guide.locale.slice(0, 2), { exact: true }).click();
  const mail = preview.frameLocator('iframe');
  await expect(mail.getByText('SHOP COUPON').first()).toBeVisible();
  await expect(mail.getByText(guide.mail.bestItem)).toBeVisible();
  await expect(mail.locator('img')).toHaveCount(items + 1);
  await expect(preview.getByText(guide.subject)).toBeVisible();
  await preview.getByRole('tab', { name: 'Qpost' }).click();
  await expect(preview.getByText(guide.qpost)).toBeVisible();
  await preview.getByRole('tab', { name: guide.appPush.tab }).click();
  await expect(preview.getByText(guide.appPush.body)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(preview).toBeHidden();
}

/** Applies, and waits for the slot. Returns the push number. */
export async function applyAndSend(page: Page, guide: Guide): Promise<number> {
  await page.getByRole('button', { name: guide.apply }).click();
  await page.getByRole('dialog').getByRole('button', { name: guide.apply }).click();
  await expect(page.getByText(guide.applied).first()).toBeVisible();
  await page.getByRole('link', { name: guide.details }).click();
  await expect(page.getByText(guide.waiting).first()).toBeVisible();
  await page.getByRole('button', { name: guide.skip }).click();
  await expect(page.getByText(guide.sent).first()).toBeVisible({ timeout: 30_000 });
  return Number(/(\d+)$/.exec(new URL(page.url()).pathname)?.[1]);
}
