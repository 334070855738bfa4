import type { Marketplace } from '@coupon-push/contract/session.ts';
import { ApiError } from '../../lib/http.ts';

export type BannerRules = Marketplace['banner'];

const types = ['image/jpeg', 'image/png', 'image/webp'];

/** CSS pixels of the e-mail's column, and of a phone's (375 with the e-mail's margins). */
export const bannerWidths = { desktop: 552, phone: 343 } as const;

/** The limit in megabytes, as people say it: 2, 0.5. */
export function megabytes(bytes: number): number {
  return Math.round((bytes / 1024 / 1024) * 10) / 10;
}

/** How high letters must be drawn to stand at least 12 px high on a phone, pixels of the picture. */
export function smallestText(width: number): number {
  return Math.ceil((12 * width) / bannerWidths.phone);
}

/** `1860x240, 800x100` */
function sizesText({ sizes }: BannerRules): string {
  return sizes.map(({ width, height }) => `${width}x${height}`).join(', ');
}

/**
 * Why a picture would not be taken, as far as can be told before it is uploaded (spec 3.6); null: nothing against it.
 * `size`: as it is shown, turned upright; null when this browser cannot open it, which leaves it to the server.
 */
export function bannerRefusal(
  file: { type: string; size: number },
  size: { width: number; height: number } | null,
  rules: BannerRules,
): ApiError | null {
  if (!types.includes(file.type)) return refused('banner_wrong_type');
  if (file.size > rules.maxBytes) return refused('banner_too_large', { maxMegabytes: megabytes(rules.maxBytes) });
  if (size === null) return null;
  if (rules.sizes.some(({ width, height }) => width === size.width && height === size.height)) return null;
  return refused('banner_wrong_size', { width: size.width, height: size.height, allowed: sizesText(rules) });
}

function refused(
  code: 'banner_wrong_type' | 'banner_too_large' | 'banner_wrong_size',
  params: Record<string, string | number> = {},
): ApiError {
  return new ApiError({ status: 400, code, params, fields: [], requestId: undefined });
}
