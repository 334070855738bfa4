import type { Logger } from 'pino';
import { createEmailChannel } from './channels/email/channel.ts';
import { createFcmChannel } from './channels/fcm/channel.ts';
import type { ServiceAccount } from './channels/fcm/service-account.ts';
import { createWebPushChannel } from './channels/web-push/channel.ts';
import { keptVapidKeys } from './channels/web-push/kept-keys.ts';
import type { Database } from './db/database.ts';
import { type DeliveryDeps, defaultRangeSize } from './delivery/deps.ts';
import { retryDelaysMs } from './delivery/rules.ts';
import { SharedLimits } from './delivery/shared-limits.ts';
import { sweepDelivery } from './delivery/sweep.ts';
import { deliveryGroups } from './delivery/tasks.ts';
import { Watchers } from './delivery/watchers.ts';
import type { ReturnPaths } from './features/bounces/return-path.ts';
import { forgetUsedNotifications } from './features/bounces/service.ts';
import { forgetOldUploads } from './features/compensation/service.ts';
import { forgetOldSessions } from './features/customer-sessions/service.ts';
import { readMarketplace } from './features/marketplace/service.ts';
import { measured } from './features/metrics/channel.ts';
import type { Metrics } from './features/metrics/metrics.ts';
import { forgetOldTestSends } from './features/test-sends/service.ts';
import { forgetOldKeys } from './http/idempotency.ts';
import { startWorker, type Worker } from './jobs/worker.ts';
import type { Clock } from './lib/clock.ts';

export interface EngineOptions {
  database: Database;
  databaseUrl: string;
  clock: Clock;
  logger: Logger;
  publicUrl: string;
  unsubscribeSecret: string;
  /** What the envelope senders of e-mails are made with, where bounces are heard. */
  returnPaths?: ReturnPaths;
  /** Where messages are counted. */
  metrics?: Metrics;
  smtpUrl: string;
  /** Kept open to the mail server. */
  smtpConnections: number;
  /** Without it native apps get no app pushes. */
  fcmAccount?: ServiceAccount;
  /** What is not for operators to set: tests have short waits, and peers on loopback. */
  tuning?: EngineTuning;
}

export interface EngineTuning {
  retryDelaysMs?: readonly number[];
  rangeSize?: number;
  privatePushServices?: boolean;
  /** Hosts that are believed as the browsers' makers are, and speak HTTP/2. */
  knownPushServices?: readonly string[];
  /** In place of Google's. */
  fcmServer?: { origin: string; ca: string };
}

/** When it stops, what is in flight is given this long to be answered; writing it down must fit into main.ts's limit, too. */
const answersWithinMs = 6_000;

/** Starts the delivery engine in this process: it takes jobs until it is stopped. */
export async function startEngine(options: EngineOptions): Promise<Worker> {
  const { database, logger, metrics } = options;
  const { db, pool } = database;
  const limits = new SharedLimits(options.databaseUrl, logger);
  const email = createEmailChannel({
    url: options.smtpUrl,
    connections: options.smtpConnections,
    permits: limits.permits('email'),
  });
  const vapid = await keptVapidKeys(db);
  const { senderEmail } = await readMarketplace(db);
  const { tuning = {} } = options;
  const webPush = createWebPushChannel({
    vapid: { subject: `mailto:${senderEmail}`, ...vapid },
    allowPrivateNetworks: tuning.privatePushServices ?? false,
    permits: limits.permits('web_push'),
    ...(tuning.knownPushServices === undefined
      ? {}
      : { trustedServices: tuning.knownPushServices, http2Services: { hosts: tuning.knownPushServices } }),
  });
  const fcm =
    options.fcmAccount === undefined
      ? undefined
      : createFcmChannel({
          account: options.fcmAccount,
          permits: limits.permits('fcm'),
          ...(tuning.fcmServer === undefined ? {} : { server: tuning.fcmServer }),
        });
  await limits.start({ email, web_push: webPush, ...(fcm === undefined ? {} : { fcm }) });
  const watchers = new Watchers(db, logger);
  const deps: DeliveryDeps = {
    db,
    watchers,
    clock: options.clock,
    logger,
    publicUrl: options.publicUrl,
    unsubscribeSecret: options.unsubscribeSecret,
    ...(options.returnPaths === undefined ? {} : { returnPaths: options.returnPaths }),
    email: measured(email, 'email', metrics),
    webPush: measured(webPush, 'web_push', metrics),
    ...(fcm === undefined ? {} : { fcm: measured(fcm, 'fcm', metrics) }),
    vapidPublicKey: vapid.publicKey,
    retryDelaysMs: tuning.retryDelaysMs ?? retryDelaysMs,
    rangeSize: tuning.rangeSize ?? defaultRangeSize,
  };
  const worker = await startWorker({
    url: options.databaseUrl,
    pool,
    logger,
    groups: deliveryGroups(deps),
    sweep: async () => {
      await sweepDelivery(deps);
      await forgetOldKeys(db);
      await forgetOldTestSends(db, options.clock.now());
      await forgetOldUploads(db, options.clock.now());
      await forgetOldSessions(db, options.clock.now());
      await forgetUsedNotifications(db);
    },
  });
  return {
    stop: async () => {
      // In this order: once the worker stops nobody new is begun with, and the channels wait for who was.
      const stopped = worker.stop();
      limits.end();
      await Promise.all([stopped, ...[email, webPush, fcm].map((channel) => channel?.close(answersWithinMs))]);
      await limits.stop();
      await watchers.stop();
    },
  };
}
