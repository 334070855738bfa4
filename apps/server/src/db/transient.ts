import { setTimeout as wait } from 'node:timers/promises';
import type { PlainLog } from '../lib/plain-log.ts';

/**
 * SQLSTATE classes and codes that say nothing about the statement: the connection, the server's going and coming, its memory
 * and disk (08, 53, 57P0x, 58), and transactions in each other's way (40, 55P03); 25006 is a standby that was just promoted.
 */
const states = /^(08\w{3}|53\w{3}|57P0\d|58\w{3}|40\w{3}|55P03|25006)$/;
const network = /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** What pg says without a code. */
const lost = /connection terminated|connection error and is not queryable|timeout exceeded when trying to connect/i;

/** Would the same work well later, without anybody having changed it? A library may have put its own error around it. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return states.test(code) || network.test(code) || lost.test(error.message) || isTransient(error.cause);
}

export interface Lasting {
  /** Once it is aborted the database is waited for a moment, and then no longer. */
  stopping: AbortSignal;
  log: PlainLog;
}

const firstWaitMs = 50;
const longestWaitMs = 2_000;
const stopPatienceMs = 2_000;

/**
 * Does work that may be done again as a whole, such as a transaction, and again for as long as only the database is in the
 * way: away, starting, out of space. What it is done with is kept meanwhile.
 * @throws whatever else goes wrong, and the database's trouble when the process stops.
 */
export async function lasting<T>(work: () => Promise<T>, { stopping, log }: Lasting): Promise<T> {
  let waited = 0;
  let stoppingFor = 0;
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(longestWaitMs, waitMs * 2)) {
    try {
      const done = await work();
      if (waited > 0)
        log.warn(`The database is back after ${Math.round(waited / 100) / 10} s; what was kept is written.`);
      return done;
    } catch (error) {
      if (!isTransient(error) || stoppingFor >= stopPatienceMs) throw error;
      if (waited === 0) log.warn(`The database is waited for: ${error instanceof Error ? error.message : error}`);
    }
    const pauseMs = stopping.aborted ? Math.min(waitMs, 250) : waitMs;
    await wait(pauseMs, undefined, stopping.aborted ? {} : { signal: stopping }).catch(() => undefined);
    waited += pauseMs;
    if (stopping.aborted) stoppingFor += pauseMs;
  }
}
