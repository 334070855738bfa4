import type { backupCodesResponse, TwoFactorSecret } from '@coupon-push/contract/session.ts';
import type { z } from 'zod';
import { request } from '../../../lib/http.ts';

const post = <T>(path: string, body: object) => request<T>(`/api/auth/two-factor/${path}`, { method: 'POST', body });

/** A new secret; in force once its first code is confirmed. */
export function makeSecret(password: string): Promise<TwoFactorSecret> {
  return post('enable', { password });
}

export async function confirmCode(code: string): Promise<void> {
  await post('verify-totp', { code: code.replace(/\s/g, '') });
}

export async function turnOff(password: string): Promise<void> {
  await post('disable', { password });
}

/** New ones; the earlier are void. */
export async function makeBackupCodes(password: string): Promise<string[]> {
  return (await post<z.infer<typeof backupCodesResponse>>('generate-backup-codes', { password })).backupCodes;
}
