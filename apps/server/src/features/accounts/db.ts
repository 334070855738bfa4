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

export async function insertMember(trx: Trx, shopId: number, userId: string, role: 'owner' | 'staff') {
  await trx.insertInto('shop_member').values({ shop_id: shopId, user_id: userId, role }).execute();
}
