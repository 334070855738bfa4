import type { Language } from '@coupon-push/contract/common.ts';
import type {
  Invitation,
  InvitationAccept,
  InvitationCreate,
  InvitationMade,
  InvitationView,
  MemberList,
  ShopRole,
} from '@coupon-push/contract/people.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { Actor, SellerScope } from '../../http/actor.ts';
import { enqueue } from '../../jobs/enqueue.ts';
import { AppError, found } from '../../lib/app-error.ts';
import { createPerson } from '../accounts/service.ts';
import { requireOwner } from '../shops/service.ts';
import {
  countInvited,
  deleteMember,
  hasAccount,
  insertEvent,
  insertMemberOnce,
  isMember,
  lockPeople,
  selectEmail,
  selectEvents,
  selectMember,
  selectMembers,
  updateRole,
} from './db.ts';
import {
  type InvitationRow,
  insertToken,
  selectInvitation,
  selectInvitationByToken,
  selectInvitations,
  updateAccepted,
  updateWithdrawn,
  writeInvitation,
} from './invitations-db.ts';
import {
  dayBefore,
  invitationExpiry,
  invitationLink,
  invitationsADay,
  newToken,
  normalEmail,
  notAcceptable,
  tokenHash,
} from './rules.ts';

/** As many acts as the page shows. */
const eventsShown = 50;

/** Who belongs to the shop, who was invited, and who did what about it. @throws AppError not_found, owner_only */
export async function listPeople(trx: Trx, scope: SellerScope, now: Date): Promise<MemberList> {
  await requireOwner(trx, scope);
  const members = await selectMembers(trx, scope);
  const invitations = await selectInvitations(trx, scope);
  const events = await selectEvents(trx, scope, eventsShown);
  return {
    members: members.map((row) => ({
      userId: row.user_id,
      name: row.name,
      email: row.email,
      role: row.role,
      joinedAt: row.joined_at.toISOString(),
      twoFactor: row.two_factor_enabled,
    })),
    invitations: invitations.map((row) => toInvitation(row, now)),
    events: events.map((row) => ({
      id: row.id,
      kind: row.kind,
      email: row.email,
      role: row.role === 'owner' || row.role === 'staff' ? row.role : null,
      doneBy: row.done_by ?? '',
      happenedAt: row.happened_at.toISOString(),
    })),
  };
}

export interface PeopleContext {
  now: Date;
  publicUrl: string;
}

/**
 * Invites somebody by e-mail, in the language of who invites. Inviting an address again begins its invitation anew.
 * @throws AppError not_found, owner_only, already_member at `email`, too_many_invitations
 */
export async function invite(
  trx: Trx,
  scope: SellerScope,
  input: InvitationCreate & { language: Language },
  { now, publicUrl }: PeopleContext,
): Promise<InvitationMade> {
  await lockPeople(trx, scope.shopId);
  await requireOwner(trx, scope);
  const email = normalEmail(input.email);
  if (await isMember(trx, scope.shopId, email)) {
    throw new AppError('already_member', {}, [{ field: 'email', code: 'already_member', params: {} }]);
  }
  if ((await countInvited(trx, scope, dayBefore(now))) >= invitationsADay) {
    throw new AppError('too_many_invitations', { max: invitationsADay });
  }
  const invitationId = await writeInvitation(trx, {
    shopId: scope.shopId,
    email,
    role: input.role,
    language: input.language,
    invitedBy: scope.userId,
    invitedAt: now,
    expiresAt: invitationExpiry(now),
  });
  const { token, hash } = newToken();
  await insertToken(trx, invitationId, hash);
  const { shopId, userId: doneBy } = scope;
  await insertEvent(trx, { shopId, kind: 'invited', userId: null, email, role: input.role, doneBy, happenedAt: now });
  await enqueue(trx, 'invitation-mail', { invitationId }, { key: `invitation-mail:${invitationId}` });
  const row = found(await selectInvitation(trx, scope, invitationId));
  return { invitation: toInvitation(row, now), link: invitationLink(publicUrl, token) };
}

/**
 * Another e-mail and another link to the same invitation.
 * @throws AppError not_found, owner_only, invitation_used, too_many_invitations
 */
export async function renewInvitation(
  trx: Trx,
  scope: SellerScope,
  invitationId: number,
  context: PeopleContext & { language: Language },
): Promise<InvitationMade> {
  await requireOwner(trx, scope);
  const row = found(await selectInvitation(trx, scope, invitationId));
  if (row.accepted_at !== null || row.withdrawn_at !== null) throw new AppError('invitation_used');
  return await invite(trx, scope, { email: row.email, role: row.role, language: context.language }, context);
}

/** @throws AppError not_found, owner_only, invitation_used when somebody accepted it before. */
export async function withdrawInvitation(trx: Trx, scope: SellerScope, invitationId: number, now: Date): Promise<void> {
  await requireOwner(trx, scope);
  const [withdrawn] = await updateWithdrawn(trx, scope, { id: invitationId }, now);
  if (withdrawn === undefined) {
    found(await selectInvitation(trx, scope, invitationId));
    throw new AppError('invitation_used');
  }
  await recordWithdrawn(trx, scope, withdrawn.email, now);
}

