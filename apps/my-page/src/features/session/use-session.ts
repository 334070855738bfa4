import type { SignedInCustomer } from '@coupon-push/contract/customer-sessions.ts';
import useSWR from 'swr';
import { ApiError, request } from '../../lib/http.ts';
import { forgetKept } from '../../lib/kept-answers.ts';

const sessionKey = '/api/my/session';

/** Whose number the app on this page was started for; null: nobody's; undefined until that is known. */
let startedFor: string | null | undefined;

/** Who is signed in; null: nobody. When that is not who it was, in another tab or by the marketplace, the app starts anew. */
export async function fetchSession(): Promise<SignedInCustomer | null> {
  const session = await askForSession();
  const customerNo = session?.customerNo ?? null;
  if (startedFor !== undefined && startedFor !== customerNo) await sessionChanged();
  startedFor = customerNo;
  return session;
}

async function askForSession(): Promise<SignedInCustomer | null> {
  try {
    return await request<SignedInCustomer>(sessionKey);
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 401) return null;
    throw error;
  }
}

/** The session as it is known: undefined while it is asked for. */
export function useSession() {
  return useSWR<SignedInCustomer | null>(sessionKey, fetchSession, { revalidateIfStale: false });
}

/**
 * A session was opened or has ended: the app starts anew, so that nothing of another customer's stays in it or on this
 * device.
 */
export async function sessionChanged(): Promise<void> {
  await forgetKept();
  location.reload();
}
