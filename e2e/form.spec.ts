import { expect, type Page } from '@playwright/test';
import { test } from './product.ts';
import { expectNoViolations, query, signIn } from './steps.ts';

// A form that loses nothing, on a product of its own: each of these uses up its shop's week.
test.use({ productFor: 'form', timezoneId: 'America/New_York' });
test.describe.configure({ mode: 'serial' });

async function chooseCoupon(page: Page, label: string, name: RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name }).click();
}

async function dropSession(page: Page): Promise<void> {
  await page.context().clearCookies();
}

test.describe('in English', () => {
  test.use({ locale: 'en-US' });

  test('items are put in order with the keyboard alone, and the draft comes back after a reload', async ({ page }) => {
    await signIn(page, 'owner@regent.example.com');
    await page.getByRole('link', { name: 'Coupon Push', exact: true }).click();
    await chooseCoupon(page, 'Shop coupon', /Welcome back/);
    await expect(page.getByText(/Draft saved \d\d:\d\d JST/)).toBeVisible();

    // Items, reordered with the keyboard alone.
    await page.getByRole('radio', { name: 'Chosen items' }).check();
    const search = page.getByRole('button', { name: 'Item search', exact: true });
    await expect(search).toBeEnabled();
    await search.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Choose items' });
    await expect(dialog.getByRole('textbox', { name: 'Keyword' })).toBeFocused();
    const results = dialog.locator('button[aria-pressed=false]');
    for (let chosen = 0; chosen < 3; chosen += 1) await results.first().press('Enter');
    const handles = dialog.getByRole('button', { name: /^Reorder / });
    await expect(handles).toHaveCount(3);
    const order = () => handles.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
    const [first = '', second = '', third = ''] = await order();
    await handles.first().press('Space');
    await expect(dialog.getByText(/is picked up, place 1 of 3/)).toBeAttached();
    await page.keyboard.press('ArrowRight');
    await expect(dialog.getByText(/: place 2 of 3/)).toBeAttached();
    await page.keyboard.press('Escape');
    await expect(dialog.getByText(/was put back/)).toBeAttached();
    expect(await order()).toEqual([first, second, third]);
    await handles.first().press('Space');
    await expect(dialog.getByText(/is picked up, place 1 of 3/)).toBeAttached();
    await page.keyboard.press('ArrowRight');
    await expect(dialog.getByText(/: place 2 of 3/)).toBeAttached();
    await page.keyboard.press('Space');
    await expect.poll(order).toEqual([second, first, third]);
    await expectNoViolations(page);
    await dialog.getByRole('button', { name: 'OK' }).press('Enter');

    const thumbs = page.getByRole('list', { name: 'Chosen items' }).getByRole('img');
    await page.reload();
    await expect(page.getByText(/This is your draft of .* JST/)).toBeVisible();
    await expect(thumbs).toHaveCount(3);
    expect(`Reorder ${await thumbs.first().getAttribute('alt')}`).toBe(second);
  });

  test('a second tab follows; the session may end over a filled form; a double click applies once', async ({
    page,
    product,
  }) => {
    await signIn(page, 'owner@regent.example.com');
    await page.getByRole('link', { name: 'Coupon Push', exact: true }).click();
    await chooseCoupon(page, 'Shop coupon', /Welcome back/);

    // A second tab shows the same, and follows.
    const tab = await page.context().newPage();
    await tab.goto(page.url());
    await expect(tab.getByText('¥500 OFF').first()).toBeVisible();
    await tab.getByRole('combobox', { name: 'Number of items' }).selectOption('8');
    await expect(page.getByText('Changes made in another tab were taken over.')).toBeVisible();
    await expect(page.getByRole('combobox', { name: 'Number of items' })).toHaveValue('8');

    // A slot that can be cancelled at any time of today.
    await page.getByRole('radiogroup', { name: 'Date' }).getByRole('radio').last().check({ force: true });
    await expect(page.getByText(/Can be cancelled until .* JST/)).toBeVisible();

    // The session ends while the form is filled in: signing in again over it, and the application goes on.
    await page.getByRole('button', { name: 'Apply' }).click();
    const summary = page.getByRole('dialog', { name: 'Confirm the application' });
    await expect(summary).toContainText(/Can be cancelled until .* JST/);
    const apply = await summary.getByRole('button', { name: 'Apply' }).elementHandle();
    await dropSession(page);
    // Two clicks at once, whether or not another request was the first to find the session gone.
    await apply?.evaluate((button: HTMLElement) => {
      button.click();
      button.click();
    });
    const again = page.getByRole('dialog', { name: 'Sign in again' });
    await expect(again.getByRole('textbox', { name: 'E-mail' })).toHaveValue('owner@regent.example.com');
    await again.locator('input[type=password]').fill('demo-password');
    await page.keyboard.press('Enter');
    await expect(page.getByText('The coupon push has been applied for')).toBeVisible();
    const pushes = await query(
      product,
      `select items_count from push join shop on shop.id = push.shop_id where shop.name = 'Regent Gifts' and push.state = 'waiting'`,
    );
    expect(pushes).toEqual([{ items_count: 8 }]);
    await expect(tab.getByText(/This draft was applied for in another tab \(push \d+\)/)).toBeVisible();
    await tab.close();

    await page.getByRole('button', { name: 'Back to the form' }).click();
    await expect(page.getByRole('combobox', { name: 'Shop coupon' })).toHaveValue('');
  });
});

