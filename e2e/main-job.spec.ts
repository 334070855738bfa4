import { expect } from '@playwright/test';
import { test } from './product.ts';
import { expectNoViolations, query, signIn } from './steps.ts';

// One seller's story after another, on one product: what the first leaves behind the next one finds.
test.describe.configure({ mode: 'serial' });
// Where the seller sits must not matter: every time on the pages is the marketplace's.
test.use({ timezoneId: 'America/New_York' });

interface Mail {
  id: number;
  to: string;
  subject: string;
}

test.describe('in Japanese', () => {
  test.use({ locale: 'ja-JP' });

  test('a seller creates a coupon, applies, and sees the push go out to the customers’ four channels', async ({
    page,
    product,
  }) => {
    await signIn(page, 'owner@hanamidori.example.com');

    await page.getByRole('link', { name: 'Shopクーポン設定' }).first().click();
    await page.getByRole('link', { name: 'クーポンを登録する' }).click();
    await page.getByRole('textbox', { name: 'クーポン名' }).fill('冬の300円クーポン');
    await page.getByRole('textbox', { name: '割引金額', exact: true }).fill('300');
    await page.getByRole('textbox', { name: '使用条件（最低購入金額）' }).fill('2000');
    await expectNoViolations(page);
    await page.getByRole('button', { name: '登録する' }).click();
    await expect(page.getByText('冬の300円クーポン')).toBeVisible();
    await expectNoViolations(page);

    await page.getByRole('link', { name: 'クーポンPush発送' }).click();
    await expect(page.getByText('238名のFellowがいます。')).toBeVisible();
    await page.getByRole('combobox', { name: 'SHOPクーポン' }).click();
    await page.getByRole('option', { name: /冬の300円クーポン/ }).click();
    const preview = page.frameLocator('iframe').first();
    await expect(preview.getByText('300円', { exact: true }).first()).toBeVisible();
    await expectNoViolations(page);
    await page.getByRole('button', { name: '申請する' }).click();
    const summary = page.getByRole('dialog', { name: '申請内容の確認' });
    await expect(summary).toContainText('238名中 211名に送信できます。');
    await expectNoViolations(page);
    await summary.getByRole('button', { name: '申請する' }).click();
    await expect(page.getByText('クーポンPUSHを申請しました')).toBeVisible();
    await page.getByRole('link', { name: '申請の詳細' }).click();
    await expect(page.getByText('待機中').first()).toBeVisible();
    const pushId = Number(/(\d+)$/.exec(new URL(page.url()).pathname)?.[1]);

    await page.getByRole('button', { name: '次の送信時間へ進める' }).click();
    await expect(page.getByText('送信完了').first()).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText('211 / 211').first()).toBeVisible();
    await expectNoViolations(page);

    const mails = (await (await page.request.get('/mailbox.json?limit=500')).json()) as { entries: Mail[] };
    expect(mails.entries).toHaveLength(211);
    const japanese = mails.entries.find(
      (mail) => mail.subject === '[クーポンモール] ショップクーポンが発行されました！',
    );
    await page.goto('/mailbox');
    await page.getByRole('link', { name: japanese?.to ?? 'none' }).click();
    const mail = page.frameLocator('iframe').first();
    await expect(mail.getByText('300円', { exact: true }).first()).toBeVisible();
    await expect(mail.getByText('2,000円以上購入時', { exact: true })).toBeVisible();
    await expect(mail.getByText('はなみどり BEST ITEM')).toBeVisible();

    const counts = await query(
      product,
      `select (select count(*) from issued_coupon where push_id = $1) as coupons,
              (select count(*) from qpost_message where source = 'push' and source_id = $1) as qpost,
              (select count(distinct customer_id) from issued_coupon where push_id = $1) as people`,
      [pushId],
    );
    expect(counts).toEqual([{ coupons: 211, qpost: 211, people: 211 }]);
  });
});

