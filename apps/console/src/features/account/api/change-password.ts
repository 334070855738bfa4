import type { PasswordChange } from '@coupon-push/contract/session.ts';
import { request } from '../../../lib/http.ts';

/** Every other session of this person ends. */
export async function changePassword(change: PasswordChange): Promise<void> {
  await request('/api/auth/change-password', { method: 'POST', body: change });
}
