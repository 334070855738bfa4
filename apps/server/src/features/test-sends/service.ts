import type { Language } from '@coupon-push/contract/common.ts';
import { type PreviewRequest, previewRequest } from '@coupon-push/contract/pushes.ts';
import type { TestSend, TestSendRequest } from '@coupon-push/contract/test-sends.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { enqueue, testSendKey } from '../../jobs/enqueue.ts';
import { AppError, found } from '../../lib/app-error.ts';
import { previewContent } from '../pushes/service.ts';
import {
  countAttempt,
  deleteOlder,
  finishMail,
  holdPerson,
  insertTestSend,
  type MailReason,
  refuseSent,
  selectMails,
  selectTestSend,
  selectTestSendToDo,
  selectTimesSince,
} from './db.ts';
import { hourMs, waitForTestSend } from './rules.ts';

/** Before the batches of pushes. */
const somebodyWaits = -1;

/** What is kept of a test send is of no use to anyone after so long. */
const keptMs = 48 * hourMs;

/**
 * Asks for the push's e-mail as it is chosen so far, sent to the seller's own address. Returns its number; the engine sends
 * it, and reads the address only then.
 * @throws AppError too_many_test_sends, and whatever the preview of these choices is refused with.
 */
export async function requestTestSend(
  trx: Trx,
  scope: SellerScope,
  input: TestSendRequest,
  context: { now: Date; publicUrl: string },
): Promise<number> {
  const { languages, ...choices } = input;
  const { now } = context;
  await previewContent(trx, scope, choices, context);
  await holdPerson(trx, scope.userId);
  const times = await selectTimesSince(trx, scope.userId, new Date(now.getTime() - hourMs));
  const waitMs = waitForTestSend(times, now);
  if (waitMs > 0) throw new AppError('too_many_test_sends', { max: times.length, minutes: Math.ceil(waitMs / 60_000) });
  const testSendId = await insertTestSend(trx, scope, { choices, languages, createdAt: now });
  await enqueue(trx, 'test-send', { testSendId }, { key: testSendKey(testSendId), priority: somebodyWaits });
  return testSendId;
}

/** @throws AppError not_found, also for somebody else's. */
export async function readTestSend(db: Db | Trx, scope: SellerScope, id: number): Promise<TestSend> {
  const row = found(await selectTestSend(db, scope, id));
  const mails = await selectMails(db, id);
  return {
    id: row.id,
    to: row.email,
    createdAt: row.created_at.toISOString(),
    mails: mails.map(({ language, state, reason, finished_at }) => ({
      language,
      state,
      reason,
      finishedAt: finished_at?.toISOString() ?? null,
    })),
  };
}

export interface TestSendToDo {
  scope: SellerScope;
  choices: PreviewRequest;
  to: string;
  mails: { language: Language; attempts: number }[];
}

/** For the engine: a test send with the e-mails that are still owed; undefined when it is forgotten. */
export async function testSendToDo(db: Db, id: number): Promise<TestSendToDo | undefined> {
  const row = await selectTestSendToDo(db, id);
  if (row === undefined) return undefined;
  const mails = await selectMails(db, id);
  return {
    scope: { shopId: row.shop_id, userId: row.user_id },
    choices: previewRequest.parse(row.choices),
    to: row.email,
    mails: mails.flatMap(({ language, state, attempts }) => (state === 'waiting' ? [{ language, attempts }] : [])),
  };
}

/** For the engine: an e-mail went out (null), or for this reason never will. */
export async function finishTestMail(
  db: Db,
  mail: { id: number; language: Language },
  finish: { reason: MailReason | null; at: Date },
): Promise<void> {
  await finishMail(db, mail, finish);
}

/** The seller's address sent a test back after the mail server had taken it. */
export async function refuseTestSend(trx: Trx, id: number, at: Date): Promise<void> {
  await refuseSent(trx, id, at);
}

/** For the engine: this attempt was for nothing; the next one comes at `runAt`, by the machine's clock. */
export async function retryTestMail(trx: Trx, mail: { id: number; language: Language }, runAt: Date): Promise<void> {
  await countAttempt(trx, mail);
  await enqueue(
    trx,
    'test-send',
    { testSendId: mail.id },
    { key: testSendKey(mail.id), priority: somebodyWaits, runAt },
  );
}

export async function forgetOldTestSends(db: Db, now: Date): Promise<void> {
  await deleteOlder(db, new Date(now.getTime() - keptMs));
}
