import { sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';

/** The shops that a person signs in for. */
export async function selectShopsOf(db: Db | Trx, userId: string) {
  return await db
    .selectFrom('shop_member')
    .innerJoin('shop', 'shop.id', 'shop_member.shop_id')
    .where('shop_member.user_id', '=', userId)
    .select(['shop.id', 'shop.name', 'shop_member.role'])
    .orderBy('shop.id')
    .execute();
}

export async function updateLanguage(db: Db | Trx, userId: string, language: 'ja' | 'ko' | 'en') {
  await db.updateTable('app_user').set({ language, updated_at: sql`now()` }).where('id', '=', userId).execute();
}

/** Does the person sign in with a second factor? */
export async function selectTwoFactor(db: Db | Trx, userId: string): Promise<boolean> {
  const row = await db.selectFrom('app_user').where('id', '=', userId).select('two_factor_enabled').executeTakeFirst();
  return row?.two_factor_enabled ?? false;
}

/** Guarded: false when this code was accepted within the last two minutes, which is longer than it is valid. */
export async function markCodeUsed(db: Db | Trx, userId: string, hash: string): Promise<boolean> {
  const { rows } = await sql`
    update app_two_factor
       set used_codes = (array_prepend(${hash}, used_codes))[1:4], used_at = now()
     where user_id = ${userId}
       and not (${hash} = any (used_codes) and used_at > now() - interval '2 minutes')
    returning id`.execute(db);
  return rows.length > 0;
}

export async function deleteSession(db: Db | Trx, token: string): Promise<void> {
  await db.deleteFrom('app_session').where('token', '=', token).execute();
}

export interface NewPerson {
  id: string;
  name: string;
  email: string;
  role: 'seller' | 'operator';
  language: 'ja' | 'ko' | 'en';
  passwordHash: string;
}

/** Does nothing when somebody with that e-mail exists. */
export async function insertPerson(trx: Trx, person: NewPerson): Promise<boolean> {
  const inserted = await trx
    .insertInto('app_user')
    .values({
      id: person.id,
      name: person.name,
      email: person.email,
      email_verified: true,
      role: person.role,
      language: person.language,
    })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted === undefined) return false;
  await trx
    .insertInto('app_credential')
    .values({
      id: person.id,
      user_id: person.id,
      account_id: person.id,
      provider_id: 'credential',
      password: person.passwordHash,
    })
    .execute();
  return true;
}

export async function selectPersonId(trx: Trx, email: string): Promise<string | undefined> {
  return (await trx.selectFrom('app_user').where('email', '=', email).select('id').executeTakeFirst())?.id;
}

/** Who belongs to the shop already keeps their role. */
export async function insertMember(trx: Trx, shopId: number, userId: string, role: 'owner' | 'staff') {
  await trx
    .insertInto('shop_member')
    .values({ shop_id: shopId, user_id: userId, role })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
