import { sql } from 'kysely';
import { expect } from 'vitest';
import { createWebPushChannel, generateVapidKeys } from '../src/channels/web-push/channel.ts';
import { resumeSending } from '../src/delivery/operator.ts';
import { systemClock } from '../src/lib/clock.ts';
import { checkBooks, until, untilEnded } from './books.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startTestEngine, type TestEngineOptions } from './engine.ts';
import { createFellows, createMarketplace, createShop } from './marketplace.ts';
import { PushService } from './push-service.ts';
import { type ReceivedEmail, SmtpPeer } from './smtp-peer.ts';
import { createWaitingPush, dispatchNow } from './waiting-push.ts';

export const address = (customerId: number) => `c${customerId}@customers.example.com`;

export interface Sent {
  pushId: number;
  people: number[];
}

/** A database, a push service, and mail servers that misbehave: what tests of faults stand on. */
export class FaultyMail {
  readonly #database: TestDatabase;
  readonly #pushService: PushService;
  readonly #vapid = { subject: 'mailto:tests@example.com', ...generateVapidKeys() };

  private constructor(database: TestDatabase, pushService: PushService) {
    this.#database = database;
    this.#pushService = pushService;
  }

  static async start(): Promise<FaultyMail> {
    const database = await createTestDatabase();
    await createMarketplace(database.db);
    return new FaultyMail(database, await new PushService().start());
  }

  async stop(): Promise<void> {
    await this.#pushService.stop();
    await this.#database.drop();
  }

  /** A mail server and the engine that sends over it, for as long as a test takes. */
  async withServer(
    run: (smtp: SmtpPeer) => Promise<void>,
    options: Pick<TestEngineOptions, 'mail'> = {},
  ): Promise<void> {
    const smtp = await SmtpPeer.start();
    const webPush = createWebPushChannel({ vapid: this.#vapid, allowPrivateNetworks: true });
    const engine = await startTestEngine({
      database: this.#database,
      clock: systemClock,
      smtpUrl: smtp.url,
      webPush,
      vapidPublicKey: this.#vapid.publicKey,
      retryDelaysMs: Array.from({ length: 500 }, () => 150),
      ...options,
    });
    try {
      await run(smtp);
    } finally {
      smtp.otherwise = 'accept';
      smtp.manners = {};
      smtp.dropConnections();
      await engine.stop();
      await webPush.close();
      await smtp.stop();
    }
  }

  /** A push to so many, two of whom have a device, at its slot. */
  async startPush(count: number): Promise<Sent> {
    const { db } = this.#database;
    const shop = await createShop(db, 'はなみどり');
    const { reachable: people = [] } = await createFellows(db, shop.shopId, { reachable: count });
    for (const customerId of people.slice(0, 2)) {
      const { endpoint, p256dh, auth } = this.#pushService.subscribe(this.#vapid.publicKey);
      await sql`
        insert into subscription (customer_id, transport, endpoint, p256dh, auth, vapid_key, created_at)
        values (${customerId}, 'web_push', ${endpoint}, ${p256dh}, ${auth}, ${this.#vapid.publicKey}, now())`.execute(
        db,
      );
    }
    const { pushId } = await createWaitingPush(db, shop);
    await dispatchNow(db, pushId);
    return { pushId, people };
  }

  async progress({ pushId }: Sent, channel: 'email' | 'app_push' = 'email') {
    return await this.#database.db
      .selectFrom('channel_progress')
      .where('push_id', '=', pushId)
      .where('channel', '=', channel)
      .selectAll()
      .executeTakeFirst();
  }

  async untilRetried(push: Sent): Promise<void> {
    await until(async () => ((await this.progress(push))?.retries ? true : undefined), 20_000, 'a first try');
  }

  /** Whatever e-mail does: coupons, Qpost messages and app pushes of these pushes are all there. */
  async untilAllButEmail(...pushes: Sent[]): Promise<void> {
    for (const push of pushes) {
      const issued = async () =>
        await this.#database.db
          .selectFrom('push')
          .where('id', '=', push.pushId)
          .where('issued_at', 'is not', null)
          .select('id')
          .executeTakeFirst();
      const isDone = async () => (await issued()) !== undefined && (await this.progress(push, 'app_push'))?.sent === 2;
      await until(async () => ((await isDone()) ? true : undefined), 20_000, 'coupons and app pushes');
    }
  }

  /** Returns why, when e-mail of this push is paused; the operator was told, once for each time, and nobody failed. */
  async untilPaused(push: Sent, times = 1): Promise<string> {
    const paused = async () => (await this.progress(push))?.paused_reason ?? undefined;
    const reason = await until(paused, 20_000, 'the pause');
    expect(await this.progress(push)).toMatchObject({ failed: 0, pauses: times });
    const told = this.#database.db.selectFrom('push_event').where('push_id', '=', push.pushId);
    expect(await told.where('kind', '=', 'paused').select('detail').execute()).toHaveLength(times);
    return reason;
  }

  /** The operator’s word that it may go on. */
  async resume({ pushId }: Sent): Promise<void> {
    const { db } = this.#database;
    const now = systemClock.now();
    await db.transaction().execute((trx) => resumeSending(trx, { pushId, channel: 'email', now }));
  }

  async suppressed({ people }: Sent): Promise<number[]> {
    const rows = await this.#database.db
      .selectFrom('customer')
      .where('customer_id', 'in', people)
      .where('held_back', 'is not', null)
      .select('customer_id')
      .orderBy('customer_id')
      .execute();
    return rows.map((row) => row.customer_id);
  }

  /** They end like this, and their books are right. */
  async expectEnd(state: string, ...pushes: Sent[]): Promise<void> {
    for (const { pushId, people } of pushes) {
      expect(await untilEnded(this.#database.db, pushId)).toBe(state);
      await checkBooks(this.#database.db, pushId, people);
    }
  }
}

/** Each of these people has one, and nobody else has any. */
export function expectOneEach(received: readonly ReceivedEmail[], people: readonly number[]): void {
  const owed = new Set(people.map(address));
  const got = received.filter(({ to }) => owed.has(to));
  const counted = {
    messages: got.length,
    people: new Set(got.map(({ to }) => to)).size,
    strangers: received.length - got.length,
  };
  expect(counted).toEqual({ messages: people.length, people: people.length, strangers: 0 });
}

export function messageIds(mails: readonly ReceivedEmail[]): string[] {
  return mails.map(({ raw }) => /^Message-ID: (\S+)/im.exec(raw.toString('latin1'))?.[1] ?? 'none');
}
