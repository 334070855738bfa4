import { beforeAll, expect, it } from 'vitest';
import { emailCounters } from '../../test/books.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { startTestEngine } from '../../test/engine.ts';
import { createFellows, createMarketplace, createShop } from '../../test/marketplace.ts';
import { createWaitingPush } from '../../test/waiting-push.ts';
import { createWebPushChannel, generateVapidKeys } from '../channels/web-push/channel.ts';
import type { Trx } from '../db/database.ts';
import { systemClock } from '../lib/clock.ts';
import { dispatchPush } from './dispatch.ts';
import { isOurs, outcomeOf } from './rules.ts';
import { claimBatch, writeOutcomes } from './send-db.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await createMarketplace(database.db);
  return database.drop;
});

/** A push whose e-mails nobody sends. */
async function dispatched(people: number): Promise<{ pushId: number; reachable: number[] }> {
  const vapid = { subject: 'mailto:tests@example.com', ...generateVapidKeys() };
  const webPush = createWebPushChannel({ vapid });
  const peers = { smtpUrl: 'smtp://127.0.0.1:1', webPush, vapidPublicKey: vapid.publicKey };
  const engine = await startTestEngine({ database, clock: systemClock, ...peers });
  await engine.stop();
  await webPush.close();
  const shop = await createShop(database.db, 'はなみどり');
  const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: people });
  const { pushId } = await createWaitingPush(database.db, shop);
  await dispatchPush(engine.deps, pushId);
  return { pushId, reachable };
}

it('an attempt counts once, also when its transaction is done again as nobody heard that it was committed', async () => {
  const { pushId, reachable } = await dispatched(2);
  const inTransaction = <T>(work: (trx: Trx) => Promise<T>) => database.db.transaction().execute(work);
  const batch = await inTransaction((trx) => claimBatch(trx, { pushId, channel: 'email', batchNo: 0 }));
  if (batch === undefined) throw new Error('no batch');
  const silence = { kind: 'retry' as const, reason: 'connection lost', inDoubt: true };
  const outcomes = reachable.flatMap((customerId) => {
    const outcome = outcomeOf({ customerId, attempts: 0 }, silence, [150]);
    return isOurs(outcome) ? [] : [outcome];
  });
  for (let again = 0; again < 2; again += 1) {
    await inTransaction((trx) => writeOutcomes(trx, batch, outcomes, new Date()));
  }
  expect(await emailCounters(database.db, pushId)).toMatchObject({ retries: 2, in_doubt: 2 });
  const rows = await database.db
    .selectFrom('recipient')
    .where('push_id', '=', pushId)
    .select('email_attempts')
    .execute();
  expect(rows).toEqual([{ email_attempts: 1 }, { email_attempts: 1 }]);
});
