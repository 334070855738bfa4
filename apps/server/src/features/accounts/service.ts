import { createHash, randomUUID } from 'node:crypto';
import type { Language } from '@coupon-push/contract/common.ts';
import type { Me } from '@coupon-push/contract/session.ts';
import { hashPassword } from 'better-auth/crypto';
import type { Db, Trx } from '../../db/database.ts';
import type { Actor } from '../../http/actor.ts';
import { AppError, found } from '../../lib/app-error.ts';
import {
  deleteSession,
  insertMember,
  insertPerson,
  markCodeUsed,
  selectPersonId,
  selectShopsOf,
  selectTwoFactor,
  updateLanguage,
} from './db.ts';

/** Who is signed in, and for which shops. */
export async function readMe(db: Db | Trx, actor: Actor): Promise<Me> {
  const shops = await selectShopsOf(db, actor.userId);
  const { userId: id, name, email, role, language } = actor;
  return {
    user: { id, name, email, role, language, twoFactor: await selectTwoFactor(db, id) },
    shops: shops.map((shop) => ({ id: shop.id, name: shop.name, role: shop.role === 'owner' ? 'owner' : 'staff' })),
  };
}

export async function changeLanguage(db: Db | Trx, actor: Actor, language: Language): Promise<void> {
  await updateLanguage(db, actor.userId, language);
}

/**
 * A code of an authenticator app is accepted once (RFC 6238 5.2). The library does not see to that, so the session that it
 * just made for a code seen before is ended again.
 * @throws AppError two_factor_expired
 */
export async function useCodeOnce(db: Db, used: { userId: string; code: string; token: string }): Promise<void> {
  const hash = createHash('sha256').update(used.code).digest('hex');
  if (await markCodeUsed(db, used.userId, hash)) return;
  await deleteSession(db, used.token);
  throw new AppError('two_factor_expired');
}

export interface PersonToCreate {
  name: string;
  email: string;
  password: string;
  role: 'seller' | 'operator';
  language: Language;
  shops: { shopId: number; role: 'owner' | 'staff' }[];
}

/**
 * Lets a person sign in, and returns their id. Somebody with that e-mail who exists already is left as they are; the
 * answer is null then.
 */
export async function createPerson(trx: Trx, person: PersonToCreate): Promise<string | null> {
  const id = randomUUID();
  const { name, role, language } = person;
  // As sign-in looks it up.
  const email = person.email.toLowerCase();
  const passwordHash = await hashPassword(person.password);
  if (!(await insertPerson(trx, { id, name, email, role, language, passwordHash }))) return null;
  for (const shop of person.shops) await insertMember(trx, shop.shopId, id, shop.role);
  return id;
}

/** Somebody who exists joins shops that they do not belong to yet. */
export async function addToShops(trx: Trx, email: string, shops: PersonToCreate['shops']): Promise<void> {
  const userId = found(await selectPersonId(trx, email.toLowerCase()));
  for (const shop of shops) await insertMember(trx, shop.shopId, userId, shop.role);
}
