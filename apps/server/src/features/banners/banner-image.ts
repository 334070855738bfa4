import { createHash } from 'node:crypto';
import type { Sharp } from 'sharp';
import { AppError } from '../../lib/app-error.ts';

export interface BannerImage {
  hash: string;
  contentType: 'image/jpeg' | 'image/png' | 'image/webp';
  width: number;
  height: number;
  bytes: Buffer;
}

const contentTypes = { jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp' } as const;

/**
 * Decodes what was uploaded and encodes it anew, so that only pixels are kept: no metadata, no trailing bytes, nothing
 * that merely looks like a picture. The name and the declared type are not trusted (spec 3.6).
 * @throws AppError banner_wrong_type, banner_wrong_size
 */
export async function encodeBanner(
  upload: Buffer,
  sizes: readonly { width: number; height: number }[],
): Promise<BannerImage> {
  const { default: sharp } = await import('sharp'); // not in the memory of a process that only sends
  const largest = Math.max(...sizes.map((size) => size.width * size.height));
  if (upload.length === 0) throw new AppError('banner_wrong_type');
  const source = sharp(upload, { limitInputPixels: Math.max(largest * 4, 25_000_000), failOn: 'error' });
  const { format, width, height } = await source.metadata().catch(() => {
    throw new AppError('banner_wrong_type');
  });
  if (!isBannerFormat(format)) throw new AppError('banner_wrong_type');
  if (!sizes.some((size) => size.width === width && size.height === height)) {
    const allowed = sizes.map((size) => `${size.width}x${size.height}`).join(', ');
    throw new AppError('banner_wrong_size', { width, height, allowed });
  }
  const bytes = await encode(source, format).catch(() => {
    throw new AppError('banner_wrong_type');
  });
  const hash = createHash('sha256').update(bytes).digest('hex');
  return { hash, contentType: contentTypes[format], width, height, bytes };
}

function isBannerFormat(format: string | undefined): format is keyof typeof contentTypes {
  return format !== undefined && format in contentTypes;
}

function encode(source: Sharp, format: keyof typeof contentTypes): Promise<Buffer> {
  if (format === 'jpeg') return source.jpeg({ quality: 88, mozjpeg: true }).toBuffer();
  return format === 'png' ? source.png({ compressionLevel: 9 }).toBuffer() : source.webp({ quality: 88 }).toBuffer();
}
