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

type Size = { width: number; height: number };

/**
 * Decodes what was uploaded and encodes it anew, so that only pixels are kept, turned upright and in sRGB: no metadata, no
 * colour profile, no trailing bytes, nothing that merely looks like a picture. The name and the declared type are not
 * trusted (spec 3.6).
 * @throws AppError banner_wrong_type, banner_animated, banner_wrong_size (with the size found), banner_wrong_colours
 */
export async function encodeBanner(upload: Buffer, sizes: readonly Size[]): Promise<BannerImage> {
  const { default: sharp } = await import('sharp'); // not in the memory of a process that only sends
  if (!isTakenKind(upload)) throw new AppError('banner_wrong_type');
  // Only the head is read here, however large a picture it promises.
  const head = await sharp(upload, { limitInputPixels: false, failOn: 'error' }).metadata().catch(notAnImage);
  const { format, autoOrient: upright } = head;
  if (!isBannerFormat(format)) throw new AppError('banner_wrong_type');
  if ((head.pages ?? 1) > 1 || isAnimatedPng(upload)) throw new AppError('banner_animated');
  checkSize(upright, sizes);
  // Mail programs show CMYK in wrong colours or not at all, and 16 bits cannot be kept in what they do show.
  if (head.space === 'cmyk' || head.depth !== 'uchar') throw new AppError('banner_wrong_colours');
  const source = sharp(upload, { limitInputPixels: upright.width * upright.height, failOn: 'error' });
  const bytes = await encode(source.autoOrient(), format).catch(notAnImage);
  const hash = createHash('sha256').update(bytes).digest('hex');
  return { hash, contentType: contentTypes[format], ...upright, bytes };
}

/**
 * By its first bytes. The decoder would look at other kinds too, and works out how large an SVG is by laying out all of it:
 * a megabyte of text in one line keeps it busy for ten minutes and more, and takes 4 GB.
 */
function isTakenKind(upload: Buffer): boolean {
  const begin = upload.toString('latin1', 0, 12);
  return begin.startsWith('\xff\xd8\xff') || begin.startsWith('\x89PNG\r\n\x1a\n') || /^RIFF.{4}WEBP/s.test(begin);
}

function notAnImage(): never {
  throw new AppError('banner_wrong_type');
}

function checkSize(found: Size, sizes: readonly Size[]): void {
  const { width, height } = found;
  if (sizes.some((size) => size.width === width && size.height === height)) return;
  const allowed = sizes.map((size) => `${size.width}x${size.height}`).join(', ');
  throw new AppError('banner_wrong_size', { width, height, allowed });
}

/** An animated PNG says so before its first pixels; the decoder would quietly take its first picture. */
function isAnimatedPng(upload: Buffer): boolean {
  const control = upload.indexOf('acTL', 0, 'latin1');
  return control !== -1 && control < upload.indexOf('IDAT', 0, 'latin1');
}

function isBannerFormat(format: string | undefined): format is keyof typeof contentTypes {
  return format !== undefined && format in contentTypes;
}

function encode(source: Sharp, format: keyof typeof contentTypes): Promise<Buffer> {
  if (format === 'jpeg') return source.jpeg({ quality: 88, mozjpeg: true }).toBuffer();
  return format === 'png' ? source.png({ compressionLevel: 9 }).toBuffer() : source.webp({ quality: 88 }).toBuffer();
}
