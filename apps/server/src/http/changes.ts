import pg from 'pg';
import type { Logger } from 'pino';
import { noticesCutOff } from '../db/database.ts';

/** What changed, as other processes tell: LISTEN/NOTIFY on one connection a process. */
export interface Changes {
  /** Calls back when this push's progress changed. Returns how to stop. */
  onPush(pushId: number, changed: () => void): () => void;
  /** Calls back when the demo's clock was moved. */
  onClock(moved: () => void): () => void;
  close(): Promise<void>;
}

export const pushChannel = 'push_changed';
export const clockChannel = 'clock_moved';

const reconnectAfterMs = 1000;
/** Who only listens sends nothing, and would not notice that it hears nothing any more. */
const hearsWithinSeconds = 10;

/**
 * Listens, and goes on listening after the connection was lost; whoever waits is then called once, because something
 * may have changed meanwhile.
 */
export async function listenForChanges(url: string, logger: Logger): Promise<Changes> {
  const byPush = new Map<number, Set<() => void>>();
  const byClock = new Set<() => void>();
  let client: pg.Client | undefined;
  let closed = false;

  const tell = (message: pg.Notification) => {
    const heard = message.channel === clockChannel ? byClock : byPush.get(Number(message.payload));
    for (const changed of heard ?? []) changed();
  };
  const tellAll = () => {
    for (const heard of [byClock, ...byPush.values()]) for (const changed of heard) changed();
  };
  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      ...noticesCutOff(hearsWithinSeconds),
      connectionString: url,
      application_name: 'coupon-push changes',
    });
    next.on('notification', tell);
    next.on('error', (error) => logger.warn({ err: error }, 'the connection that hears of changes was lost'));
    next.on('end', () => {
      if (!closed) setTimeout(reconnect, reconnectAfterMs).unref();
    });
    await next.connect();
    await next.query(`listen ${pushChannel}; listen ${clockChannel}`);
    client = next;
  };
  const reconnect = () => {
    if (closed) return;
    connect().then(tellAll, (error: unknown) => {
      logger.warn({ err: error }, 'cannot listen for changes yet');
      setTimeout(reconnect, reconnectAfterMs).unref();
    });
  };

  await connect();
  return {
    onPush: (pushId, changed) => {
      const heard = byPush.get(pushId) ?? new Set();
      byPush.set(pushId, heard.add(changed));
      return () => {
        heard.delete(changed);
        if (heard.size === 0 && byPush.get(pushId) === heard) byPush.delete(pushId);
      };
    },
    onClock: (moved) => {
      byClock.add(moved);
      return () => byClock.delete(moved);
    },
    close: async () => {
      closed = true;
      await client?.end();
    },
  };
}
