import type { InvitationAccept, invitationAccepted } from '@coupon-push/contract/people.ts';
import type { z } from 'zod';
import { request } from '../../../lib/http.ts';

export async function acceptInvitation(token: string, body: InvitationAccept): Promise<number> {
  const path = `/api/invitations/${encodeURIComponent(token)}/accept`;
  const { shopId } = await request<z.infer<typeof invitationAccepted>>(path, { method: 'POST', body, gate: false });
  return shopId;
}
