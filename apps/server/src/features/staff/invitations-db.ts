import type { Language } from '@coupon-push/contract/common.ts';
import type { ShopRole } from '@coupon-push/contract/people.ts';
import { type SqlBool, sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';
import { ownedBy, type SellerScope } from '../../http/actor.ts';

function invitations(db: Db | Trx) {
  return db
    .selectFrom('shop_invitation as invitation')
    .innerJoin('shop', 'shop.id', 'invitation.shop_id')
    .leftJoin('app_user', 'app_user.id', 'invitation.invited_by')
    .selectAll('invitation')
    .select(['shop.name as shop_name', 'app_user.name as invited_by_name']);
}

export type InvitationRow = Awaited<ReturnType<ReturnType<typeof invitations>['execute']>>[number];

/** Those that nobody has accepted or withdrawn, newest first. */
export async function selectInvitations(db: Db | Trx, scope: SellerScope): Promise<InvitationRow[]> {
  return await invitations(db)
    .where(ownedBy(scope, 'invitation.shop_id', 'owner'))
    .where('invitation.accepted_at', 'is', null)
    .where('invitation.withdrawn_at', 'is', null)
    .orderBy('invitation.id', 'desc')
    .execute();
}

export async function selectInvitation(
  db: Db | Trx,
  scope: SellerScope,
  invitationId: number,
): Promise<InvitationRow | undefined> {
  return await invitations(db)
    .where(ownedBy(scope, 'invitation.shop_id', 'owner'))
    .where('invitation.id', '=', invitationId)
    .executeTakeFirst();
}

/** For whoever has the link; `hold`: nobody else accepts or withdraws it until the transaction ends. */
export async function selectInvitationByToken(
  db: Db | Trx,
  tokenHash: string,
  hold = false,
): Promise<InvitationRow | undefined> {
  const query = invitations(db).where((eb) =>
    eb.exists(
      eb
        .selectFrom('shop_invitation_token as token')
        .whereRef('token.invitation_id', '=', 'invitation.id')
        .where('token.token_hash', '=', tokenHash)
        .select('token.invitation_id'),
    ),
  );
  return await (hold ? query.forUpdate('invitation') : query).executeTakeFirst();
}

export interface NewInvitation {
  shopId: number;
  email: string;
  role: ShopRole;
  language: Language;
  invitedBy: string;
  invitedAt: Date;
  expiresAt: Date;
}

/** One open invitation per shop and e-mail: inviting again begins that one anew, and its earlier links are void. */
export async function writeInvitation(trx: Trx, invitation: NewInvitation): Promise<number> {
  const values = {
    role: invitation.role,
    language: invitation.language,
    invited_by: invitation.invitedBy,
    invited_at: invitation.invitedAt,
    expires_at: invitation.expiresAt,
    mail_state: 'waiting' as const,
  };
  const { id } = await trx
    .insertInto('shop_invitation')
    .values({ shop_id: invitation.shopId, email: invitation.email, ...values })
    .onConflict((conflict) =>
      conflict
        .columns(['shop_id', 'email'])
        .where(sql<SqlBool>`accepted_at is null and withdrawn_at is null`)
        .doUpdateSet(values),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  await trx.deleteFrom('shop_invitation_token').where('invitation_id', '=', id).execute();
  return id;
}

export async function insertToken(db: Db | Trx, invitationId: number, tokenHash: string): Promise<void> {
  await db.insertInto('shop_invitation_token').values({ invitation_id: invitationId, token_hash: tokenHash }).execute();
}

/** Guarded: undefined when it was accepted or withdrawn before. */
export async function updateAccepted(trx: Trx, invitationId: number, userId: string, now: Date): Promise<boolean> {
  const row = await trx
    .updateTable('shop_invitation')
    .set({ accepted_by: userId, accepted_at: now })
    .where('id', '=', invitationId)
    .where('accepted_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Open ones alone, guarded as `updateAccepted`: this one, or all that somebody made. Returns whom they were for. */
export async function updateWithdrawn(
  trx: Trx,
  scope: SellerScope,
  which: { id: number } | { invitedBy: string },
  now: Date,
): Promise<{ email: string }[]> {
  const open = trx
    .updateTable('shop_invitation')
    .set({ withdrawn_by: scope.userId, withdrawn_at: now })
    .where(ownedBy(scope, 'shop_invitation.shop_id', 'owner'))
    .where('accepted_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .returning('email');
  const these =
    'id' in which
      ? open.where('shop_invitation.id', '=', which.id)
      : open.where('shop_invitation.invited_by', '=', which.invitedBy);
  return await these.execute();
}

/** For the mail: the invitation as long as it is worth sending. */
export async function selectInvitationToMail(
  db: Db,
  invitationId: number,
  now: Date,
): Promise<InvitationRow | undefined> {
  return await invitations(db)
    .where('invitation.id', '=', invitationId)
    .where('invitation.accepted_at', 'is', null)
    .where('invitation.withdrawn_at', 'is', null)
    .where('invitation.expires_at', '>', now)
    .where('invitation.mail_state', '=', 'waiting')
    .executeTakeFirst();
}

export async function updateMailState(db: Db, invitationId: number, state: 'sent' | 'failed'): Promise<void> {
  await db.updateTable('shop_invitation').set({ mail_state: state }).where('id', '=', invitationId).execute();
}
