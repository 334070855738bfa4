import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { emailCounters, until } from '../../test/books.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { startTestEngine } from '../../test/engine.ts';
import { createFellows, createMarketplace, createShop } from '../../test/marketplace.ts';
import { SmtpPeer } from '../../test/smtp-peer.ts';
import { createWaitingPush, dispatchNow } from '../../test/waiting-push.ts';
import { createWebPushChannel, generateVapidKeys } from '../channels/web-push/channel.ts';
import { systemClock } from '../lib/clock.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await createMarketplace(database.db);
  return database.drop;
});

/** Leave for so many messages; those who want more wait, and hear in the end that their turn does not come. */
function leaveFor(messages: number) {
  let left = messages;
  const end = Promise.withResolvers<boolean>();
  return {
    permits: { take: () => (left-- > 0 ? Promise.resolve(true) : end.promise) },
    end: () => end.resolve(false),
  };
}

it('a batch whose worker stops while answers are being written is handed back with those whose turn did not come', async () => {
  const { db } = database;
  const smtp = await SmtpPeer.start();
  const vapid = { subject: 'mailto:tests@example.com', ...generateVapidKeys() };
  const webPush = createWebPushChannel({ vapid });
  const { permits, end } = leaveFor(3);
  const peers = { smtpUrl: smtp.url, webPush, vapidPublicKey: vapid.publicKey };
  const engine = await startTestEngine({ database, clock: systemClock, ...peers, mail: { permits } });
  const shop = await createShop(db, 'はなみどり');
  await createFellows(db, shop.shopId, { reachable: 12 });
  const { pushId } = await createWaitingPush(db, shop);
  await db.transaction().execute(async (trx) => {
    await dispatchNow(db, pushId);
    await until(() => smtp.received[2], 20_000, 'three e-mails');
    await sql`select from channel_progress where push_id = ${pushId} for update`.execute(trx);
    const isWriting = async () => {
      const { rows } = await sql`
        select from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query like '%update channel_progress%'`.execute(
        db,
      );
      return rows[0];
    };
    await until(isWriting, 20_000, 'their answers to be written');
    end();
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
  await engine.stop();
  expect(await emailCounters(db, pushId)).toMatchObject({ sent: 3, in_doubt: 0 });
  const { rows: jobs } = await sql`select key from graphile_worker.jobs where key like 'send:%:email:%'`.execute(db);
  expect(jobs).toEqual([{ key: `send:${pushId}:email:0` }]);
  await webPush.close();
  await smtp.stop();
});