test.describe('in Korean', () => {
  test.use({ locale: 'ko-KR' });

  test('another seller, in Korean, cancels one push, and is refused another one under 24 hours', async ({ page }) => {
    await signIn(page, 'owner@seoulbloom.example.com');
    await page.getByRole('link', { name: '쿠폰 Push 발송' }).click();
    await page.getByRole('combobox', { name: '샵 쿠폰' }).click();
    await page.getByRole('option', { name: /단골 감사 쿠폰/ }).click();

    // The clock stands at a slot of ten o'clock: the day after tomorrow can be cancelled, tomorrow at ten cannot.
    const dates = page.getByRole('radiogroup', { name: '날짜' }).getByRole('radio');
    await dates.nth(1).check({ force: true });
    await page.getByRole('button', { name: '신청하기' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '신청하기' }).click();
    await expect(page.getByRole('link', { name: /상세/ })).toBeVisible();

    await page.getByRole('link', { name: '신청 이력' }).first().click();
    await page.getByRole('checkbox').first().check();
    await page.getByRole('button', { name: '발송취소' }).click();
    await expectNoViolations(page);
    await page.getByRole('dialog').getByRole('button', { name: '발송취소' }).click();
    await expect(page.getByText(/신청번호 \d+을\(를\) 취소했습니다/).first()).toBeVisible();

    await page.getByRole('link', { name: '쿠폰 Push 발송' }).first().click();
    await page.getByRole('combobox', { name: '샵 쿠폰' }).click();
    await page.getByRole('option', { name: /단골 감사 쿠폰/ }).click();
    await dates.nth(0).check({ force: true });
    await page.getByRole('combobox', { name: '시간' }).selectOption('10:00');
    await page.getByRole('button', { name: '신청하기' }).click();
    const summary = page.getByRole('dialog');
    await expect(summary.getByRole('button', { name: '신청하기' })).toBeDisabled();
    await expectNoViolations(page);
    await summary.getByRole('checkbox').check();
    await summary.getByRole('button', { name: '신청하기' }).click();
    await page.getByRole('link', { name: /상세/ }).click();
    const { pathname } = new URL(page.url());
    await page.getByRole('link', { name: '신청 이력' }).first().click();
    await expect(page.getByRole('checkbox').first()).toBeDisabled();
    const refused = await page.request.post(`/api${pathname}/cancel`);
    expect(refused.status()).toBe(409);
    expect(await refused.json()).toMatchObject({ code: 'push_too_late_to_cancel' });
  });
});

test.describe('in English', () => {
  test.use({ locale: 'en-US' });

  test('a seller applies with the keyboard alone; a mistake is told at its field, and nothing typed is lost', async ({
    page,
  }) => {
    await signIn(page, 'owner@regent.example.com');
    await page.getByRole('link', { name: 'Shop coupon settings' }).first().press('Enter');
    await page.getByRole('link', { name: 'Create a coupon' }).press('Enter');
    await page.getByRole('textbox', { name: 'Coupon name' }).focus();
    await page.keyboard.type('Autumn');
    await page.getByRole('textbox', { name: 'Amount off', exact: true }).focus();
    await page.keyboard.type('500');
    const condition = page.getByRole('textbox', { name: 'Condition (minimum purchase)' });
    await condition.focus();
    await page.keyboard.type('400');
    await page.keyboard.press('Enter');
    await expect(condition).toBeFocused();
    await expect(condition).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByRole('textbox', { name: 'Coupon name' })).toHaveValue('Autumn');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('2000');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Autumn')).toBeVisible();

    await page.getByRole('link', { name: 'Coupon Push', exact: true }).press('Enter');
    await page.getByRole('combobox', { name: 'Shop coupon' }).focus();
    await page.keyboard.type('Autumn');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.getByText('¥500 OFF').first()).toBeVisible();
    await page.reload();
    await expect(page.getByText('¥500 OFF').first()).toBeVisible();
    await page.getByRole('button', { name: 'Apply' }).press('Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await page.getByRole('button', { name: 'Apply' }).press('Enter');
    await expect(page.getByRole('dialog').getByRole('button', { name: 'Apply' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByText('The coupon push has been applied for')).toBeVisible();

    // Signing out that did not work is said; the session is still there.
    await page.route('**/api/auth/sign-out', (route) => route.abort());
    const signOut = async () => {
      await page.getByRole('button', { name: /Emma Hughes/ }).press('Enter');
      await page.getByRole('menuitem', { name: 'Sign out' }).press('Enter');
    };
    await signOut();
    await expect(page.getByRole('dialog', { name: 'Sign out' }).getByRole('alert')).toBeVisible();
    await page.keyboard.press('Escape');
    await page.unroute('**/api/auth/sign-out');
    await signOut();
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  });
});
