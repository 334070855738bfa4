import type { Logger } from 'pino';
import type { Channel } from '../channels/answer.ts';
import type { OutgoingEmail } from '../channels/email/channel.ts';
import type { OutgoingFcm } from '../channels/fcm/message.ts';
import type { OutgoingPush } from '../channels/web-push/channel.ts';
import type { Db } from '../db/database.ts';
import type { ReturnPaths } from '../features/bounces/return-path.ts';
import type { Clock } from '../lib/clock.ts';
import type { Watchers } from './watchers.ts';

/** What the engine works with. */
export interface DeliveryDeps {
  db: Db;
  clock: Clock;
  logger: Logger;
  publicUrl: string;
  unsubscribeSecret: string;
  /** With them what comes back later is heard; without, e-mails come back to the sender's address. */
  returnPaths?: ReturnPaths;
  email: Channel<OutgoingEmail>;
  webPush: Channel<OutgoingPush>;
  /** Without a service account native apps are not sent to. */
  fcm?: Channel<OutgoingFcm>;
  /** Our VAPID key: what a browser subscribed with another one cannot be reached by. */
  vapidPublicKey: string;
  /** Whoever watches a push is told that it went on. */
  watchers: Pick<Watchers, 'changed'>;
  /** How long to wait after the first, second ... attempt. */
  retryDelaysMs: readonly number[];
  /** Customers that are issued to in one transaction, and sent to as one batch. */
  rangeSize: number;
}

export const defaultRangeSize = 2000;