test.describe('in Japanese', () => {
  test.use({ locale: 'ja-JP' });

  test('what the server refuses, or does not answer, is told at its place; nothing typed is lost', async ({
    page,
    product,
  }) => {
    await signIn(page, 'owner@hanamidori.example.com');
    await page.getByRole('link', { name: 'クーポンPush発送' }).first().click();
    await chooseCoupon(page, 'SHOPクーポン', /いつもありがとうクーポン/);
    await page.getByRole('combobox', { name: '商品数' }).selectOption('8');
    await page.getByRole('radiogroup', { name: '日付' }).getByRole('radio').last().check({ force: true });
    await page.getByRole('button', { name: '申請する' }).click();
    const summary = page.getByRole('dialog', { name: '申請内容の確認' });

    await page.route('**/api/shops/*/pushes', (route) => route.abort());
    await summary.getByRole('button', { name: '申請する' }).click();
    await expect(summary.getByRole('alert')).toContainText('サーバーに接続できません');
    await page.unroute('**/api/shops/*/pushes');

    // Meanwhile the coupon was stopped by somebody else.
    await query(
      product,
      `update coupon set state = 'stopped', stopped_at = now() where name = 'いつもありがとうクーポン'`,
    );
    await summary.getByRole('button', { name: '申請する' }).click();
    await expect(summary).toBeHidden();
    const row = page.getByRole('group', { name: 'SHOPクーポン', exact: true });
    await expect(row.getByRole('alert')).toContainText('このクーポンは停止されているため送信できません。');
    await expect(page.getByRole('combobox', { name: 'SHOPクーポン' })).toBeFocused();
    await expect(page.getByRole('combobox', { name: '商品数' })).toHaveValue('8');
    await expectNoViolations(page);

    await page.getByRole('button', { name: '下書きを破棄' }).click();
    const discard = page.getByRole('dialog', { name: '下書きを破棄しますか？' });
    await discard.getByRole('button', { name: '下書きを破棄' }).click();
    await expect(page.getByRole('combobox', { name: '商品数' })).toHaveValue('4');
    await page.getByRole('combobox', { name: '商品数' }).selectOption('6');
    await expect(page.getByText(/下書きを保存しました（\d\d:\d\d JST）/)).toBeVisible();
    await page.reload();
    await expect(page.getByRole('combobox', { name: '商品数' })).toHaveValue('6');
    await expect(page.getByRole('combobox', { name: 'SHOPクーポン' })).toHaveValue('');
  });
});

test.describe('in Korean', () => {
  test.use({ locale: 'ko-KR' });

  test('the e-mail is looked at without images, dark and as text, and arrives as a test in the seller’s own mailbox', async ({
    page,
  }) => {
    await signIn(page, 'owner@seoulbloom.example.com');
    await page.getByRole('link', { name: '쿠폰 Push 발송' }).first().click();
    await chooseCoupon(page, '샵 쿠폰', /단골 감사 쿠폰/);
    await page.getByRole('button', { name: '미리보기' }).click();
    const preview = page.getByRole('dialog', { name: '미리보기' });
    await preview.getByRole('radiogroup', { name: '언어' }).getByText('ko').click();
    const mail = preview.frameLocator('iframe');
    await expect(mail.getByText('500엔', { exact: true })).toBeVisible();
    await expect(mail.locator('img[src]')).toHaveCount(4);
    await preview.getByRole('button', { name: '이미지 끄기' }).click();
    await expect(mail.locator('img')).toHaveCount(4);
    await expect(mail.locator('img[src]')).toHaveCount(0);
    const ground = () =>
      mail
        .locator('.page')
        .first()
        .evaluate((page) => getComputedStyle(page).backgroundColor);
    const light = await ground();
    await preview.getByRole('button', { name: '다크 모드' }).click();
    await expect.poll(ground).not.toBe(light);
    await preview.getByText('텍스트', { exact: true }).click();
    await expect(preview.getByRole('region', { name: '텍스트 형식 메일' })).toContainText('500엔');
    await expectNoViolations(page);

    await preview.getByRole('button', { name: '나에게 테스트 발송' }).click();
    const dialog = page.getByRole('dialog', { name: '테스트 발송' });
    await dialog.getByRole('checkbox', { name: 'English' }).check();
    await dialog.getByRole('button', { name: '테스트 발송' }).click();
    await expect(dialog.getByText(/한국어: 발송됨 \(\d\d:\d\d JST\)/)).toBeVisible();
    await expect(dialog.getByText(/English: 발송됨/)).toBeVisible();
    await expectNoViolations(page);

    const { entries } = (await (await page.request.get('/mailbox.json')).json()) as {
      entries: { to: string; subject: string }[];
    };
    expect(entries.map(({ to, subject }) => `${to} ${subject}`).sort()).toEqual([
      'owner@seoulbloom.example.com [Test] [クーポンモール] A shop coupon has been issued!',
      'owner@seoulbloom.example.com [Test] [クーポンモール] SHOP 쿠폰이 발행되었습니다!',
    ]);
  });
});
