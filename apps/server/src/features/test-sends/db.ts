import type { Language } from '@coupon-push/contract/common.ts';
import type { PreviewRequest } from '@coupon-push/contract/pushes.ts';
import { sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';
import { ownedBy, type SellerScope } from '../../http/actor.ts';

/** Until the transaction ends, nobody else counts this person's test sends. */
export async function holdPerson(trx: Trx, userId: string): Promise<void> {
  await sql`select from app_user where id = ${userId} for no key update`.execute(trx);
}

export async function selectTimesSince(trx: Trx, userId: string, since: Date): Promise<Date[]> {
  const rows = await trx
    .selectFrom('test_send')
    .where('user_id', '=', userId)
    .where('created_at', '>', since)
    .select('created_at')
    .orderBy('created_at')
    .execute();
  return rows.map((row) => row.created_at);
}

export async function insertTestSend(
  trx: Trx,
  scope: SellerScope,
  send: { choices: PreviewRequest; languages: readonly Language[]; createdAt: Date },
): Promise<number> {
  const { id } = await trx
    .insertInto('test_send')
    .values({
      shop_id: scope.shopId,
      user_id: scope.userId,
      choices: JSON.stringify(send.choices),
      created_at: send.createdAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('test_send_mail')
    .values(send.languages.map((language) => ({ test_send_id: id, language })))
    .execute();
  return id;
}

/** The person's own, for one of their shops; `email` is where it goes, as of now. */
export async function selectTestSend(db: Db | Trx, scope: SellerScope, id: number) {
  return await db
    .selectFrom('test_send')
    .innerJoin('app_user', 'app_user.id', 'test_send.user_id')
    .where(ownedBy(scope, 'test_send.shop_id'))
    .where('test_send.user_id', '=', scope.userId)
    .where('test_send.id', '=', id)
    .select(['test_send.id', 'test_send.created_at', 'app_user.email'])
    .executeTakeFirst();
}

/** For the engine. */
export async function selectTestSendToDo(db: Db | Trx, id: number) {
  return await db
    .selectFrom('test_send')
    .innerJoin('app_user', 'app_user.id', 'test_send.user_id')
    .where('test_send.id', '=', id)
    .select(['test_send.shop_id', 'test_send.user_id', 'test_send.choices', 'app_user.email'])
    .executeTakeFirst();
}

export async function selectMails(db: Db | Trx, id: number) {
  return await db
    .selectFrom('test_send_mail')
    .where('test_send_id', '=', id)
    .select(['language', 'state', 'attempts', 'reason', 'finished_at'])
    .orderBy('language')
    .execute();
}

export type MailReason = 'choices_gone' | 'address_refused' | 'mail_server';

/** Null: it went out. */
export async function finishMail(
  db: Db | Trx,
  mail: { id: number; language: Language },
  finish: { reason: MailReason | null; at: Date },
): Promise<void> {
  const { reason, at } = finish;
  await db
    .updateTable('test_send_mail')
    .set({ state: reason === null ? 'sent' : 'failed', reason, finished_at: at })
    .where('test_send_id', '=', mail.id)
    .where('language', '=', mail.language)
    .where('state', '=', 'waiting')
    .execute();
}

/** All of its languages went to one address. */
export async function refuseSent(trx: Trx, id: number, at: Date): Promise<void> {
  await trx
    .updateTable('test_send_mail')
    .set({ state: 'failed', reason: 'address_refused', finished_at: at })
    .where('test_send_id', '=', id)
    .where('state', '=', 'sent')
    .execute();
}

export async function countAttempt(trx: Trx, mail: { id: number; language: Language }): Promise<void> {
  await trx
    .updateTable('test_send_mail')
    .set({ attempts: sql`attempts + 1` })
    .where('test_send_id', '=', mail.id)
    .where('language', '=', mail.language)
    .execute();
}

export async function deleteOlder(db: Db, than: Date): Promise<void> {
  await db.deleteFrom('test_send').where('created_at', '<', than).execute();
}
