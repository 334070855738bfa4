import { describe, expect, it } from 'vitest';
import { bannerRefusal } from './rules.ts';

const rules = {
  sizes: [
    { width: 1860, height: 240 },
    { width: 800, height: 100 },
  ],
  maxBytes: 2 * 1024 * 1024,
};
const png = { type: 'image/png', size: 5000 };

describe('a banner, before it is uploaded', () => {
  it('is fine in a size of the guide', () => {
    expect(bannerRefusal(png, { width: 800, height: 100 }, rules)).toBeNull();
  });
  it('is told the size it has and the sizes it may have', () => {
    expect(bannerRefusal(png, { width: 801, height: 100 }, rules)?.problem).toMatchObject({
      code: 'banner_wrong_size',
      params: { width: 801, height: 100, allowed: '1860x240, 800x100' },
    });
  });
  it('is told the limit when its file is too large', () => {
    expect(bannerRefusal({ ...png, size: 2 * 1024 * 1024 + 1 }, null, rules)?.problem).toMatchObject({
      code: 'banner_too_large',
      params: { maxMegabytes: 2 },
    });
  });
  it('is refused when it is of no type that can be used', () => {
    const gif = bannerRefusal({ ...png, type: 'image/gif' }, { width: 800, height: 100 }, rules);
    expect(gif?.problem.code).toBe('banner_wrong_type');
  });
  it('is left to the server where the browser cannot open it', () => {
    expect(bannerRefusal(png, null, rules)).toBeNull();
  });
});
