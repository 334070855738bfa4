import { createECDH, randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { keptVapidKeys } from '../src/channels/web-push/kept-keys.ts';
import { type Database, openDatabase } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { freePort } from '../src/db/postgres-process.ts';
import { silentLog } from '../src/lib/plain-log.ts';
import { createFellows, createMarketplace, createShop } from './marketplace.ts';
import { temporaryDataDir } from './temporary.ts';
import { type Arrived, checkTortured, type Repeats, whatIsLeft } from './torture-books.ts';
import { KeptProcess, KillableDatabase } from './torture-processes.ts';
import { createWaitingPush, dispatchNow } from './waiting-push.ts';

export const killKinds = ['worker', 'connections', 'database', 'backend', 'smtp', 'push service'] as const;
export type KillKind = (typeof killKinds)[number];
/** What dies most in real life. */
const oftener: readonly KillKind[] = ['worker', 'worker', 'connections'];

export interface TortureOptions {
  /** Customers who are to get it; a sixth more are held back for one reason or other. */
  recipients: number;
  /** Spread over the push: each is due when so much of it has arrived. Every kind comes at least once. */
  kills: number;
  workers: number;
  /** What is killed; default everything. */
  kinds?: readonly KillKind[];
  /** Same seed, same order of kills; when exactly they strike is up to the machine. */
  seed: number;
  /** Given up after this. */
  limitMs: number;
  tell?: (text: string) => void;
}

export interface TortureReport extends Repeats {
  recipients: number;
  appPushes: number;
  kills: Record<KillKind, number>;
  seconds: number;
  state: string;
  /** What is wrong in the books; nothing is to be. */
  wrong: string[];
  /** What workers said that ended by themselves; none is to. */
  gaveUp: string[];
}

/** Sends a push while everything that takes part in it is killed again and again, and checks the books. */
export async function torture(options: TortureOptions): Promise<TortureReport> {
  const dir = temporaryDataDir();
  const server = await KillableDatabase.start(dir);
  const database = openDatabase(server.url, { applicationName: 'torture', max: 3 });
  const stage = new Stage(options, { dir, server, database });
  try {
    return await stage.run();
  } finally {
    await stage.stop();
    await database.close().catch(() => {});
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Mulberry32: a small generator whose every seed gives another sequence of numbers from 0 to 1. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

class Stage {
  readonly #options: TortureOptions;
  readonly #dir: string;
  readonly #server: KillableDatabase;
  readonly #database: Database;
  readonly #random: () => number;
  readonly #workers: KeptProcess[] = [];
  readonly #peers: Partial<Record<'smtp' | 'push service', KeptProcess>> = {};
  readonly #devices = new Map<string, number>();
  readonly #books = {
    emails: new Map<number, number>(),
    appPushes: new Map<number, number>(),
    strange: [] as string[],
  };
  readonly #read = { emails: 0, appPushes: 0 };

  constructor(options: TortureOptions, given: { dir: string; server: KillableDatabase; database: Database }) {
    this.#options = options;
    this.#dir = given.dir;
    this.#server = given.server;
    this.#database = given.database;
    this.#random = randomOf(options.seed);
  }

  async run(): Promise<TortureReport> {
    const { db, pool } = this.#database;
    await migrate(pool, { log: silentLog });
    await createMarketplace(db);
    const shop = await createShop(db, 'はなみどり');
    const each = Math.ceil(this.#options.recipients / 30);
    const heldBack = { left: each, unverified: each, refused: each, suppressed: each, muted: each };
    const people = await createFellows(db, shop.shopId, { reachable: this.#options.recipients, ...heldBack });
    const { reachable = [], refused = [], muted = [] } = people;
    const withDevice = reachable.filter((_, n) => n % 5 === 0);
    // Those who are held back have devices, too: nothing may come there.
    await this.#startPeers([...withDevice, ...refused, ...muted]);
    const { pushId } = await createWaitingPush(db, shop);
    const began = performance.now();
    await dispatchNow(db, pushId);
    const kills = await this.#killAll(reachable.length + withDevice.length);
    const state = await this.#untilEnded(pushId);
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    this.#readBooks();
    const audience = { reachable, withDevice, heldBack: 5 * each };
    const { wrong, repeats } = await checkTortured(db, pushId, audience, this.#books as Arrived);
    const gaveUp = [...this.#workers, ...Object.values(this.#peers)].flatMap((one) => one.gaveUp);
    const figures = { recipients: reachable.length, appPushes: withDevice.length, kills, seconds, state };
    return { ...figures, ...repeats, wrong: state === 'sent' ? wrong : [`it ended as ${state}`, ...wrong], gaveUp };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
    await Promise.all(Object.values(this.#peers).map((peer) => peer.stop()));
  }

  async #startPeers(customers: readonly number[]): Promise<void> {
    const { db } = this.#database;
    const [smtpPort, pushPort] = [await freePort(), await freePort()];
    const { publicKey } = await keptVapidKeys(db);
    const kept = customers.map((customerId) => {
      const ecdh = createECDH('prime256v1');
      const p256dh = ecdh.generateKeys('base64url');
      const path = `/push/${randomBytes(12).toString('base64url')}`;
      this.#devices.set(path, customerId);
      const auth = randomBytes(16).toString('base64url');
      return { customerId, path, p256dh, auth, privateKey: ecdh.getPrivateKey('base64url') };
    });
    await sql`
      insert into subscription (customer_id, transport, endpoint, p256dh, auth, vapid_key, created_at)
      select "customerId", 'web_push', ${`http://127.0.0.1:${pushPort}`} || path, p256dh, auth, ${publicKey}, now()
        from json_to_recordset(${JSON.stringify(kept)}::json)
             as device ("customerId" bigint, path text, p256dh text, auth text)`.execute(db);
    const devices = kept.map(({ path, auth, privateKey }) => ({
      path,
      auth,
      privateKey,
      applicationServerKey: publicKey,
    }));
    writeFileSync(join(this.#dir, 'devices.json'), JSON.stringify(devices));
    this.#peers.smtp = new KeptProcess('torture-smtp.ts', [String(smtpPort), join(this.#dir, 'emails')]);
    this.#peers['push service'] = new KeptProcess('torture-push.ts', [
      String(pushPort),
      join(this.#dir, 'app-pushes'),
      join(this.#dir, 'devices.json'),
    ]);
    for (let n = 0; n < this.#options.workers; n += 1) {
      this.#workers.push(new KeptProcess('torture-worker.ts', [this.#server.url, `smtp://127.0.0.1:${smtpPort}`]));
    }
    const all = [...this.#workers, ...Object.values(this.#peers)];
    while (all.some((one) => !one.isReady)) await wait(50);
  }

  /** Every kind once in the beginning, then as the dice fall: workers most often. */
  #schedule(): KillKind[] {
    const kinds = this.#options.kinds ?? killKinds;
    const shuffled = [...kinds].map((kind) => ({ kind, at: this.#random() })).sort((a, b) => a.at - b.at);
    const dice = [...kinds, ...oftener.filter((kind) => kinds.includes(kind))];
    return Array.from({ length: this.#options.kills }, (_, n) => {
      return shuffled[n]?.kind ?? dice[Math.floor(this.#random() * dice.length)] ?? 'worker';
    });
  }

  async #killAll(owed: number): Promise<Record<KillKind, number>> {
    const counts = Object.fromEntries(killKinds.map((kind) => [kind, 0])) as Record<KillKind, number>;
    const schedule = this.#schedule();
    const deadline = Date.now() + this.#options.limitMs;
    for (const [n, kind] of schedule.entries()) {
      // The first strikes while it is being issued, the last when little is left.
      const due = Math.floor((owed * 0.97 * n) / schedule.length);
      while (this.#arrived() < due) {
        if (Date.now() > deadline)
          throw new Error(`only ${this.#arrived()} of ${owed} have arrived\n${this.#troubles()}`);
        await wait(15);
      }
      await wait(this.#random() * 60);
      await this.#strike(kind);
      counts[kind] += 1;
      if (n % 20 === 19) this.#options.tell?.(`${n + 1} kills, ${this.#arrived()} of ${owed} have arrived`);
    }
    return counts;
  }

  async #strike(kind: KillKind): Promise<void> {
    const pauseMs = this.#random() * 300;
    switch (kind) {
      case 'worker': {
        const worker = this.#workers[Math.floor(this.#random() * this.#workers.length)];
        if (worker?.isReady) worker.kill(pauseMs);
        return;
      }
      case 'connections':
        await this.#terminate(1 + Math.floor(this.#random() * 20));
        return;
      case 'database':
        return await this.#server.killServer(pauseMs);
      case 'backend': {
        const pid = await this.#backend();
        if (pid !== undefined) await this.#server.killBackend(pid);
        return;
      }
      case 'smtp':
      case 'push service':
        this.#peers[kind]?.kill(pauseMs);
        return;
      default:
        kind satisfies never;
    }
  }

  /** Ends so many connections of workers, whichever they are. */
  async #terminate(count: number): Promise<void> {
    await this.#database.pool
      .query(
        `select pg_terminate_backend(pid) from (
           select pid from pg_stat_activity where application_name like 'coupon-push%' order by random() limit $1) some`,
        [count],
      )
      .catch(() => {});
  }

  async #backend(): Promise<number | undefined> {
    const { rows } = await this.#database.pool.query<{ pid: number }>(
      `select pid from pg_stat_activity where application_name like 'coupon-push%' order by random() limit 1`,
    );
    return rows[0]?.pid;
  }

  async #untilEnded(pushId: number): Promise<string> {
    const deadline = Date.now() + this.#options.limitMs;
    for (;;) {
      const push = await this.#database.db
        .selectFrom('push')
        .where('id', '=', pushId)
        .select('state')
        .executeTakeFirstOrThrow();
      if (push.state !== 'waiting' && push.state !== 'sending') return push.state;
      if (Date.now() > deadline) {
        const left = JSON.stringify(await whatIsLeft(this.#database.db, pushId), null, 1);
        throw new Error(`it does not end\n${left}\n${this.#troubles()}`);
      }
      await wait(50);
    }
  }

  #troubles(): string {
    return this.#workers.flatMap((worker) => worker.gaveUp).join('\n');
  }

  #arrived(): number {
    this.#readBooks();
    return this.#books.emails.size + this.#books.appPushes.size;
  }

  /** What the peers have written down since. */
  #readBooks(): void {
    const { emails, appPushes, strange } = this.#books;
    for (const line of this.#newLines('emails')) {
      const id = Number(/^c(\d+)@customers\.example\.com <push\.\d+\.\1@localhost>$/.exec(line)?.[1]);
      if (Number.isNaN(id)) strange.push(line);
      else emails.set(id, (emails.get(id) ?? 0) + 1);
    }
    for (const line of this.#newLines('appPushes')) {
      const [path = '', tag = ''] = line.split(' ');
      const id = this.#devices.get(path);
      if (id === undefined || !/^push-\d+$/.test(tag)) strange.push(line);
      else appPushes.set(id, (appPushes.get(id) ?? 0) + 1);
    }
  }

  #newLines(book: 'emails' | 'appPushes'): string[] {
    const file = openSync(join(this.#dir, book === 'emails' ? 'emails' : 'app-pushes'), 'r');
    const chunk = Buffer.alloc(1 << 20);
    const length = readSync(file, chunk, 0, chunk.length, this.#read[book]);
    closeSync(file);
    const text = chunk.subarray(0, length).toString();
    const end = text.lastIndexOf('\n') + 1;
    this.#read[book] += Buffer.byteLength(text.slice(0, end));
    return text.slice(0, end).split('\n').filter(Boolean);
  }
}
