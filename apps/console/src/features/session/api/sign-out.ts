import { request } from '../../../lib/http.ts';

export async function signOut(): Promise<void> {
  await request('/api/auth/sign-out', { method: 'POST', body: {}, gate: false });
}
