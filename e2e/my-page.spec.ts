import { createECDH, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, type Page } from '@playwright/test';
import { cuttable } from './cuttable.ts';
import { actAs, customersOf, phone } from './my-page-steps.ts';
import { test } from './product.ts';
import { expectNoViolations, query, signIn } from './steps.ts';

// The customer's side, on a phone, on a product of its own: shops are followed and coupons used here.
test.use({ productFor: 'my-page', timezoneId: 'America/New_York', ...phone });

const firstLoadLimitKb = 90;

/** A key of the catalogues, or a value that was not filled in. */
const untranslated = /\{\{|(?<![@.\w-])[a-z]+\.[a-z]+[A-Z][a-zA-Z]*\b(?!\.)/;

test.describe('in Japanese', () => {
  test.use({ locale: 'ja-JP' });

  test('a customer follows a shop, gets its push, uses the coupon at the checkout, and the seller sees it', async ({
    page,
    browser,
    product,
  }) => {
    // Somebody who does not follow the shop yet.
    const [stranger] = (await query(
      product,
      `select customer_no as "customerNo", name, language from customer
        where held_back is null and language = 'ja'
          and not exists (select from fellow join shop on shop.id = fellow.shop_id
                           where fellow.customer_id = customer.customer_id and shop.name = 'はなみどり')
        order by customer_id limit 1`,
    )) as { customerNo: string; name: string; language: string }[];
    await page.goto('/my/shops');
    const opened = await page.request.post('/api/demo/act-as', { data: { customerNo: stranger?.customerNo } });
    expect(opened.ok()).toBe(true);
    await page.reload();
    await page.getByRole('searchbox', { name: 'ショップを探す' }).fill('はなみ');
    await page.getByRole('search').getByRole('link', { name: 'はなみどり' }).click();
    await page.getByRole('button', { name: 'お気に入りに登録' }).click();
    await expect(page.getByRole('button', { name: 'お気に入り登録済み' })).toBeVisible();
    await expectNoViolations(page);

    const seller = await browser.newPage({ viewport: { width: 1400, height: 900 }, locale: 'ja-JP' });
    await signIn(seller, 'owner@hanamidori.example.com');
    await seller.getByRole('link', { name: 'クーポンPush発送' }).click();
    await seller.getByRole('combobox', { name: 'SHOPクーポン' }).click();
    await seller.getByRole('listbox').getByRole('option').first().click();
    await seller.getByRole('button', { name: '申請する' }).click();
    await seller.getByRole('dialog').getByRole('button', { name: '申請する' }).click();
    await seller.getByRole('link', { name: '申請の詳細' }).click();
    await seller.getByRole('button', { name: '次の送信時間へ進める' }).click();
    await expect(seller.getByText('送信完了').first()).toBeVisible({ timeout: 30_000 });

    await page.getByRole('link', { name: /^Qpost/ }).click();
    const message = page.getByRole('main').getByRole('listitem').filter({ hasText: 'はなみどり' }).first();
    await expect(message).toContainText('未読');
    await message.getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('[クーポン] ショップクーポンが発行されました！');
    await expectNoViolations(page);
    await page.getByRole('link', { name: '私のクーポン箱に移動する' }).click();
    const coupon = page.getByRole('article', { name: /はなみどり/ }).first();
    await expect(coupon).toContainText('以上の購入で使えます');
    await coupon.getByRole('button', { name: 'クーポンコード' }).click();
    const code = (await coupon.locator('code').textContent()) ?? '';
    expect(code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4})+$/);
    await expectNoViolations(page);

    await coupon.getByRole('link', { name: 'このショップで使う' }).click();
    const add = page.getByRole('button', { name: /カートに入れる/ });
    await add.first().click();
    await page.getByRole('button', { name: /を1つ増やす/ }).click();
    await page.getByRole('link', { name: 'カートを見る（2点）' }).click();
    // The coupon that saves most is chosen already.
    await expect(page.getByRole('radio').first()).toBeChecked();
    await expectNoViolations(page);
    await page.getByRole('button', { name: '注文する' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('ご注文ありがとうございます');
    await expectNoViolations(page);
    await page.getByRole('link', { name: 'クーポン箱へ' }).click();
    await expect(page.getByRole('article', { name: /はなみどり/ })).toContainText('注文番号 DEMO-');

    await seller.getByText('発行と使用').click();
    await expect(seller.getByText(/DEMO-[0-9A-F]{20}/)).toBeVisible();
    await seller.close();

    // The order is cancelled: the coupon is back.
    await page.goBack();
    await page.getByRole('button', { name: '注文をキャンセルする' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '注文をキャンセルする' }).click();
    await expect(page.getByText('注文をキャンセルしました')).toBeVisible();
    await page.getByRole('navigation', { name: 'メニュー' }).getByRole('link', { name: 'クーポン' }).click();
    await expect(page.getByRole('article', { name: /はなみどり/ }).first()).toBeVisible();
  });

  test('what was loaded is there without a network, and nothing of it after signing out', async ({ page, product }) => {
    const network = await cuttable(product.url);
    const [customer] = await customersOf(page, 'ja');
    await actAs(page, customer, `${network.url}/my/coupons`);
    const coupons = page.getByRole('article');
    await expect(coupons.first()).toBeVisible();
    const shown = await coupons.count();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    // What is asked for from now on goes through the worker.
    await page.reload();
    await expect(coupons).toHaveCount(shown);
    const menu = page.getByRole('navigation', { name: 'メニュー' });
    const entries = page.getByRole('main').getByRole('listitem');
    await menu.getByRole('link', { name: /Qpost/ }).click();
    await expect(entries.first()).toBeVisible();

    network.cut();
    await page.goto(`${network.url}/my/coupons`);
    await expect(coupons).toHaveCount(shown);
    await expect(page.getByText('オフラインです')).toBeVisible();
    await expectNoViolations(page);
    await menu.getByRole('link', { name: /Qpost/ }).click();
    await expect(entries.first()).toBeVisible();
    // What was never loaded says so, and how to go on.
    await menu.getByRole('link', { name: 'ショップ' }).click();
    await expect(page.getByText('接続できません')).toBeVisible();
    network.mend();
    await page.getByRole('button', { name: 'もう一度読み込む' }).click();
    await expect(page.getByText('接続できません')).toBeHidden();
    await expect(page.getByText('オフラインです')).toBeHidden();

    await menu.getByRole('link', { name: '設定' }).click();
    await page.getByRole('button', { name: 'ログアウト' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('ログインしてください');
    network.cut();
    await page.goto(`${network.url}/my/coupons`);
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(coupons).toHaveCount(0);
    await network.close();
  });

  test('nothing of who was here before is there without a network for who came by the marketplace after them', async ({
    page,
    product,
  }) => {
    const network = await cuttable(product.url);
    const [before, after] = await customersOf(page, 'ja');
    await actAs(page, before, `${network.url}/my/coupons`);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.goto(`${network.url}/my/qpost`);
    const entries = page
      .getByRole('main')
      .getByRole('listitem')
      .filter({ has: page.locator('time') });
    await expect(entries.first()).toBeVisible();

    // As the marketplace's way does: the session is another one before a page of the app is loaded, and nobody signed out.
    await page.goto('about:blank');
    await page.request.post(`${network.url}/api/demo/act-as`, { data: { customerNo: after?.customerNo } });
    await page.goto(`${network.url}/my/settings`);
    await expect(page.getByText(`${after?.name}`)).toBeVisible();
    network.cut();
    await page.goto(`${network.url}/my/qpost`);
    await expect(page.getByText('接続できません')).toBeVisible();
    await expect(entries).toHaveCount(0);
    await page.goto(`${network.url}/my/settings`);
    await expect(page.getByText(`${after?.name}`)).toBeVisible();
    await network.close();
  });

  test('who signs out leaves no device behind, also where the browser does not let go of it', async ({
    page,
    product,
  }) => {
    const ecdh = createECDH('prime256v1');
    const keys = { p256dh: ecdh.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') };
    // A browser that has subscribed, and cannot reach its push service to end that.
    await page.addInitScript(
      (json) => {
        Object.defineProperty(Notification, 'permission', { get: () => 'granted' });
        PushManager.prototype.getSubscription = async () => {
          const answer = await fetch('/api/web-push-key');
          const { publicKey } = (await answer.json()) as { publicKey: string };
          const text = atob(publicKey.replace(/-/g, '+').replace(/_/g, '/'));
          const applicationServerKey = Uint8Array.from(text, (character) => character.charCodeAt(0)).buffer;
          const unsubscribe = () => Promise.reject(new DOMException('no push service', 'NetworkError'));
          return { options: { applicationServerKey }, unsubscribe, toJSON: () => json } as unknown as PushSubscription;
        };
      },
      { endpoint: 'https://push.example.com/who-signs-out', keys },
    );
    const devices = async () =>
      (await query(product, `select from subscription where endpoint like '%/who-signs-out'`)).length;
    const [customer] = await customersOf(page, 'ja');
    await actAs(page, customer, '/my/settings');
    await expect.poll(devices).toBe(1);
    await page.getByRole('button', { name: 'ログアウト' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('ログインしてください');
    expect(await devices()).toBe(0);
  });

  test('a page that is open begins anew when somebody else has signed in beside it', async ({ page, product }) => {
    const [before] = await customersOf(page, 'ja');
    await actAs(page, before, '/my/qpost');
    await page
      .getByRole('main')
      .getByRole('listitem')
      .filter({ has: page.locator('time') })
      .first()
      .click();
    const remove = page.getByRole('button', { name: '削除' });
    await expect(remove).toBeVisible();
    const [after] = (await query(
      product,
      `select customer_no as "customerNo" from customer
        where held_back is null and language = 'ja'
          and not exists (select from qpost_message where qpost_message.customer_id = customer.customer_id) limit 1`,
    )) as { customerNo: string }[];
    await page.request.post('/api/demo/act-as', { data: { customerNo: after?.customerNo } });
    await expect(async () => {
      await page.evaluate(() => dispatchEvent(new Event('focus')));
      await expect(page.getByText('ページが見つかりません')).toBeVisible({ timeout: 1000 });
    }).toPass({ timeout: 15_000 });
    await expect(remove).toBeHidden();
  });
});

test.describe('in Korean', () => {
  test.use({ locale: 'ko-KR' });

  test('a customer decides what arrives; each decision holds at once and stands in the history', async ({ page }) => {
    const [customer] = await customersOf(page, 'ko');
    await actAs(page, customer, '/my/settings');
    const mail = page.getByRole('switch', { name: '샵 쿠폰 메일' });
    await expect(mail).toBeChecked();
    await mail.click();
    const question = page.getByRole('dialog', { name: '샵 쿠폰 수신을 중지할까요?' });
    await expectNoViolations(page);
    await page.keyboard.press('Escape');
    await expect(question).toBeHidden();
    await expect(mail).toBeChecked();
    await mail.click();
    await question.getByRole('button', { name: '수신 중지' }).click();
    await expect(mail).not.toBeChecked();
    await expect(page.getByText('저장했습니다')).toBeVisible();
    await page.reload();
    await expect(mail).not.toBeChecked();
    await mail.click();
    await expect(page.getByText('저장했습니다')).toBeVisible();
    await page.getByRole('link', { name: '동의 이력' }).click();
    const records = page.getByRole('main').getByRole('listitem');
    await expect(records.nth(0)).toContainText('샵 쿠폰 메일: 동의');
    await expect(records.nth(1)).toContainText('샵 쿠폰 메일: 거부');
    await expect(records.nth(1)).toContainText('마이페이지');

    // A change that did not get through is taken back on the screen, and said.
    await page.goBack();
    await page.route('**/api/my/preferences', (route) =>
      route.request().method() === 'PATCH' ? route.abort() : route.continue(),
    );
    const push = page.getByRole('switch', { name: '앱 푸시' });
    await push.click();
    await expect(page.getByRole('alert').filter({ hasText: '연결할 수 없습니다' })).toBeVisible();
    await expect(push).toBeChecked();
  });

  test('a message can be deleted, after a question', async ({ page }) => {
    const [customer] = await customersOf(page, 'ko');
    await actAs(page, customer, '/my/qpost');
    const entries = page.getByRole('main').getByRole('listitem');
    const before = await entries.first().getByRole('link').getAttribute('href');
    await entries.first().getByRole('link').click();
    await page.getByRole('button', { name: '삭제' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '삭제' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Qpost');
    await expect(entries.first()).toBeVisible();
    await expect(page.locator(`a[href="${before}"]`)).toHaveCount(0);
    await page.goto(before ?? '');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('페이지를 찾을 수 없습니다');
  });
});

test.describe('in English', () => {
  test.use({ locale: 'en-US' });

  test('a long list goes on as its end comes into view, and is where it was left when one comes back', async ({
    page,
  }) => {
    const [customer] = await customersOf(page, 'en');
    await actAs(page, customer, '/my/settings');
    for (let time = 0; time < 45; time += 1) {
      const changed = await page.request.patch('/api/my/preferences', { data: { appPush: time % 2 === 1 } });
      expect(changed.ok()).toBe(true);
    }
    await page.getByRole('link', { name: 'History of your choices' }).click();
    const records = page.getByRole('main').getByRole('listitem');
    await expect(records.first()).toBeVisible();
    // The 45 changes, and what was known of this customer before.
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, 20_000);
        return records.count();
      })
      .toBeGreaterThanOrEqual(46);
    await expect(page.getByRole('button', { name: 'Show more' })).toBeHidden();
    const place = await page.evaluate(() => scrollY);
    expect(place).toBeGreaterThan(1000);
    await page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name: 'Coupons' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Coupon box');
    await page.goBack();
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(place);
  });
});

async function pagesOf(page: Page): Promise<string[]> {
  const { entries } = (await (await page.request.get('/api/my/shops')).json()) as { entries: { shopNo: string }[] };
  const shop = `/my/shops/${entries[0]?.shopNo}`;
  const { features } = (await (await page.request.get(`/api${shop}`)).json()) as { features: { id: number }[] };
  const qpost = (await (await page.request.get('/api/my/qpost')).json()) as { entries: { id: string }[] };
  return [
    '/my/coupons',
    '/my/coupons?state=used',
    '/my/coupons?state=expired',
    '/my/qpost',
    '/my/qpost?tab=notice',
    '/my/qpost?tab=inquiry',
    `/my/qpost/${qpost.entries[0]?.id}`,
    '/my/shops',
    shop,
    `${shop}/features/${features[0]?.id}`,
    `${shop}/checkout`,
    '/my/settings',
    '/my/settings/consents',
    '/my/contact',
    '/my/no-such-page',
  ];
}

for (const locale of ['ja-JP', 'ko-KR', 'en-US']) {
  test.describe(locale, () => {
    test.use({ locale });

    test('every page fits a narrow phone, light and dark, without a violation, untranslated text or a script error', async ({
      page,
    }) => {
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto('/my/');
      await expectNoViolations(page);
      const customers = await customersOf(page, locale.slice(0, 2));
      await actAs(page, customers[1]);
      await page.setViewportSize({ width: 360, height: 740 });
      for (const address of await pagesOf(page)) {
        await test.step(address, async () => {
          await page.emulateMedia({ colorScheme: 'light' });
          await page.goto(address);
          await page.getByRole('heading', { level: 1 }).waitFor();
          await expect(page.getByRole('status')).toHaveCount(0);
          await expect(page.locator('#root')).not.toContainText(untranslated);
          await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
          // What it looks at is the same in every language.
          if (locale !== 'ja-JP') return;
          await expectNoViolations(page);
          await page.emulateMedia({ colorScheme: 'dark' });
          await expectNoViolations(page);
        });
      }
      expect(errors).toEqual([]);
    });
  });
}

test('is light: its first load is under 90 KB of compressed JavaScript', async ({ page, product }) => {
  const [customer] = await customersOf(page, 'ja');
  await page.request.post('/api/demo/act-as', { data: { customerNo: customer?.customerNo } });
  const scripts = new Set<string>();
  page.on('request', (request) => {
    if (request.resourceType() === 'script' && !request.url().endsWith('service-worker.js')) scripts.add(request.url());
  });
  await page.goto('/my/');
  await expect(page.getByRole('article').first()).toBeVisible();
  expect(scripts.size).toBeGreaterThan(2);
  const sizes = [...scripts].map(async (url) => gzipSync(await (await page.request.get(url)).body()).length);
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(total / 1024).toBeGreaterThan(50);
  expect(total / 1024).toBeLessThan(firstLoadLimitKb);

  const manifest = await (await page.request.get('/my/manifest.webmanifest')).json();
  expect(manifest).toMatchObject({ name: 'クーポンモール', display: 'standalone', start_url: '/my/coupons' });
  for (const { src } of (manifest as { icons: { src: string }[] }).icons) {
    expect((await page.request.get(new URL(src, product.url).href)).headers()['content-type']).toBe('image/png');
  }
});
