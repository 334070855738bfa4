import { gzipSync } from 'node:zlib';
import { expect, type Page } from '@playwright/test';
import { test } from './product.ts';
import { expectNoViolations, signIn } from './steps.ts';

// Every screen of the console, in three languages, on a wide screen and on the narrowest phone. Changes nothing.
test.use({ productFor: 'people', timezoneId: 'America/New_York' });

const sellers = [
  { locale: 'ja-JP', email: 'owner@hanamidori.example.com' },
  { locale: 'ko-KR', email: 'owner@seoulbloom.example.com' },
  { locale: 'en-US', email: 'owner@regent.example.com' },
];

/** Kilobytes of JavaScript, compressed, that the form's page may need before it can be used. */
const firstLoadLimitKb = 300;

/** A key of the catalogues, or a value that was not filled in. */
const untranslated = /\{\{|(?<![@.\w-])[a-z]+\.[a-z]+[A-Z][a-zA-Z]*\b(?!\.)/;

interface Summary {
  id: number;
  state: string;
}

async function screensOf(page: Page): Promise<string[]> {
  const me = (await (await page.request.get('/api/me')).json()) as { shops: { id: number }[] };
  const shop = `/shops/${me.shops[0]?.id}`;
  const { entries } = (await (await page.request.get(`/api${shop}/pushes`)).json()) as { entries: Summary[] };
  const { features } = (await (await page.request.get(`/api${shop}/features`)).json()) as { features: Summary[] };
  const push = `${shop}/pushes/${entries.find(({ state }) => state === 'sent')?.id}`;
  const past = 'from=2026-01-01';
  return [
    shop,
    `${shop}/push`,
    `${shop}/coupons`,
    `${shop}/coupons/new`,
    `${shop}/history`,
    ...['promotion', 'compensation', 'use'].map((tab) => `${shop}/history?tab=${tab}&${past}`),
    push,
    ...['recipients', 'held-back', 'use'].map((view) => `${push}?view=${view}`),
    `${shop}/banner-guide`,
    `${shop}/features`,
    `${shop}/features/new`,
    `${shop}/features/${features[0]?.id}`,
    `${shop}/fellows`,
    `${shop}/orders`,
    `${shop}/staff`,
    '/account',
    `${shop}/no-such-page`,
  ];
}

/** Everything that was asked for has come, and no skeleton is shown any more. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.waitForLoadState('networkidle');
  await expect(page.locator('.mantine-Skeleton-root[data-visible]:visible')).toHaveCount(0);
}

for (const { locale, email } of sellers) {
  test.describe(locale, () => {
    test.use({ locale });
    test.setTimeout(180_000);

    test('every screen fits a phone, has no accessibility violation, no untranslated text and no script error', async ({
      page,
    }) => {
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await signIn(page, email);
      const screens = await screensOf(page);
      for (const screen of screens) {
        await test.step(screen, async () => {
          await page.setViewportSize({ width: 1400, height: 900 });
          await page.goto(screen);
          await settled(page);
          // What it looks at is the same in every language; words differ, and are narrowest on a phone.
          if (locale === 'ja-JP') await expectNoViolations(page);
          await expect(page.locator('#root')).not.toContainText(untranslated);
          await page.setViewportSize({ width: 360, height: 740 });
          await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
          await expectNoViolations(page);
        });
      }
      expect(errors).toEqual([]);
    });
  });
}

test('the form’s page is light: what it loads first is under 300 KB of compressed JavaScript', async ({ page }) => {
  await signIn(page, 'owner@hanamidori.example.com');
  const [, form = ''] = await screensOf(page);
  // A page of its own, so that nothing of the one before is still on its way.
  const fresh = await page.context().newPage();
  const scripts = new Set<string>();
  fresh.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.add(request.url());
  });
  await fresh.goto(form);
  await settled(fresh);
  expect(scripts.size).toBeGreaterThan(3);
  const sizes = [...scripts].map(async (url) => gzipSync(await (await page.request.get(url)).body()).length);
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(total / 1024).toBeGreaterThan(100);
  expect(total / 1024).toBeLessThan(firstLoadLimitKb);
});
