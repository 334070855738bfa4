import sharp from 'sharp';

/** A PNG of one colour. */
export async function pngOf(width: number, height: number): Promise<Buffer> {
  return await sharp({ create: { width, height, channels: 3, background: '#c2410c' } })
    .png()
    .toBuffer();
}
