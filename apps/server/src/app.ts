import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { type Database, type Db, openDatabase } from './db/database.ts';
import { startEmbeddedPostgres } from './db/embedded-postgres.ts';
import { migrate } from './db/migrate.ts';
import { keptSecret } from './db/secrets.ts';
import { DemoClock } from './demo/demo-clock.ts';
import type { Metrics } from './features/metrics/metrics.ts';
import { listenForChanges } from './http/changes.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import type { PlainLog } from './lib/plain-log.ts';
import { StartError } from './lib/start-error.ts';

// What only one role needs is imported by that role: a worker carries no HTTP server in its memory, an API no sender.

export interface Roles {
  /** Answers HTTP: the API and the pages. */
  api: boolean;
  /** Sends. */
  worker: boolean;
}

export interface Product {
  demo: boolean;
  mailbox: boolean;
  stop(): Promise<void>;
}

/** What was started, to be stopped in the opposite order, whatever of it failed to start. */
class Stack {
  readonly #stops: (() => Promise<unknown>)[] = [];

  add<T>(started: T, stop: (started: T) => Promise<unknown>): T {
    this.#stops.unshift(() => stop(started));
    return started;
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0)) await stop();
  }
}

/** The database of the settings, brought to this code's schema. */
export async function openProductDatabase(
  config: Config,
  log: PlainLog,
): Promise<{ database: Database; url: string; close(): Promise<void> }> {
  const stack = new Stack();
  try {
    const url =
      config.databaseUrl ??
      stack.add(await startEmbeddedPostgres({ dataDir: config.dataDir, log }), (server) => server.stop()).url;
    const database = stack.add(openDatabase(url, { max: 30, log }), (opened) => opened.close());
    await migrate(database.pool, { log }).catch(explainUnreachable);
    return { database, url, close: () => stack.stop() };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

function explainUnreachable(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|28P01|28000|3D000)$/.test(code)) {
    throw new StartError(
      `The PostgreSQL server of DATABASE_URL cannot be used (${code}). Check that it runs, and the name, password and database in DATABASE_URL; or leave DATABASE_URL out to use the embedded database.`,
    );
  }
  throw error;
}

/**
 * Brings the product up with these roles.
 * @throws StartError with a sentence that says what to do.
 */
