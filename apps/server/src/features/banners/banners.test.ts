import { bannerSchema } from '@coupon-push/contract/banners.ts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import type { TestShop } from '../../../test/marketplace.ts';

let api: TestApi;
let shop: TestShop;

beforeAll(async () => {
  api = await TestApi.create();
  shop = await api.shop('はなみどり');
});
afterAll(() => api.close());

function picture(width: number, height: number) {
  return sharp({ create: { width, height, channels: 3, background: '#c0392b' } });
}

async function upload(bytes: Buffer, name = 'banner.png') {
  const boundary = 'tests-boundary';
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: image/png\r\n\r\n`;
  const payload = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  return await api.request(shop, 'POST', `/api/shops/${shop.shopId}/banners`, { payload, headers });
}

describe('a banner', () => {
  it.each([
    [1860, 240, 'jpeg'],
    [800, 100, 'png'],
    [800, 100, 'webp'],
  ] as const)('of %dx%d as %s is taken, and shown at its address', async (width, height, format) => {
    const answer = await upload(await picture(width, height).toFormat(format).toBuffer());
    expect(answer.status).toBe(200);
    const banner = bannerSchema.parse(answer.body);
    expect(banner).toMatchObject({ width, height });
    const shown = await api.server.inject({ url: new URL(banner.url).pathname });
    expect(shown.headers['content-type']).toBe(`image/${format}`);
    expect(await sharp(shown.rawPayload).metadata()).toMatchObject({ width, height, format });
  });

  it('keeps nothing of the upload but its pixels', async () => {
    const withPlace = await picture(800, 100)
      .jpeg()
      .withExif({ IFD0: { Copyright: 'taken at home' } })
      .toBuffer();
    const banner = bannerSchema.parse((await upload(Buffer.concat([withPlace, Buffer.from('<script>')]))).body);
    const shown = await api.server.inject({ url: new URL(banner.url).pathname });
    expect(shown.rawPayload.includes('taken at home')).toBe(false);
    expect(shown.rawPayload.includes('<script>')).toBe(false);
  });

  it('that is uploaded again is the same banner', async () => {
    const bytes = await picture(800, 100).webp({ quality: 40 }).toBuffer();
    const one = bannerSchema.parse((await upload(bytes)).body);
    expect(bannerSchema.parse((await upload(bytes)).body)).toEqual(one);
  });

  it('of another size is refused with the sizes that are allowed', async () => {
    const answer = await upload(await picture(801, 100).png().toBuffer());
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      code: 'banner_wrong_size',
      params: { width: 801, allowed: '1860x240, 800x100' },
    });
  });

  it.each([
    ['text', Buffer.from('not a picture')],
    [
      'an SVG with a script',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="800" height="100"><script/></svg>'),
    ],
    ['nothing', Buffer.alloc(0)],
  ])('that is really %s is refused', async (_, bytes) => {
    const answer = await upload(bytes);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'banner_wrong_type' });
  });

  it('that is cut off is refused', async () => {
    const whole = await picture(800, 100).png({ compressionLevel: 0 }).toBuffer();
    expect((await upload(whole.subarray(0, 2000))).body).toMatchObject({ code: 'banner_wrong_type' });
  });

  it.each([3, 12])('of %d MB is refused with the limit', async (megabytes) => {
    const answer = await upload(Buffer.alloc(megabytes * 1024 * 1024, 1));
    expect(answer.status).toBe(413);
    expect(answer.body).toMatchObject({ code: 'banner_too_large', params: { maxMegabytes: 2 } });
  });
});
