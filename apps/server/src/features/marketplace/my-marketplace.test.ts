import { myMarketplaceSchema } from '@coupon-push/contract/my-page.ts';
import { expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';

const path = '/api/my/marketplace';

it('tells everybody what My Page shows of the marketplace, and where to sign in', async () => {
  const customerSignInUrl = 'https://mall.example.com/login?back={next}';
  const api = await TestApi.create({ customerSignInUrl });
  const now = new Date('2026-12-01T03:00:00Z');
  api.clock.freeze(now);
  const answer = await api.request(null, 'GET', path);
  expect(myMarketplaceSchema.parse(answer.body)).toEqual({
    name: 'テストモール',
    language: 'ja',
    currency: 'JPY',
    zone: 'Asia/Tokyo',
    contactUrl: 'https://mall.example.com/contact',
    senderName: 'テストモール株式会社',
    senderPostalAddress: '〒100-0001 東京都千代田区1-1',
    signInUrl: customerSignInUrl,
    actAs: false,
    now: now.toISOString(),
  });
  expect(answer.headers['cache-control']).toBe('public, max-age=60');
  await api.close();
});

it('says when there is nowhere to sign in', async () => {
  const api = await TestApi.create();
  expect((await api.request(null, 'GET', path)).body).toMatchObject({ signInUrl: null, actAs: false });
  await api.close();
});
