import { describe, expect, it } from 'vitest';
import { sameSection } from './sections.ts';

describe('the other shop', () => {
  it.each([
    ['/shops/101/orders', '/shops/102/orders'],
    ['/shops/101/pushes/10001', '/shops/102/history'],
    ['/shops/101/coupons/new', '/shops/102/coupons'],
    ['/shops/101/features/7', '/shops/102/features'],
    ['/shops/101', '/shops/102'],
    ['/shops/101/constructor', '/shops/102'],
    ['/account', '/shops/102'],
    ['/', '/shops/102'],
  ])('opens from %s at %s', (from, to) => {
    expect(sameSection(from, '102')).toBe(to);
  });
});
