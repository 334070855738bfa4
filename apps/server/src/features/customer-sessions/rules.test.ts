import { describe, expect, it } from 'vitest';
import { readCookie } from '../../http/cookies.ts';
import { isToBeProlonged, nextPage, sessionExpiry } from './rules.ts';

describe('where signing in leads on to', () => {
  it('is a page of My Page, with what it was asked', () => {
    expect(nextPage('/my/coupons?state=used#top')).toBe('/my/coupons?state=used#top');
    expect(nextPage('/my/')).toBe('/my/');
  });

  it('is nowhere else, however it is written', () => {
    const elsewhere = [
      'https://evil.example/my/',
      '//evil.example/my/',
      '/\\evil.example/my/',
      '/my/../api/demo',
      '/my/%2e%2e/docs',
      '/myx',
      '\t//evil.example',
      'javascript:alert(1)',
      '/my/enter?token=x',
      '',
      undefined,
    ];
    expect(elsewhere.map(nextPage)).toEqual(elsewhere.map(() => '/my/'));
  });
});

describe('a session', () => {
  it('is prolonged once a day at most', () => {
    const now = new Date('2026-11-25T03:00:00Z');
    const expiresAt = sessionExpiry(now);
    expect(isToBeProlonged(expiresAt, now)).toBe(false);
    expect(isToBeProlonged(expiresAt, new Date('2026-11-26T03:00:00.001Z'))).toBe(true);
  });

  it('is found among other cookies, and nothing that is no token', () => {
    expect(readCookie('a=1; coupon-push.customer=x_Y-z; b=2', 'coupon-push.customer')).toBe('x_Y-z');
    expect(readCookie('xcoupon-push.customer=1', 'coupon-push.customer')).toBeUndefined();
    expect(readCookie('coupon-push.customer=<script>', 'coupon-push.customer')).toBeUndefined();
    expect(readCookie(undefined, 'coupon-push.customer')).toBeUndefined();
  });
});
