import { crc32, deflateSync } from 'node:zlib';
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

function picture(width: number, height: number, background = '#c0392b') {
  return sharp({ create: { width, height, channels: 3, background } });
}

/** A chunk of a PNG file. */
function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

/** A PNG of 800x100 whose head says something else, and with more chunks before its pixels. */
async function png({ width = 800, height = 100, chunks = [] }: { width?: number; height?: number; chunks?: Buffer[] }) {
  const plain = await picture(800, 100).png().toBuffer();
  const head = Buffer.from(plain.subarray(16, 29));
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  return Buffer.concat([plain.subarray(0, 8), chunk('IHDR', head), ...chunks, plain.subarray(33)]);
}

async function uploadAndShow(bytes: Buffer): Promise<Buffer> {
  const banner = bannerSchema.parse((await upload(bytes)).body);
  return (await api.server.inject({ url: new URL(banner.url).pathname })).rawPayload;
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

  it('keeps nothing of the upload but its pixels: no place, no maker, no colour profile', async () => {
    const photo = picture(800, 100, '#ff0000')
      .jpeg()
      .withIccProfile('p3')
      .withExif({ IFD0: { Copyright: 'taken at home' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '35/1 41/1 22/1' } })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">taken at home</x:xmpmeta>');
    const upload = Buffer.concat([await photo.toBuffer(), Buffer.from('<script>')]);
    expect(await sharp(upload).metadata()).toMatchObject({ exif: expect.anything(), icc: expect.anything() });
    const shown = await uploadAndShow(upload);
    const { exif, xmp, icc, iptc } = await sharp(shown).metadata();
    expect([exif, xmp, icc, iptc]).toEqual([undefined, undefined, undefined, undefined]);
    expect(shown.includes('taken at home')).toBe(false);
    expect(shown.includes('<script>')).toBe(false);
  });

  it('in another colour space looks the same without its profile', async () => {
    const inP3 = await picture(800, 100, '#3366cc').withIccProfile('p3').png().toBuffer();
    const [red = 0, green = 0, blue = 0] = await sharp(await uploadAndShow(inP3))
      .raw()
      .toBuffer();
    for (const [is, was] of [
      [red, 0x33],
      [green, 0x66],
      [blue, 0xcc],
    ] as const) {
      expect(Math.abs(is - was)).toBeLessThanOrEqual(3);
    }
  });

  it('that a camera has marked as lying on its side is stored upright', async () => {
    const lying = await sharp(await picture(100, 800).png().toBuffer())
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    expect(await sharp(await uploadAndShow(lying)).metadata()).toMatchObject({ width: 800, height: 100 });
  });

  it('that is uploaded again is the same banner', async () => {
    const bytes = await picture(800, 100).webp({ quality: 40 }).toBuffer();
    const one = bannerSchema.parse((await upload(bytes)).body);
    expect(bannerSchema.parse((await upload(bytes)).body)).toEqual(one);
  });

  it('that is a drawing is refused without being drawn', async () => {
    // Laying out one line of so much text takes the decoder many minutes and gigabytes.
    const drawing = `<svg xmlns="http://www.w3.org/2000/svg"><text>${'アaあ '.repeat(100_000)}</text></svg>`;
    expect((await upload(Buffer.from(drawing))).body).toMatchObject({ code: 'banner_wrong_type' });
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

  it('that moves is refused', async () => {
    const frames = await Promise.all(
      ['#ff0000', '#00ff00'].map((colour) => picture(800, 100, colour).png().toBuffer()),
    );
    const webp = await sharp(frames, { join: { animated: true } })
      .webp({ loop: 0, delay: [100, 100] })
      .toBuffer();
    const apng = await png({ chunks: [chunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]))] });
    for (const bytes of [webp, apng]) expect((await upload(bytes)).body).toMatchObject({ code: 'banner_animated' });
  });

  it('for print, or of 16 bits a colour, is refused', async () => {
    const cmyk = await picture(800, 100).toColourspace('cmyk').jpeg().toBuffer();
    const deep = await picture(800, 100).toColourspace('rgb16').png().toBuffer();
    for (const bytes of [cmyk, deep])
      expect((await upload(bytes)).body).toMatchObject({ code: 'banner_wrong_colours' });
  });

  it('that promises to unpack to gigabytes is refused by its head, or does not unpack them', async () => {
    const huge = await upload(await png({ width: 60_000, height: 60_000 }));
    expect(huge.body).toMatchObject({ code: 'banner_wrong_size', params: { width: 60_000, height: 60_000 } });
    const packed = deflateSync(Buffer.alloc(256 * 1024 * 1024), { level: 9 });
    const head = Buffer.from('Raw profile type exif\0\0', 'latin1');
    const stuffed = await png({ chunks: [chunk('zTXt', Buffer.concat([head, packed]))] });
    const before = process.memoryUsage().rss;
    expect((await upload(stuffed)).status).toBe(200);
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 * 1024);
  });

  it.each([3, 12])('of %d MB is refused with the limit', async (megabytes) => {
    const answer = await upload(Buffer.alloc(megabytes * 1024 * 1024, 1));
    expect(answer.status).toBe(413);
    expect(answer.body).toMatchObject({ code: 'banner_too_large', params: { maxMegabytes: 2 } });
  });
});
