import type { Logger } from 'pino';
import { createEmailChannel } from './channels/email/channel.ts';
import { createFcmChannel } from './channels/fcm/channel.ts';
import type { ServiceAccount } from './channels/fcm/service-account.ts';
import { createWebPushChannel } from './channels/web-push/channel.ts';
import { keptVapidKeys } from './channels/web-push/kept-keys.ts';
import type { Database } from './db/database.ts';
import { type DeliveryDeps, defaultRangeSize } from './delivery/deps.ts';
import { retryDelaysMs } from './delivery/rules.ts';
import { sweepDelivery } from './delivery/sweep.ts';
import { deliveryTasks } from './delivery/tasks.ts';
import { forgetOldUploads } from './features/compensation/service.ts';
import { forgetOldSessions } from './features/customer-sessions/service.ts';
import { readMarketplace } from './features/marketplace/service.ts';
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
  smtpUrl: string;
  /** Kept open to the mail server. */
  smtpConnections: number;
  /** Without it native apps get no app pushes. */
  fcmAccount?: ServiceAccount;
}

/** Jobs that one process runs at once; each has the connections of its channel to share. */
const concurrency = 4;

/** Starts the delivery engine in this process: it takes jobs until it is stopped. */
export async function startEngine(options: EngineOptions): Promise<Worker> {
  const { database, logger } = options;
  const { db, pool } = database;
  const email = createEmailChannel({ url: options.smtpUrl, connections: options.smtpConnections });
  const vapid = await keptVapidKeys(db);
  const { senderEmail } = await readMarketplace(db);
  const webPush = createWebPushChannel({ vapid: { subject: `mailto:${senderEmail}`, ...vapid } });
  const fcm = options.fcmAccount === undefined ? undefined : createFcmChannel({ account: options.fcmAccount });
  const deps: DeliveryDeps = {
    db,
    clock: options.clock,
    logger,
    publicUrl: options.publicUrl,
    unsubscribeSecret: options.unsubscribeSecret,
    email,
    webPush,
    ...(fcm === undefined ? {} : { fcm }),
    vapidPublicKey: vapid.publicKey,
    retryDelaysMs,
    rangeSize: defaultRangeSize,
  };
  const worker = await startWorker({
    url: options.databaseUrl,
    pool,
    logger,
    tasks: deliveryTasks(deps),
    concurrency,
    sweep: async () => {
      await sweepDelivery(deps);
      await forgetOldKeys(db);
      await forgetOldTestSends(db, options.clock.now());
      await forgetOldUploads(db, options.clock.now());
      await forgetOldSessions(db, options.clock.now());
    },
  });
  return {
    stop: async () => {
      await worker.stop();
      await Promise.all([email.close(), webPush.close(), fcm?.close()]);
    },
  };
}
