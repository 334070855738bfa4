import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { checkBooks, emailCounters, until, untilEnded } from '../../test/books.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { startTestEngine, type TestEngine } from '../../test/engine.ts';
import { createFellows, createMarketplace, createShop } from '../../test/marketplace.ts';
import { SmtpPeer } from '../../test/smtp-peer.ts';
import { createWaitingPush, dispatchNow } from '../../test/waiting-push.ts';
import { createWebPushChannel, generateVapidKeys } from '../channels/web-push/channel.ts';
import { systemClock } from '../lib/clock.ts';

let database: TestDatabase;
let smtp: SmtpPeer;
let engine: TestEngine;

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  await createMarketplace(db);
  // What PostgreSQL says when a file cannot grow any more (class 53, code 53100), for the ledger of some pushes.
  await sql`create table full_disk (push_id bigint primary key, refuses text not null)`.execute(db);
  await sql`
    create function refuse_growth() returns trigger language plpgsql as $$
    begin
      if exists (select from full_disk where push_id = new.push_id and refuses = lower(tg_op)) then
        raise exception using errcode = '53100', message = 'could not extend file: No space left on device';
      end if;
      return new;
    end $$`.execute(db);
  await sql`create trigger full_disk before insert or update on recipient for each row execute function refuse_growth()`.execute(
    db,
  );
  const vapid = { subject: 'mailto:tests@example.com', ...generateVapidKeys() };
  const webPush = createWebPushChannel({ vapid });
  smtp = await SmtpPeer.start();
  const peers = { smtpUrl: smtp.url, webPush, vapidPublicKey: vapid.publicKey };
  const retryDelaysMs = Array.from({ length: 500 }, () => 150);
  engine = await startTestEngine({ database, clock: systemClock, retryDelaysMs, ...peers });
  return async () => {
    await sql`delete from full_disk`.execute(db);
    await engine.stop();
    await webPush.close();
    await smtp.stop();
    await database.drop();
  };
});
beforeEach(() => {
  smtp.received.length = 0;
});

async function prepare(people: number) {
  const shop = await createShop(database.db, 'はなみどり');
  const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: people });
  const { pushId } = await createWaitingPush(database.db, shop);
  return { pushId, reachable, addresses: new Set(reachable.map((id) => `c${id}@customers.example.com`)) };
}

const fill = (pushId: number, refuses: 'insert' | 'update') =>
  sql`insert into full_disk values (${pushId}, ${refuses})`.execute(database.db);
const empty = () => sql`delete from full_disk`.execute(database.db);

it('a disk that fills up while a push is sent: what was answered is kept and written later, and nobody gets a second e-mail', async () => {
  const [full, other] = [await prepare(60), await prepare(60)];
  // Everybody is issued to, and nothing that is answered can be written.
  await fill(full.pushId, 'update');
  await dispatchNow(database.db, full.pushId);
  await until(() => (smtp.received.some(({ to }) => full.addresses.has(to)) ? true : undefined), 10_000, 'an e-mail');
  await dispatchNow(database.db, other.pushId);
  expect(await untilEnded(database.db, other.pushId)).toBe('sent');
  expect((await emailCounters(database.db, full.pushId))?.sent).toBe(0);
  await empty();
  expect(await untilEnded(database.db, full.pushId)).toBe('sent');
  for (const { pushId, reachable } of [full, other]) await checkBooks(database.db, pushId, reachable);
  expect(smtp.received).toHaveLength(120);
  expect(new Set(smtp.received.map(({ to }) => to)).size).toBe(120);
  expect(await emailCounters(database.db, full.pushId)).toMatchObject({ sent: 60, failed: 0, in_doubt: 0 });
});

it('a disk that is full when a push is issued: nothing of it goes out before its coupons are written; then everything does', async () => {
  const [full, other] = [await prepare(50), await prepare(50)];
  await fill(full.pushId, 'insert');
  await dispatchNow(database.db, full.pushId);
  await dispatchNow(database.db, other.pushId);
  expect(await untilEnded(database.db, other.pushId)).toBe('sent');
  expect(smtp.received.filter(({ to }) => full.addresses.has(to))).toEqual([]);
  await empty();
  expect(await untilEnded(database.db, full.pushId)).toBe('sent');
  for (const { pushId, reachable } of [full, other]) await checkBooks(database.db, pushId, reachable);
  expect(smtp.received).toHaveLength(100);
});
