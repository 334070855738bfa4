import { createWebPushChannel, generateVapidKeys } from '../src/channels/web-push/channel.ts';
import type { ReturnPaths } from '../src/features/bounces/return-path.ts';
import { untilEnded } from './books.ts';
import type { TestDatabase } from './database.ts';
import { startTestEngine } from './engine.ts';
import type { TestShop } from './marketplace.ts';
import type { SettableClock } from './settable-clock.ts';
import { SmtpPeer } from './smtp-peer.ts';
import { createWaitingPush, dispatchNow } from './waiting-push.ts';

/** The engine with a mail server, for tests of what a sending leaves behind. */
export interface Sending {
  smtp: SmtpPeer;
  /** Sets the clock to its slot, waits until the push has ended, and returns its numbers. */
  send(
    shop: TestShop,
    options?: Parameters<typeof createWaitingPush>[2],
  ): Promise<{ pushId: number; couponId: number }>;
  stop(): Promise<void>;
}

export async function startSending(
  database: TestDatabase,
  clock: SettableClock,
  options: { returnPaths?: ReturnPaths } = {},
): Promise<Sending> {
  const keys = generateVapidKeys();
  const webPush = createWebPushChannel({ vapid: { subject: 'mailto:tests@example.com', ...keys } });
  const smtp = await SmtpPeer.start();
  const engine = await startTestEngine({
    database,
    clock,
    smtpUrl: smtp.url,
    webPush,
    vapidPublicKey: keys.publicKey,
    ...options,
  });
  return {
    smtp,
    send: async (shop, options = {}) => {
      if (options.slot !== undefined) clock.set(options.slot);
      const push = await createWaitingPush(database.db, shop, options);
      await dispatchNow(database.db, push.pushId);
      await untilEnded(database.db, push.pushId);
      return push;
    },
    stop: async () => {
      await engine.stop();
      await webPush.close();
      await smtp.stop();
    },
  };
}
