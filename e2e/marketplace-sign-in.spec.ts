import { createHmac, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { phone } from './my-page-steps.ts';
import { startProduct, test } from './product.ts';
import { query } from './steps.ts';

test.use({ productFor: 'my-page', ...phone, locale: 'en-US' });

const secret = 'a secret of thirty-two characters';
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What the marketplace's own system signs (JWT, HS256). */
function tokenOf(customerNo: string): string {
  const seconds = Math.floor(Date.now() / 1000);
  const claims = {
    sub: customerNo,
    iss: 'mall',
    aud: 'coupon-push',
    iat: seconds,
    exp: seconds + 60,
    jti: randomUUID(),
  };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

test('an e-mail’s link leads through the marketplace’s sign-in and back to where it pointed', async ({ page }) => {
  let customerNo = '';
  let product = { url: '' };
  const marketplace = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://marketplace');
    const next = searchParams.get('coupons') ?? '';
    if (pathname === '/sign-in') {
      response.setHeader('content-type', 'text/html');
      response.end(
        `<form action="/signed-in"><input type="hidden" name="coupons" value="${next}"><button>Sign in</button></form>`,
      );
      return;
    }
    const query = new URLSearchParams({ token: tokenOf(customerNo), next });
    response.writeHead(303, { location: `${product.url}/my/enter?${query}` }).end();
  });
  await new Promise<void>((resolve) => marketplace.listen(0, '127.0.0.1', resolve));
  const { port } = marketplace.address() as AddressInfo;
  const started = await startProduct({
    CUSTOMER_JWT_SECRET: secret,
    CUSTOMER_JWT_ISSUER: 'mall',
    CUSTOMER_SIGN_IN_URL: `http://127.0.0.1:${port}/sign-in?coupons={next}`,
  });
  product = started;
  try {
    const [row] = (await query(
      started,
      `select customer_no as "customerNo", name from customer where language = 'en' and held_back is null limit 1`,
    )) as { customerNo: string; name: string }[];
    customerNo = row?.customerNo ?? '';

    await page.goto(`${started.url}/my/qpost?tab=inquiry`);
    await page.getByRole('link', { name: /Sign in at/ }).click();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('link', { name: 'Inquiries' })).toHaveAttribute('aria-current', 'page');
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/my/qpost?tab=inquiry');
    await page.goto(`${started.url}/my/settings`);
    await expect(page.getByText(`Signed in as ${row?.name}`)).toBeVisible();
  } finally {
    await started.stop();
    marketplace.close();
  }
});
