import type pg from 'pg';
import { type Lasting, lasting } from '../db/transient.ts';

interface Statement {
  text: string;
  name?: string;
}

/**
 * The pool as the job queue is given it. The queue says that a job is done, or failed, once, without waiting for it, and a
 * failure of that ends the process; and if its very first statement fails, it never takes a job again. So its single
 * statements are said again until the database has heard them. Looking for a job is not: the next look comes anyway.
 */
export function queuePool(pool: pg.Pool, patience: Lasting): pg.Pool {
  const connect = (callback?: Parameters<pg.Pool['connect']>[0]) => {
    // For LISTEN, which the queue sets up again by itself.
    if (callback !== undefined) return pool.connect(callback);
    return Promise.resolve(borrowed(pool, patience));
  };
  return Object.create(pool, { connect: { value: connect } }) as pg.Pool;
}

/** Takes a connection when it is used; a connection that was lost is replaced, outside of a transaction. */
function borrowed(pool: pg.Pool, patience: Lasting) {
  let client: pg.PoolClient | undefined;
  let inTransaction = false;
  const query = async (statement: Statement | string, values?: unknown[]) => {
    const text = typeof statement === 'string' ? statement : statement.text;
    const name = typeof statement === 'string' ? '' : (statement.name ?? '');
    if (/^\s*begin\b/i.test(text)) inTransaction = true;
    const once = async () => {
      client ??= await pool.connect();
      try {
        return await client.query(statement, values);
      } catch (error) {
        if (!inTransaction) {
          client.release(error instanceof Error && !('severity' in error) ? error : undefined);
          client = undefined;
        }
        throw error;
      }
    };
    const done = inTransaction || name.startsWith('get_job') ? await once() : await lasting(once, patience);
    if (/^\s*(commit|rollback)\b/i.test(text)) inTransaction = false;
    return done;
  };
  return { query, release: () => client?.release() };
}
