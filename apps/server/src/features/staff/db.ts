import type { MemberEvent, ShopRole } from '@coupon-push/contract/people.ts';
import { type SqlBool, sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';
import { ownedBy, type SellerScope } from '../../http/actor.ts';

/** Whoever changes the people of a shop takes turns: what one of them saw still holds when they write. */
export async function lockPeople(trx: Trx, shopId: number): Promise<void> {
  await trx.selectFrom('shop').where('id', '=', shopId).select('id').forNoKeyUpdate().execute();
}

export async function selectMembers(db: Db | Trx, scope: SellerScope) {
  return await db
    .selectFrom('shop_member as member')
    .innerJoin('app_user', 'app_user.id', 'member.user_id')
    .where(ownedBy(scope, 'member.shop_id', 'owner'))
    .select(['member.user_id', 'member.role', 'member.joined_at'])
    .select(['app_user.name', 'app_user.email', 'app_user.two_factor_enabled'])
    .orderBy('member.role')
    .orderBy('member.joined_at')
    .orderBy('app_user.name')
    .execute();
}

export async function selectMember(db: Db | Trx, scope: SellerScope, userId: string) {
  return await db
    .selectFrom('shop_member as member')
    .innerJoin('app_user', 'app_user.id', 'member.user_id')
    .where(ownedBy(scope, 'member.shop_id', 'owner'))
    .where('member.user_id', '=', userId)
    .select(['member.role', 'app_user.email'])
    .executeTakeFirst();
}

/** A shop keeps an owner: the condition that one is left without this person. */
function anotherOwner(scope: SellerScope, userId: string) {
  return sql<SqlBool>`exists (
    select from shop_member other
     where other.shop_id = ${scope.shopId} and other.role = 'owner' and other.user_id <> ${userId})`;
}

/** Guarded: false when nobody but this person owns the shop. */
export async function updateRole(trx: Trx, scope: SellerScope, userId: string, role: ShopRole): Promise<boolean> {
  const row = await trx
    .updateTable('shop_member')
    .set({ role })
    .where(ownedBy(scope, 'shop_member.shop_id', 'owner'))
    .where('shop_member.user_id', '=', userId)
    .where((eb) => eb.or([eb.val(role === 'owner'), anotherOwner(scope, userId)]))
    .returning('user_id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Guarded as `updateRole`. */
export async function deleteMember(trx: Trx, scope: SellerScope, userId: string): Promise<boolean> {
  const row = await trx
    .deleteFrom('shop_member')
    .where(ownedBy(scope, 'shop_member.shop_id', 'owner'))
    .where('shop_member.user_id', '=', userId)
    .where(anotherOwner(scope, userId))
    .returning('user_id')
    .executeTakeFirst();
  return row !== undefined;
}

/** False when the person is a member already. */
export async function insertMemberOnce(
  trx: Trx,
  member: { shopId: number; userId: string; role: ShopRole; joinedAt: Date },
): Promise<boolean> {
  const row = await trx
    .insertInto('shop_member')
    .values({ shop_id: member.shopId, user_id: member.userId, role: member.role, joined_at: member.joinedAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning('user_id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Is somebody with this e-mail a member of the shop? */
export async function isMember(db: Db | Trx, shopId: number, email: string): Promise<boolean> {
  const row = await db
    .selectFrom('shop_member')
    .innerJoin('app_user', 'app_user.id', 'shop_member.user_id')
    .where('shop_member.shop_id', '=', shopId)
    .where('app_user.email', '=', email)
    .select('shop_member.user_id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function hasAccount(db: Db | Trx, email: string): Promise<boolean> {
  return (await db.selectFrom('app_user').where('email', '=', email).select('id').executeTakeFirst()) !== undefined;
}

export async function selectEmail(db: Db | Trx, userId: string): Promise<string> {
  const row = await db.selectFrom('app_user').where('id', '=', userId).select('email').executeTakeFirstOrThrow();
  return row.email;
}

export async function insertEvent(
  trx: Trx,
  event: {
    shopId: number;
    kind: MemberEvent['kind'];
    userId: string | null;
    email: string;
    role: ShopRole | null;
    doneBy: string;
    happenedAt: Date;
  },
): Promise<void> {
  await trx
    .insertInto('shop_member_event')
    .values({
      shop_id: event.shopId,
      kind: event.kind,
      user_id: event.userId,
      email: event.email,
      role: event.role,
      done_by: event.doneBy,
      happened_at: event.happenedAt,
    })
    .execute();
}

export async function countInvited(trx: Trx, scope: SellerScope, since: Date): Promise<number> {
  const { invited } = await trx
    .selectFrom('shop_member_event')
    .where(ownedBy(scope, 'shop_member_event.shop_id', 'owner'))
    .where('kind', '=', 'invited')
    .where('happened_at', '>', since)
    .select(sql<number>`count(*)`.as('invited'))
    .executeTakeFirstOrThrow();
  return invited;
}

/** Newest first. */
export async function selectEvents(db: Db | Trx, scope: SellerScope, limit: number) {
  return await db
    .selectFrom('shop_member_event as event')
    .leftJoin('app_user', 'app_user.id', 'event.done_by')
    .where(ownedBy(scope, 'event.shop_id', 'owner'))
    .select(['event.id', 'event.kind', 'event.email', 'event.role', 'event.happened_at', 'app_user.name as done_by'])
    .orderBy('event.id', 'desc')
    .limit(limit)
    .execute();
}
