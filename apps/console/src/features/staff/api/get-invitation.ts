import type { InvitationView } from '@coupon-push/contract/people.ts';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';

/** What a link leads to; whoever has it may ask. */
export function invitationQuery(token: string) {
  return queryOptions({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) =>
      request<InvitationView>(`/api/invitations/${encodeURIComponent(token)}`, { signal, gate: false }),
    retry: false,
  });
}
