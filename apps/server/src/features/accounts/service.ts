import { randomUUID } from 'node:crypto';
import type { Language } from '@coupon-push/contract/common.ts';
import type { Me } from '@coupon-push/contract/session.ts';
import { hashPassword } from 'better-auth/crypto';
import type { Db, Trx } from '../../db/database.ts';
import type { Actor } from '../../http/actor.ts';
import { insertMember, insertPerson, selectShopsOf, updateLanguage } from './db.ts';

/** Who is signed in, and for which shops. */
export async function readMe(db: Db | Trx, actor: Actor): Promise<Me> {
  const shops = await selectShopsOf(db, actor.userId);
  return {
    user: { id: actor.userId, name: actor.name, email: actor.email, role: actor.role, language: actor.language },
    shops: shops.map((shop) => ({ id: shop.id, name: shop.name, role: shop.role === 'owner' ? 'owner' : 'staff' })),
  };
}

export async function changeLanguage(db: Db | Trx, actor: Actor, language: Language): Promise<void> {
  await updateLanguage(db, actor.userId, language);
}

export interface PersonToCreate {
  name: string;
  email: string;
  password: string;
  role: 'seller' | 'operator';
  language: Language;
  shops: { shopId: number; role: 'owner' | 'staff' }[];
}

/** Lets a person sign in. Somebody with that e-mail who exists already is left as they are. */
export async function createPerson(trx: Trx, person: PersonToCreate): Promise<void> {
  const id = randomUUID();
  const { name, email, role, language } = person;
  const passwordHash = await hashPassword(person.password);
  if (!(await insertPerson(trx, { id, name, email, role, language, passwordHash }))) return;
  for (const shop of person.shops) await insertMember(trx, shop.shopId, id, shop.role);
}
