import type { Me } from '@coupon-push/contract/session.ts';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';

/** Who is signed in. The one call whose 401 is an answer: it sends to the sign-in page instead of asking over it. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => request<Me>('/api/me', { signal, gate: false }),
  staleTime: 5 * 60_000,
});
