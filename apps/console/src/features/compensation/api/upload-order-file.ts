import type { CompensationUpload } from '@coupon-push/contract/compensation.ts';
import { upload } from '../../../lib/upload.ts';

/** Uploads a file of order numbers. `onSent` hears how much of it has left this computer, 0 to 1. */
export function uploadOrderFile(
  shopId: number,
  file: File,
  options: { onSent: (share: number) => void; signal: AbortSignal },
): Promise<CompensationUpload> {
  const body = new FormData();
  body.append('file', file);
  return upload<CompensationUpload>(`/api/shops/${shopId}/compensation-uploads`, body, options);
}
