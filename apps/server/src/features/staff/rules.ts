import { createHash, randomBytes } from 'node:crypto';

const day = 86_400_000;

/** An invitation can be accepted for seven days. */
export function invitationExpiry(now: Date): Date {
  return new Date(now.getTime() + 7 * day);
}

/**
 * So many invitations of a shop are mailed within a day, repeats included: they go to whatever address an owner types, in the
 * marketplace's name.
 */
export const invitationsADay = 50;

export function dayBefore(now: Date): Date {
  return new Date(now.getTime() - day);
}

/** The secret part of a link: 256 random bits. Only its hash is kept. */
export function newToken(): { token: string; hash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: tokenHash(token) };
}

export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export function invitationLink(publicUrl: string, token: string): string {
  return `${publicUrl}/join/${token}`;
}

/** As sign-in looks it up. */
export function normalEmail(typed: string): string {
  return typed.trim().toLowerCase();
}

/** Why an invitation cannot be accepted, or null when it can. */
export function notAcceptable(
  invitation: { acceptedAt: Date | null; withdrawnAt: Date | null; expiresAt: Date },
  now: Date,
): 'invitation_used' | 'invitation_expired' | null {
  if (invitation.acceptedAt !== null || invitation.withdrawnAt !== null) return 'invitation_used';
  return invitation.expiresAt.getTime() <= now.getTime() ? 'invitation_expired' : null;
}
