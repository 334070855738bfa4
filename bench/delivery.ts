import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from '../apps/server/src/db/database.ts';
import { dispatchPush } from '../apps/server/src/delivery/dispatch.ts';
import { readProgress } from '../apps/server/src/features/pushes/service.ts';
import { systemClock } from '../apps/server/src/lib/clock.ts';
import { errorLogger } from '../apps/server/test/error-logger.ts';
import { createMarketplace, type TestShop } from '../apps/server/test/marketplace.ts';
import { dispatchNow, issueWhole } from '../apps/server/test/waiting-push.ts';
import { type BenchDatabase, benchDatabase } from './database.ts';
import { type DeliveryOptions, type PushChannel, readOptions } from './delivery-options.ts';
import { createDevices, createPushes, createShops } from './delivery-seed.ts';
import { cpuSeconds, cpuSecondsOfFamily, loadAverage, peakRssMb } from './process-figures.ts';
import { end, line, start, startSink, startWorker, taken } from './processes.ts';
import {
  hasPostfixTools,
  nodemailerPool,
  type RivalMessage,
  rivalMessage,
  smtpSource,
  startSmtpSink,
} from './rivals.ts';

export const options = ['recipients', 'channels', 'workers', 'shops'];
export const texts = ['channels'];

export const bounds = {
  recipientsPerSecond: { atLeast: 1000 },
  issuePerSecond: { atLeast: 60_000 },
  peakRssMb: { atMost: 300 },
  vsNodemailerPool: { atLeast: 3 },
  vsSmtpSource: { atLeast: 0.5 },
};

/** A small push is sent again and again until so many were sent to, so that its beginning does not decide. */
const atLeastMeasured = 50_000;
/** Of the issue stage by itself. */
const issued = { recipients: 100_000, rounds: 3 };
/** To Postfix's sink. */
const comparedRecipients = 40_000;
/** Of the others, sent by each of them before and after ours. */
const rivalMessages = { nodemailer: 5000, smtpSource: 20_000 };

/**
 * A real push, with the full ledger: embedded PostgreSQL with the product's settings, worker processes, an SMTP sink in
 * another process; coupon, Qpost message and an e-mail for everyone. Before and after it others send as many bytes to the
 * same sink. Then a push to app pushes' sinks, and the issue stage by itself.
 */
export async function run(given: Record<string, number | string>): Promise<object> {
  const options = readOptions(given);
  const bench = await benchDatabase();
  const children: ChildProcess[] = [];
  try {
    const { database } = bench;
    await createMarketplace(database.db);
    const [warm] = await createShops(database, 1, 2000);
    const [ten] = await createShops(database, 1, 10);
    const shops = await createShops(database, options.shops, options.recipients);
    await database.pool.query('vacuum analyze');
    if (warm === undefined || ten === undefined) throw new Error('no shops');
    const run = new Run(bench, children, options);
    const mail = await run.mail(shops, { warm, ten });
    const appPushes = await run.appPushes();
    const issue = await run.issue();
    return { recipients: options.recipients, ...mail, ...appPushes, ...issue, loadAverage: loadAverage() };
  } finally {
    await Promise.all(children.map(end));
    await bench.close();
  }
}

class Run {
  readonly #bench: BenchDatabase;
  readonly #database: Database;
  readonly #children: ChildProcess[];
  readonly #options: DeliveryOptions;
  #week = 0;

  constructor(bench: BenchDatabase, children: ChildProcess[], options: DeliveryOptions) {
    this.#bench = bench;
    this.#database = bench.database;
    this.#children = children;
    this.#options = options;
  }

