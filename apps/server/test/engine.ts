import { pino } from 'pino';
import type { Channel } from '../src/channels/answer.ts';
import { createEmailChannel, type EmailChannelOptions } from '../src/channels/email/channel.ts';
import type { OutgoingFcm } from '../src/channels/fcm/message.ts';
import type { OutgoingPush } from '../src/channels/web-push/channel.ts';
import type { DeliveryDeps } from '../src/delivery/deps.ts';
import { sweepDelivery } from '../src/delivery/sweep.ts';
import { deliveryGroups } from '../src/delivery/tasks.ts';
import { Watchers } from '../src/delivery/watchers.ts';
import type { ReturnPaths } from '../src/features/bounces/return-path.ts';
import { startWorker } from '../src/jobs/worker.ts';
import type { Clock } from '../src/lib/clock.ts';
import type { TestDatabase } from './database.ts';

export interface TestEngine {
  deps: DeliveryDeps;
  stop(): Promise<void>;
}

export interface TestEngineOptions {
  database: TestDatabase;
  clock: Clock;
  smtpUrl: string;
  webPush: Channel<OutgoingPush>;
  fcm?: Channel<OutgoingFcm>;
  vapidPublicKey: string;
  returnPaths?: ReturnPaths;
  rangeSize?: number;
  retryDelaysMs?: readonly number[];
  mail?: Partial<EmailChannelOptions>;
}

/** The engine in this process, with small ranges and short waits so that a test meets many of both. */
export async function startTestEngine(options: TestEngineOptions): Promise<TestEngine> {
  const { database, clock, webPush, rangeSize = 40, retryDelaysMs = [150, 150, 150] } = options;
  const logger = pino({ level: 'silent' });
  const email = createEmailChannel({
    url: options.smtpUrl,
    timeouts: { connectMs: 2000, replyMs: 3000 },
    ...options.mail,
  });
  const watchers = new Watchers(database.db, logger);
  const deps: DeliveryDeps = {
    db: database.db,
    watchers,
    clock,
    logger,
    publicUrl: 'http://localhost:3000',
    unsubscribeSecret: 'a secret of the tests',
    ...(options.returnPaths === undefined ? {} : { returnPaths: options.returnPaths }),
    email,
    webPush,
    ...(options.fcm === undefined ? {} : { fcm: options.fcm }),
    vapidPublicKey: options.vapidPublicKey,
    retryDelaysMs,
    rangeSize,
  };
  const worker = await startWorker({
    url: database.url,
    pool: database.pool,
    logger,
    groups: deliveryGroups(deps),
    sweep: () => sweepDelivery(deps),
  });
  return {
    deps,
    stop: async () => {
      await worker.stop();
      await email.close();
      await watchers.stop();
    },
  };
}