async function recordWithdrawn(trx: Trx, scope: SellerScope, email: string, now: Date): Promise<void> {
  const { shopId, userId: doneBy } = scope;
  await insertEvent(trx, { shopId, kind: 'withdrawn', userId: null, email, role: null, doneBy, happenedAt: now });
}

/** Who stops being an owner keeps no link by which they, or a friend of theirs, would be one again. */
async function withdrawInvitationsOf(trx: Trx, scope: SellerScope, userId: string, now: Date): Promise<void> {
  for (const { email } of await updateWithdrawn(trx, scope, { invitedBy: userId }, now)) {
    await recordWithdrawn(trx, scope, email, now);
  }
}

/** The open invitations of who is no owner any more are void. @throws AppError not_found, owner_only, last_owner */
export async function changeRole(
  trx: Trx,
  scope: SellerScope,
  change: { userId: string; role: ShopRole; now: Date },
): Promise<void> {
  const { userId, role, now } = change;
  await lockPeople(trx, scope.shopId);
  await requireOwner(trx, scope);
  const member = found(await selectMember(trx, scope, userId));
  if (member.role === role) return;
  await withdrawInvitationsOf(trx, scope, userId, now);
  if (!(await updateRole(trx, scope, userId, role))) throw new AppError('last_owner');
  const { shopId, userId: doneBy } = scope;
  const { email } = member;
  await insertEvent(trx, { shopId, kind: 'role_changed', userId, email, role, doneBy, happenedAt: now });
}

/** From then on the shop does not exist for them, and their open invitations are void. @throws AppError not_found, owner_only, last_owner */
export async function removeMember(trx: Trx, scope: SellerScope, userId: string, now: Date): Promise<void> {
  await lockPeople(trx, scope.shopId);
  await requireOwner(trx, scope);
  const { email } = found(await selectMember(trx, scope, userId));
  await withdrawInvitationsOf(trx, scope, userId, now);
  if (!(await deleteMember(trx, scope, userId))) throw new AppError('last_owner');
  const { shopId, userId: doneBy } = scope;
  await insertEvent(trx, { shopId, kind: 'removed', userId, email, role: null, doneBy, happenedAt: now });
}

/** What the link leads to. @throws AppError invitation_invalid, invitation_expired, invitation_used */
export async function readInvitation(db: Db | Trx, token: string, now: Date): Promise<InvitationView> {
  const row = await acceptable(db, token, now, false);
  return {
    shop: { id: row.shop_id, name: row.shop_name },
    email: row.email,
    role: row.role,
    invitedBy: row.invited_by_name ?? '',
    expiresAt: row.expires_at.toISOString(),
    language: row.language,
    hasAccount: await hasAccount(db, row.email),
  };
}

/**
 * Joins the shop: as who is signed in, or with a new account for the address that was invited. A link is good for one
 * person, however many open it at once.
 * @throws AppError invitation_invalid, invitation_expired, invitation_used, not_signed_in, account_exists, already_member
 */
export async function acceptInvitation(
  trx: Trx,
  token: string,
  { account }: InvitationAccept,
  { actor, now }: { actor: Actor | null; now: Date },
): Promise<{ shopId: number }> {
  const row = await acceptable(trx, token, now, true);
  const { shop_id: shopId, role } = row;
  const userId = account === null ? actor?.userId : await createPerson(trx, { ...account, ...seller(row) });
  if (userId === undefined) throw new AppError('not_signed_in');
  if (userId === null) throw new AppError('account_exists');
  if (!(await insertMemberOnce(trx, { shopId, userId, role, joinedAt: now }))) throw new AppError('already_member');
  if (!(await updateAccepted(trx, row.id, userId, now))) throw new AppError('invitation_used');
  const email = await selectEmail(trx, userId);
  await insertEvent(trx, { shopId, kind: 'joined', userId, email, role, doneBy: userId, happenedAt: now });
  return { shopId };
}

function seller({ email }: InvitationRow) {
  return { email, role: 'seller', shops: [] } as { email: string; role: 'seller'; shops: [] };
}

async function acceptable(db: Db | Trx, token: string, now: Date, hold: boolean): Promise<InvitationRow> {
  const row = await selectInvitationByToken(db, tokenHash(token), hold);
  if (row === undefined) throw new AppError('invitation_invalid');
  const { accepted_at: acceptedAt, withdrawn_at: withdrawnAt, expires_at: expiresAt } = row;
  const refused = notAcceptable({ acceptedAt, withdrawnAt, expiresAt }, now);
  if (refused !== null) throw new AppError(refused);
  return row;
}

function toInvitation(row: InvitationRow, now: Date): Invitation {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    invitedBy: row.invited_by_name ?? '',
    invitedAt: row.invited_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    expired: row.expires_at.getTime() <= now.getTime(),
    mail: row.mail_state,
  };
}
