import { ApiError, request } from '../../../lib/http.ts';

export interface Credentials {
  email: string;
  password: string;
}

/** Why a sign-in was refused. */
export type SignInRefusal = 'wrong' | 'too_many' | 'unreachable' | 'other';

/** Signs in; the session is a cookie. Resolves to null, or to why not. */
export async function signIn(credentials: Credentials): Promise<SignInRefusal | null> {
  try {
    await request('/api/auth/sign-in/email', { method: 'POST', body: credentials, gate: false });
    return null;
  } catch (error) {
    if (!(error instanceof ApiError)) return 'other';
    const { status } = error.problem;
    if (status === 0 || status >= 502) return 'unreachable';
    if (status === 429) return 'too_many';
    return status === 400 || status === 401 || status === 403 ? 'wrong' : 'other';
  }
}
