import { ApiError } from '../../lib/http.ts';

const types = ['image/jpeg', 'image/png', 'image/webp'];

/** What can be said about a banner before it is uploaded (spec 3.6); its measure is the server's to judge. */
export function bannerRefusal(file: { type: string; size: number }, maxBytes: number): ApiError | null {
  const code = types.includes(file.type) ? (file.size > maxBytes ? 'banner_too_large' : null) : 'banner_wrong_type';
  return code === null ? null : new ApiError({ status: 400, code, params: {}, fields: [], requestId: undefined });
}
