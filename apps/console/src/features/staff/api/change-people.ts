import type { InvitationCreate, InvitationMade, ShopRole } from '@coupon-push/contract/people.ts';
import { request } from '../../../lib/http.ts';

export async function changeRole(shopId: number, userId: string, role: ShopRole): Promise<void> {
  await request(`/api/shops/${shopId}/members/${userId}`, { method: 'PATCH', body: { role } });
}

export async function removeMember(shopId: number, userId: string): Promise<void> {
  await request(`/api/shops/${shopId}/members/${userId}`, { method: 'DELETE' });
}

export function invite(shopId: number, invitation: InvitationCreate): Promise<InvitationMade> {
  return request(`/api/shops/${shopId}/invitations`, { method: 'POST', body: invitation });
}

export function renewInvitation(shopId: number, invitationId: number): Promise<InvitationMade> {
  return request(`/api/shops/${shopId}/invitations/${invitationId}/renew`, { method: 'POST' });
}

export async function withdrawInvitation(shopId: number, invitationId: number): Promise<void> {
  await request(`/api/shops/${shopId}/invitations/${invitationId}`, { method: 'DELETE' });
}