export async function startProduct(
  config: Config,
  root: string,
  options: { roles: Roles; logger: Logger; log: PlainLog },
): Promise<Product> {
  const stack = new Stack();
  try {
    return await start(config, root, options, stack);
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

async function start(
  config: Config,
  root: string,
  { roles, logger, log }: { roles: Roles; logger: Logger; log: PlainLog },
  stack: Stack,
): Promise<Product> {
  const fcmAccount = config.fcmServiceAccount === undefined ? {} : await readFcmAccount(config.fcmServiceAccount);
  if (roles.api) await checkPort(config);
  const pages = roles.api ? import('./pages-build.ts').then(({ buildPages }) => buildPages(root)) : undefined;
  pages?.catch(() => undefined); // awaited below; until then a failure must not end the process
  const opened = stack.add(await openProductDatabase(config, log), (one) => one.close());
  const { database, url } = opened;
  const { db } = database;
  const { clock, demo } = await prepareMarketplace(config, root, database, log);
  const changes = stack.add(await listenForChanges(url, logger), (one) => one.close());
  if (clock instanceof DemoClock) {
    clock.follow(db, changes, (error) => logger.warn({ err: error }, 'the demo clock could not be read'));
  }
  const unsubscribeSecret = await keptSecret(db, 'unsubscribe');
  const smtp =
    config.smtpUrl === undefined
      ? { url: stack.add(await captureMail(demo, database, log), (mail) => mail.close()).url, connections: 32 }
      : { url: config.smtpUrl, connections: 4 };
  const { returnPaths, ...bounces } = await bounceSettings(config, db);
  const metrics = config.metrics && (await startMetrics(config.metrics, { database, clock, logger }, stack));
  const shared = {
    database,
    clock,
    logger,
    publicUrl: config.publicUrl,
    unsubscribeSecret,
    ...(returnPaths === undefined ? {} : { returnPaths }),
    ...(metrics === undefined ? {} : { metrics }),
  };
  if (roles.api) {
    const mailbox = config.smtpUrl === undefined;
    const demoParts = clock instanceof DemoClock ? { demo: { clock, mailbox } } : {};
    const signInSecret = await keptSecret(db, 'sign-in');
    const couponSecret = await keptSecret(db, 'coupon-code');
    const otherOrigins = localOrigins(config);
    const built = pages === undefined ? {} : { pages: await pages };
    const customers = {
      ...(config.customerTokens === undefined ? {} : { customerTokens: config.customerTokens }),
      ...(config.customerSignInUrl === undefined ? {} : { customerSignInUrl: config.customerSignInUrl }),
    };
    const proxy = config.trustProxy === undefined ? {} : { trustProxy: config.trustProxy };
    const { createApi } = await import('./api.ts');
    const api = await createApi({
      ...shared,
      signInSecret,
      couponSecret,
      changes,
      otherOrigins,
      ...proxy,
      ...customers,
      nativeApps: config.fcmServiceAccount !== undefined,
      bounceProviders: bounces.providers,
      ...built,
      ...demoParts,
    });
    stack.add(api, (server) => server.close());
    await api.listen({ port: config.port, host: config.host }).catch(explainPort(config));
    if (returnPaths !== undefined && bounces.receiver !== undefined) {
      const { startBounceReceiver } = await import('./features/bounces/receiver.ts');
      const receiver = { returnPaths, ...bounces.receiver };
      const explain = explainListening(bounces.receiver, 'BOUNCE_SMTP_PORT', 'BOUNCE_SMTP_HOST');
      stack.add(await startBounceReceiver({ db, clock, logger }, receiver).catch(explain), (one) => one.close());
    }
  }
  if (roles.worker) {
    const { startEngine } = await import('./engine.ts');
    stack.add(
      await startEngine({
        ...shared,
        ...fcmAccount,
        databaseUrl: url,
        smtpUrl: smtp.url,
        smtpConnections: smtp.connections,
      }),
      (engine) => engine.stop(),
    );
  }
  return { demo, mailbox: demo && config.smtpUrl === undefined, stop: () => stack.stop() };
}

/** Bounces are heard by the API: it is what the outside reaches, and workers of one machine would share its port. */
async function bounceSettings({ bounces = {} }: Config, db: Db) {
  const { domain, receiver, ...providers } = bounces;
  const returnPaths = domain === undefined ? undefined : { domain, secret: await keptSecret(db, 'return-path') };
  return { returnPaths, receiver, providers };
}

async function startMetrics(
  listen: { host: string; port: number },
  parts: { database: Database; clock: Clock; logger: Logger },
  stack: Stack,
): Promise<Metrics> {
  const { Metrics } = await import('./features/metrics/metrics.ts');
  const { startMetricsServer } = await import('./features/metrics/server.ts');
  const metrics = new Metrics(parts);
  const explain = explainListening(listen, 'METRICS_PORT', 'METRICS_HOST');
  stack.add(await startMetricsServer(metrics, { ...listen, logger: parts.logger }).catch(explain), (one) =>
    one.close(),
  );
  return metrics;
}

async function readFcmAccount(path: string) {
  const { readServiceAccount } = await import('./channels/fcm/service-account.ts');
  return { fcmAccount: readServiceAccount(path) };
}

/** Builds the demo marketplace in an empty database; one that has a marketplace is left as it is. */
async function prepareMarketplace(config: Config, root: string, database: Database, log: PlainLog) {
  const { db, pool } = database;
  const existing = await db.selectFrom('marketplace').select('demo').executeTakeFirst();
  if (existing === undefined) {
    if (!config.demo) {
      throw new StartError(
        'This database holds no marketplace yet. Make one with "npm run setup -- setup.json" (docs/setup.example.json is such a file), or try the demo with DEMO=on.',
      );
    }
    const { buildDemo } = await import('./demo/demo-data.ts');
    await buildDemo({ pool, now: new Date(), dir: join(root, 'demo'), publicUrl: config.publicUrl, log });
  }
  const demo = existing?.demo ?? true;
  if (!demo) return { clock: systemClock, demo };
  const people = await db.selectFrom('shop_member').select('user_id').limit(1).executeTakeFirst();
  if (people === undefined) {
    const { createDemoPeople } = await import('./demo/demo-people.ts');
    const { createDemoHistory } = await import('./demo/demo-history.ts');
    const now = new Date();
    await db.transaction().execute(async (trx) => {
      await createDemoPeople(trx, now);
      await createDemoHistory(trx, now, config.publicUrl);
    });
  }
  const clock = new DemoClock();
  await clock.load(db);
  return { clock, demo };
}

async function captureMail(demo: boolean, database: Database, log: PlainLog) {
  if (!demo)
    throw new StartError('Set SMTP_URL to the mail server that sends the e-mails, as smtp://user:password@host:587.');
  const { startCapturedMail } = await import('./demo/captured-mail.ts');
  return await startCapturedMail({ pool: database.pool, log });
}

/** The same server by its other local names. */
function localOrigins({ port }: Config): string[] {
  return [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
}

/** Asked first, so that a busy port is told before anything else is started. */
async function checkPort(config: Config): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(config.port, config.host, () => probe.close(() => resolve()));
  }).catch(explainPort(config));
}

function explainPort(listen: Config) {
  return explainListening(listen, 'PORT', 'HOST');
}

function explainListening({ port, host }: { port: number; host: string }, portSetting: string, hostSetting: string) {
  return (error: unknown): never => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new StartError(
        `Port ${port} is taken by another program. Stop that one, or choose another: ${portSetting}=${port + 1} npm start`,
      );
    }
    if (code === 'EACCES') {
      const free = portSetting === 'PORT' ? 3000 : 2525;
      throw new StartError(
        `This user may not listen on port ${port}. Choose one above 1023: ${portSetting}=${free} npm start`,
      );
    }
    if (code === 'EADDRNOTAVAIL') {
      throw new StartError(`This machine has no address ${host}. Set ${hostSetting} to 127.0.0.1 or 0.0.0.0.`);
    }
    throw error;
  };
}
