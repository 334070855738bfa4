import { expect } from '@playwright/test';
import { test } from './product.ts';
import { expectNoViolations } from './steps.ts';

// Changes nothing, as screens.spec.ts.
test.use({ productFor: 'people' });

for (const [locale, retry] of [
  ['ja-JP', 'もう一度読み込む'],
  ['ko-KR', '다시 불러오기'],
  ['en-US', 'Try again'],
] as const) {
  test.describe(locale, () => {
    test.use({ locale });

    test('where not even the sentences came, My Page and the console say so, and come when asked again', async ({
      page,
    }) => {
      for (const app of ['/my/', '/sign-in']) {
        await page.route(/assets\/(my-page|catalogue)-[^/]+\.js/, (route) => route.abort());
        await page.goto(app);
        await expect(page.getByRole('button', { name: retry })).toBeVisible();
        await expectNoViolations(page);
        await page.unrouteAll();
        await page.getByRole('button', { name: retry }).click();
        await expect(page.getByRole('button', { name: retry })).toBeHidden();
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      }
    });
  });
}
