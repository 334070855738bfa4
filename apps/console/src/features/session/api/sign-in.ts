import type { CodeRequest, signedResponse } from '@coupon-push/contract/session.ts';
import type { z } from 'zod';
import { ApiError, request } from '../../../lib/http.ts';

export interface Credentials {
  email: string;
  password: string;
}

/** Why a sign-in was refused. */
export type SignInRefusal = 'wrong' | 'code_wrong' | 'code_expired' | 'locked' | 'too_many' | 'unreachable' | 'other';

/** `code`: the password was right, and a code is asked for next. */
export type SignInAnswer = 'signed_in' | 'code' | { refused: SignInRefusal };

/** Signs in; the session is a cookie. */
export async function signIn(credentials: Credentials): Promise<SignInAnswer> {
  return await ask('/api/auth/sign-in/email', credentials);
}

/** The second step: a code of the authenticator app, or a backup code. */
export async function verifyCode(kind: 'totp' | 'backup-code', body: CodeRequest): Promise<SignInAnswer> {
  return await ask(`/api/auth/two-factor/verify-${kind}`, body);
}

async function ask(path: string, body: object): Promise<SignInAnswer> {
  try {
    const answer = await request<z.infer<typeof signedResponse>>(path, { method: 'POST', body, gate: false });
    return answer.twoFactor ? 'code' : 'signed_in';
  } catch (error) {
    return { refused: error instanceof ApiError ? refusalOf(error) : 'other' };
  }
}

function refusalOf({ problem: { status, code } }: ApiError): SignInRefusal {
  if (code === 'two_factor_code_wrong') return 'code_wrong';
  if (code === 'two_factor_expired') return 'code_expired';
  if (code === 'two_factor_locked') return 'locked';
  if (status === 0 || status >= 502) return 'unreachable';
  if (status === 429) return 'too_many';
  return status === 400 || status === 401 || status === 403 ? 'wrong' : 'other';
}
