import { expect, type Page } from '@playwright/test';
import { totpCode } from '../apps/server/test/totp.ts';
import { test } from './product.ts';
import { expectNoViolations, signIn } from './steps.ts';

// On a product of its own: its invitations are mailed, and other files count their mails.
test.use({ productFor: 'people', timezoneId: 'America/New_York' });

const invited = 'ken@people.example.com';
const password = 'a-password-of-my-own';

async function turnOnTwoFactor(page: Page): Promise<string> {
  await page.getByRole('button', { name: /Ken Takahashi/ }).click();
  await page.getByRole('menuitem', { name: 'Account settings' }).click();
  await page.getByRole('button', { name: 'Turn on' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input').fill(password);
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  await expectNoViolations(page);
  const secret = ((await page.locator('code').first().textContent()) ?? '').replace(/\s/g, '');
  await page.getByPlaceholder('123456').fill(totpCode(secret));
  await page.keyboard.press('Enter');
  await expect(page.getByText('Two-factor authentication is on.')).toBeVisible();
  return secret;
}

test.describe('in English', () => {
  test.describe.configure({ mode: 'serial' });
  test.use({ locale: 'en-US' });

  test('an owner invites somebody, who joins as staff and sets up no coupons', async ({ page, browser }) => {
    await signIn(page, 'owner@regent.example.com');
    await page.getByRole('link', { name: 'Staff' }).click();
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    await page.getByRole('textbox', { name: 'E-mail' }).fill(invited);
    await page.keyboard.press('Enter');
    const link = await page.getByRole('textbox', { name: 'Invitation link' }).inputValue();
    await page.getByRole('button', { name: 'OK' }).click();
    await expect(page.getByRole('cell', { name: invited, exact: true })).toBeVisible();
    await expectNoViolations(page);

    const context = await browser.newContext({ locale: 'en-US' });
    const theirs = await context.newPage();
    await theirs.goto(link);
    await theirs.getByRole('textbox', { name: 'Name' }).fill('Ken Takahashi');
    await theirs.locator('input[type=password]').fill(password);
    await expectNoViolations(theirs);
    await theirs.keyboard.press('Enter');
    await expect(theirs.getByRole('heading', { name: 'Dashboard' })).toBeVisible();
    await theirs.getByRole('link', { name: 'Shop coupon settings' }).first().click();
    await expect(theirs.getByRole('button', { name: 'Create a coupon' })).toBeDisabled();
    await expect(theirs.getByText('Only owners set up and stop coupons.')).toBeVisible();
    await expect(theirs.getByRole('link', { name: 'Staff' })).toHaveCount(0);
    await expectNoViolations(theirs);
    await theirs.goto(link);
    await expect(theirs.getByRole('alert')).toContainText('was used already');
    await context.close();
  });

  test('who joined turns on two-factor authentication, and then signs in with a code', async ({ page }) => {
    const signInAsKen = async () => {
      await page.locator('input[type=email]').fill(invited);
      await page.locator('input[type=password]').fill(password);
      await page.keyboard.press('Enter');
    };
    await page.goto('/');
    await signInAsKen();
    const secret = await turnOnTwoFactor(page);
    await page.getByRole('button', { name: /Ken Takahashi/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await signInAsKen();
    await expect(page.getByLabel('Six-digit code')).toBeFocused();
    await expectNoViolations(page);
    await page.keyboard.type('000000');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toContainText('The code is not right.');
    await page.keyboard.type(totpCode(secret, 1));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible();
  });

  test('a seller finds an order and goes on to compensate it, and sets up a feature', async ({ page }) => {
    await signIn(page, 'owner@regent.example.com');
    await page.getByRole('link', { name: 'Orders' }).click();
    const first = page.getByRole('row').nth(1).getByRole('checkbox');
    const orderNo = (await first.getAttribute('aria-label'))?.replace('Tick order ', '') ?? '';
    await page.getByRole('textbox', { name: 'Order number' }).fill(orderNo);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('row')).toHaveCount(2);
    await first.check();
    await expectNoViolations(page);
    await page.getByRole('button', { name: 'Compensate these' }).click();
    await expect(page.getByText('Chosen from the list of orders')).toBeVisible();
    await expect(page.getByRole('radio', { name: 'Compensation' })).toBeChecked();

    await page.getByRole('link', { name: 'Features' }).click();
    await page.getByRole('link', { name: 'Create a feature' }).click();
    await page.getByRole('textbox', { name: 'Title' }).fill('Winter warmers');
    await page.getByRole('button', { name: 'Item search' }).click();
    await page.getByRole('dialog').locator('button[aria-pressed]').first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click();
    await expectNoViolations(page);
    await page.getByRole('button', { name: 'Create a feature' }).click();
    await expect(page.getByRole('link', { name: 'Winter warmers' })).toBeVisible();
    await page.getByRole('link', { name: 'Fellows' }).click();
    await expect(page.getByText('4,338')).toBeVisible();
    await expectNoViolations(page);
  });
});

test.describe('in Japanese', () => {
  test.use({ locale: 'ja-JP' });

  test('a person of two shops switches between them, and never sees the one in the other', async ({ page }) => {
    await signIn(page, 'two-shops@example.com');
    const shops = page.getByRole('combobox', { name: 'ショップ' });
    const [first = '', second = ''] = await shops
      .locator('option')
      .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
    await shops.selectOption(first);
    await page.getByRole('link', { name: '注文' }).click();
    await expect(page.getByText(/^HM\d+$/).first()).toBeVisible();
    const answer = Promise.withResolvers<void>();
    await page.route(`**/api/shops/${second}/orders?*`, async (route) => {
      await answer.promise;
      await route.continue();
    });
    await shops.selectOption(second);
    await expect(page).toHaveURL(new RegExp(`/shops/${second}/orders`));
    await expect(page.getByText(/^HM\d+$/)).toHaveCount(0);
    await expect(page.getByRole('link', { name: 'メンバー' })).toHaveCount(0);
    answer.resolve();
    await expect(page.getByText(/^SB\d+$/).first()).toBeVisible();
    await page.goto('/');
    await expect(page).toHaveURL(new RegExp(`/shops/${second}$`));
  });
});
