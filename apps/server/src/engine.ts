import type { Logger } from 'pino';
import { z } from 'zod';
import { createEmailChannel } from './channels/email/channel.ts';
import { createWebPushChannel, generateVapidKeys } from './channels/web-push/channel.ts';
import type { Database } from './db/database.ts';
import { keptSecret } from './db/secrets.ts';
import { type DeliveryDeps, defaultRangeSize } from './delivery/deps.ts';
import { retryDelaysMs } from './delivery/rules.ts';
import { sweepDelivery } from './delivery/sweep.ts';
import { deliveryTasks } from './delivery/tasks.ts';
import { readMarketplace } from './features/marketplace/service.ts';
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
}

const vapidKeys = z.object({ publicKey: z.string(), privateKey: z.string() });

/** Jobs that one process runs at once; each has the connections of its channel to share. */
const concurrency = 4;

/** Starts the delivery engine in this process: it takes jobs until it is stopped. */
export async function startEngine(options: EngineOptions): Promise<Worker> {
  const { database, logger } = options;
  const { db, pool } = database;
  const email = createEmailChannel({ url: options.smtpUrl, connections: options.smtpConnections });
  const kept = await keptSecret(db, 'vapid', () => JSON.stringify(generateVapidKeys()));
  const vapid = vapidKeys.parse(JSON.parse(kept));
  const { senderEmail } = await readMarketplace(db);
  const webPush = createWebPushChannel({ vapid: { subject: `mailto:${senderEmail}`, ...vapid } });
  const deps: DeliveryDeps = {
    db,
    clock: options.clock,
    logger,
    publicUrl: options.publicUrl,
    unsubscribeSecret: options.unsubscribeSecret,
    email,
    webPush,
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
    },
  });
  return {
    stop: async () => {
      await worker.stop();
      await Promise.all([email.close(), webPush.close()]);
    },
  };
}
