import type { Logger } from 'pino';
import type { Channel } from '../../channels/answer.ts';
import type { OutgoingEmail } from '../../channels/email/channel.ts';
import type { Db } from '../../db/database.ts';
import type { Clock } from '../../lib/clock.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { invitationEmail } from './invitation-email.ts';
import { insertToken, selectInvitationToMail, updateMailState } from './invitations-db.ts';
import { invitationLink, newToken } from './rules.ts';

export interface MailDeps {
  db: Db;
  clock: Clock;
  logger: Logger;
  publicUrl: string;
  email: Channel<OutgoingEmail>;
}

/**
 * Sends the e-mail of an invitation, as long as there is something to accept. Its link is made here, so that no link
 * stands in a job or in the database: there is only the hash.
 * @throws Error when it has to be tried again later.
 */
export async function mailInvitation(deps: MailDeps, invitationId: number): Promise<void> {
  const { db, clock, publicUrl } = deps;
  const invitation = await selectInvitationToMail(db, invitationId, clock.now());
  if (invitation === undefined) return;
  const marketplace = await readMarketplace(db);
  const { token, hash } = newToken();
  await insertToken(db, invitationId, hash);
  const email = invitationEmail({
    invitationId,
    language: invitation.language,
    to: invitation.email,
    shop: invitation.shop_name,
    role: invitation.role,
    invitedBy: invitation.invited_by_name ?? '',
    expiresAt: invitation.expires_at,
    link: invitationLink(publicUrl, token),
    date: clock.now(),
    marketplace,
    publicUrl,
  });
  const answer = await deps.email.send(email);
  if (answer.kind === 'retry') throw new Error(`the mail server put an invitation off: ${answer.reason}`);
  if (answer.kind !== 'sent') deps.logger.warn({ invitationId, reason: answer.reason }, 'an invitation was not mailed');
  await updateMailState(db, invitationId, answer.kind === 'sent' ? 'sent' : 'failed');
}
