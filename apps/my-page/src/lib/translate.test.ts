import en from '@coupon-push/i18n/en/my-page.json' with { type: 'json' };
import ja from '@coupon-push/i18n/ja/my-page.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { lookUp } from './translate.ts';

describe('a sentence', () => {
  it('is filled in, whatever the values hold', () => {
    expect(lookUp(ja, 'ja', 'coupons.off', { discount: '{{x}} $& 300円' })).toBe('{{x}} $& 300円 OFF');
    expect(lookUp(ja, 'ja', 'coupons.off')).toBe('{{discount}} OFF');
  });

  it('has the form that its number asks for', () => {
    expect(lookUp(en, 'en', 'coupons.daysLeft', { count: 1 })).toBe('1 day left');
    expect(lookUp(en, 'en', 'coupons.daysLeft', { count: 2 })).toBe('2 days left');
    expect(lookUp(ja, 'ja', 'coupons.daysLeft', { count: 1 })).toBe('あと1日');
  });

  it('that is not there is not made up', () => {
    expect(lookUp(ja, 'ja', 'coupons')).toBeUndefined();
    expect(lookUp(ja, 'ja', 'coupons.title.more')).toBeUndefined();
    expect(lookUp(ja, 'ja', 'constructor.name')).toBeUndefined();
  });
});