  async mail(shops: readonly TestShop[], { warm, ten }: { warm: TestShop; ten: TestShop }): Promise<object> {
    const { recipients } = this.#options;
    const sink = await startSink(this.#children);
    const env = { DATABASE_URL: this.#bench.url, SMTP_URL: `smtp://127.0.0.1:${sink.port}` };
    const workers: ChildProcess[] = [];
    for (let index = 0; index < this.#options.workers; index += 1) workers.push(await startWorker(this.#children, env));
    const [warmPush = 0, tenPush = 0] = await this.#pushes([warm, ten]);
    await this.#send([warmPush]);
    await this.#send([tenPush]);
    const message = await rivalMessage(this.#database.db, warmPush);
    const pool = () => nodemailerPool(this.#children, message, { port: sink.port, messages: rivalMessages.nodemailer });
    const poolBefore = await pool();
    const { messages: takenBefore } = await taken(sink.process);
    const cpu = this.#cpu(workers);
    let seconds = 0;
    let last: number[] = [];
    const rounds = Math.ceil(atLeastMeasured / recipients);
    for (let round = 0; round < rounds; round += 1) {
      last = await this.#pushes(shops);
      seconds += await this.#send(last);
    }
    const used = cpu();
    const sent = recipients * rounds;
    const { messages } = await taken(sink.process);
    const poolPerSecond = (poolBefore + (await pool())) / 2;
    const peak = Math.max(...workers.map(({ pid = 0 }) => peakRssMb(pid)));
    const progress = await this.#progressReads([shops[0], last[0]], [ten, tenPush]);
    await Promise.all(workers.map(end));
    await end(sink.process);
    const emailsPerSecond = (messages - takenBefore) / seconds;
    return {
      rounds,
      seconds,
      recipientsPerSecond: Math.round(sent / seconds),
      emailsPerSecond: Math.round(emailsPerSecond),
      emailBytes: message.bytes,
      cpuSecondsPer1000: (used.workers / sent) * 1000,
      databaseCpuSecondsPer1000: (used.database / sent) * 1000,
      peakRssMb: peak,
      nodemailerPoolPerSecond: Math.round(poolPerSecond),
      vsNodemailerPool: emailsPerSecond / poolPerSecond,
      ...progress,
      ...(await this.#againstSmtpSource(message, warm)),
    };
  }

  /** To postfix's own sink, where it is installed: its load generator, a push of ours, and the generator once more. */
  async #againstSmtpSource(message: RivalMessage, warm: TestShop): Promise<object> {
    if (!hasPostfixTools()) return {};
    const sink = await startSmtpSink(this.#children);
    const env = { DATABASE_URL: this.#bench.url, SMTP_URL: `smtp://127.0.0.1:${sink.port}` };
    const workers: ChildProcess[] = [];
    for (let index = 0; index < this.#options.workers; index += 1) workers.push(await startWorker(this.#children, env));
    const shops = await createShops(this.#database, 1, comparedRecipients);
    await this.#send(await this.#pushes([warm]));
    const source = () => smtpSource(message, { port: sink.port, messages: rivalMessages.smtpSource });
    const before = await source();
    const seconds = await this.#send(await this.#pushes(shops));
    const perSecond = (before + (await source())) / 2;
    await Promise.all(workers.map(end));
    await end(sink.process);
    const ours = comparedRecipients / seconds;
    return {
      smtpSourcePerSecond: Math.round(perSecond),
      emailsPerSecondToSmtpSink: Math.round(ours),
      vsSmtpSource: ours / perSecond,
    };
  }

  /** Everybody has a device, of the channels in turn, and gets an e-mail as well, as always. */
  async appPushes(): Promise<object> {
    const { pushChannels, recipients, workers } = this.#options;
    if (pushChannels.length === 0) return { pushesPerSecond: 0 };
    const people = Math.min(20_000, recipients);
    const [shop] = await createShops(this.#database, 1, people);
    if (shop === undefined) throw new Error('no shop');
    const folder = mkdtempSync(join(tmpdir(), 'coupon-push-bench-fcm-'));
    try {
      const sinks = await this.#startPushSinks(folder);
      await createDevices(this.#database, shop, { channels: pushChannels, origin: sinks.origin });
      const running: ChildProcess[] = [];
      for (let index = 0; index < workers; index += 1)
        running.push(await this.#startAppPushWorker(sinks.env, sinks.smtp));
      // The first one opens connections and warms all processes up.
      await this.#send(await this.#pushes([shop]));
      const before = await sinks.taken();
      const seconds = await this.#send(await this.#pushes([shop]));
      const messages = (await sinks.taken()) - before;
      await Promise.all(running.map(end));
      return {
        appPushRecipients: people,
        pushesPerSecond: Math.round(messages / seconds),
        pushes: channelNames(pushChannels),
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** The issue stage with nothing beside it: a push of its own shop after the other, to customers who have coupons by then. */
  async issue(): Promise<object> {
    const { db } = this.#database;
    const deps = {
      ...{ db, clock: systemClock, logger: errorLogger, publicUrl: 'http://localhost:3000', rangeSize: 2000 },
      watchers: { changed: () => undefined },
      ...{ unsubscribeSecret: '', vapidPublicKey: '', retryDelaysMs: [], email: nothing, webPush: nothing },
    };
    const shops = await createShops(this.#database, 1, issued.recipients);
    let seconds = 0;
    for (let round = 0; round < issued.rounds; round += 1) {
      const [pushId = 0] = await this.#pushes(shops);
      await dispatchPush(deps, pushId);
      const began = performance.now();
      await issueWhole(deps, pushId);
      seconds += (performance.now() - began) / 1000;
    }
    return { issuePerSecond: Math.round((issued.recipients * issued.rounds) / seconds) };
  }

  #pushes(shops: readonly TestShop[]): Promise<number[]> {
    this.#week += 1;
    return createPushes(this.#database, shops, this.#week);
  }

  /** Dispatches them at one moment. Returns after how many seconds all were sent. */
  async #send(pushIds: readonly number[]): Promise<number> {
    const { db } = this.#database;
    const began = performance.now();
    for (const pushId of pushIds) await dispatchNow(db, pushId);
    for (;;) {
      const left = await db
        .selectFrom('push')
        .where('id', 'in', [...pushIds])
        .where('state', '<>', 'sent')
        .select('state')
        .execute();
      if (left.length === 0) return (performance.now() - began) / 1000;
      const ended = left.find(({ state }) => state !== 'waiting' && state !== 'sending');
      if (ended !== undefined) throw new Error(`a push ended as ${ended.state}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Processor seconds from now on, when asked. */
  #cpu(workers: readonly ChildProcess[]): () => { workers: number; database: number } {
    const now = () => ({
      workers: workers.reduce((sum, { pid = 0 }) => sum + cpuSeconds(pid), 0),
      database: cpuSecondsOfFamily(this.#bench.pid),
    });
    const began = now();
    return () => {
      const ended = now();
      return { workers: ended.workers - began.workers, database: ended.database - began.database };
    };
  }

  /** What a page asks for while a push is sent: of all its recipients, and of ten. */
  async #progressReads(...pushes: [TestShop | undefined, number | undefined][]): Promise<object> {
    const medians: number[] = [];
    for (const [shop, pushId = 0] of pushes) {
      if (shop === undefined) throw new Error('no shop');
      const times: number[] = [];
      for (let read = 0; read < 200; read += 1) {
        const began = performance.now();
        await readProgress(this.#database.db, { userId: shop.userId, shopId: shop.shopId }, pushId);
        times.push(performance.now() - began);
      }
      medians.push(times.sort((one, other) => one - other)[100] ?? 0);
    }
    return { progressReadMs: medians[0], progressReadMsOfTen: medians[1] };
  }

  async #startPushSinks(folder: string) {
    const webPush = start(this.#children, [fileURLToPath(new URL('./push-sink.ts', import.meta.url))]);
    const { origin, ca } = await line<{ origin: string; ca: string }>(webPush);
    const fcm = start(this.#children, [fileURLToPath(new URL('./fcm-peer.ts', import.meta.url))]);
    const peer = await line<{ server: { origin: string; ca: string }; accountFile: string }>(fcm);
    writeFileSync(join(folder, 'account.json'), peer.accountFile);
    writeFileSync(join(folder, 'ca.pem'), ca);
    const sink = await startSink(this.#children);
    return {
      origin,
      smtp: `smtp://127.0.0.1:${sink.port}`,
      env: {
        NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
        FCM_ORIGIN: peer.server.origin,
        FCM_CA: peer.server.ca,
        FCM_SERVICE_ACCOUNT: join(folder, 'account.json'),
      },
      taken: async () => (await taken(webPush)).messages + (await taken(fcm)).messages,
    };
  }

  async #startAppPushWorker(env: Record<string, string>, smtp: string): Promise<ChildProcess> {
    const program = fileURLToPath(new URL('../apps/server/test/fixtures/app-push-worker.ts', import.meta.url));
    const worker = start(this.#children, [program, this.#bench.url, smtp], env);
    await once(worker.stdout ?? worker, 'data');
    worker.stdout?.resume();
    return worker;
  }
}

function channelNames(channels: readonly PushChannel[]): string {
  return channels.join('+');
}

/** Nothing is sent while only issuing. */
const nothing = {
  inFlight: 1,
  send: async () => ({ kind: 'sent' as const }),
  close: async () => undefined,
};
