import { hostname } from 'node:os';
import pg from 'pg';
import type { Logger } from 'pino';
import { noticesCutOff } from '../db/database.ts';

/** The first key of our advisory locks on worker processes; the second is worker_process.lock_key. */
export const lockSpace = 20_731;
const recoverEveryMs = 2000;
const reconnectAfterMs = 500;
/** A process that is cut off counts as gone after so long. */
const goneAfterSeconds = 8;
/** A database that says nothing for so long is connected to anew. */
const silentForMs = 10_000;
/** A job that nobody alive holds is handed back after this; a pool that just started has not named itself yet. */
const strangerGraceSeconds = 15;
/** So long a job that ended here may still be waiting for the database to hear of it. */
const endedGraceMs = 15_000;

/**
 * This process's life sign: session-level advisory locks, one for each of its pools of the job queue, that PostgreSQL lets
 * go when the connection ends, however the process died. Whoever gets the lock of another process's pool hands that one's
 * jobs back at once, where the job queue itself would wait four hours.
 *
 * A process that merely lost its connection goes on and registers again; its jobs stay its own if it was quicker than the
 * others' next look. If not, they may by then run elsewhere: every batch has an attempt number (send_batch.attempts) that
 * lets only the newest owner write.
 */
export class WorkerProcess {
  readonly #url: string;
  readonly #logger: Logger;
  readonly #pools = new Set<string>();
  /** The jobs that run here, and those that have just ended. */
  readonly #jobs = new Set<string>();
  #client: pg.Client | undefined;
  /** By pool; the locks that the present connection holds. */
  #lockKeys = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  /** Whoever lost its connection may not be the only one: the others get a turn to come back before they count as gone. */
  #judges = true;
  #stopped = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(url: string, logger: Logger) {
    this.#url = url;
    this.#logger = logger;
  }

  async start(): Promise<void> {
    await this.#register();
    await this.#recover();
    this.#timer = setInterval(() => this.#queue(() => this.#recover()), recoverEveryMs);
  }

  /** Jobs that the queue locks by this id are this process's. */
  ownPool(poolId: string): void {
    this.#pools.add(poolId);
    this.#queue(() => this.#namePools());
  }

  began(jobId: string): void {
    this.#jobs.add(jobId);
  }

  ended(jobId: string): void {
    setTimeout(() => this.#jobs.delete(jobId), endedGraceMs).unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#turn;
    try {
      await this.#client?.query('delete from worker_process where lock_key = any($1)', [[...this.#lockKeys.values()]]);
    } catch (error) {
      this.#logger.warn({ err: error }, 'the worker could not take its leave of the database');
    } finally {
      await this.#client?.end().catch(() => undefined);
    }
  }

  /** One thing at a time on the one connection; a failure is logged, and the next turn tries again. */
  #queue(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work).catch((error: unknown) => {
      if (this.#stopped) return;
      this.#logger.warn({ err: error }, 'the worker cannot reach the database');
      // Cut off: the kernel would wait for minutes before it says so.
      if (!(error instanceof pg.DatabaseError)) void this.#client?.end().catch(() => undefined);
    });
  }

  async #register(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'coupon-push worker',
      ...noticesCutOff(goneAfterSeconds),
      connectionTimeoutMillis: silentForMs,
      query_timeout: silentForMs,
    });
    client.on('error', () => undefined); // 'end' follows
    client.on('end', () => this.#lost(client));
    const lockKeys = new Map<string, number>();
    try {
      await client.connect();
      await namePools(client, this.#pools, lockKeys);
    } catch (error) {
      // Left open, each attempt would keep one more connection of a database that is in trouble.
      void client.end().catch(() => undefined);
      throw error;
    }
    if (this.#stopped) return await client.end();
    this.#client = client;
    this.#lockKeys = lockKeys;
  }

  #lost(client: pg.Client): void {
    if (this.#stopped || client !== this.#client) return;
    this.#client = undefined;
    this.#judges = false;
    const again = () => {
      if (this.#stopped) return;
      this.#register().catch(() => setTimeout(again, reconnectAfterMs).unref());
    };
    again();
  }

  async #namePools(): Promise<void> {
    if (this.#client !== undefined) await namePools(this.#client, this.#pools, this.#lockKeys);
  }

  async #recover(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    // Those that could not be named, as the disk was full: a pool without a name would be a stranger's, to us as well.
    await this.#namePools();
    if (this.#judges) await this.#recoverOthers(client);
    this.#judges = true;
    await this.#recoverOwn(client);
  }

  /** Hands back the jobs of processes that are gone. */
  async #recoverOthers(client: pg.Client): Promise<void> {
    const { rows: others } = await client.query<{ lock_key: string; pool_id: string; host: string; pid: number }>(
      'select lock_key, pool_id, host, pid from worker_process where lock_key <> all($1)',
      [[...this.#lockKeys.values()]],
    );
    for (const other of others) {
      const locked = await client.query<{ gone: boolean }>('select pg_try_advisory_lock($1, $2) as gone', [
        lockSpace,
        other.lock_key,
      ]);
      if (locked.rows[0]?.gone !== true) continue;
      await client.query('delete from worker_process where lock_key = $1', [other.lock_key]);
      // Not when it came back over another connection: then its row is only left from the one before.
      const { rowCount } = await client.query(
        `select graphile_worker.force_unlock_workers(array[$1])
          where not exists (select from worker_process where pool_id = $1)`,
        [other.pool_id],
      );
      await client.query('select pg_advisory_unlock($1, $2)', [lockSpace, other.lock_key]);
      if (rowCount === 0) continue;
      this.#logger.warn({ host: other.host, pid: other.pid }, 'a worker process is gone: its jobs are handed back');
    }
    await client.query(
      `select graphile_worker.force_unlock_workers(array_agg(distinct locked_by))
         from graphile_worker.jobs
        where locked_at < now() - make_interval(secs => $1)
          and not exists (select from worker_process where jobs.locked_by = pool_id)
       having count(*) > 0`,
      [strangerGraceSeconds],
    );
  }

  /** Jobs that were given to this process without its knowing: the connection was lost before the answer came. */
  async #recoverOwn(client: pg.Client): Promise<void> {
    await client.query(
      `update graphile_worker._private_jobs set locked_at = null, locked_by = null
        where locked_by = any($1) and locked_at < now() - make_interval(secs => $2) and not id = any($3)`,
      [[...this.#pools], strangerGraceSeconds, [...this.#jobs]],
    );
  }
}

/** Each pool's lock is held before its row can be seen by anyone. */
async function namePools(client: pg.Client, pools: ReadonlySet<string>, lockKeys: Map<string, number>): Promise<void> {
  for (const poolId of pools) {
    if (lockKeys.has(poolId)) continue;
    await client.query('begin');
    try {
      const { rows } = await client.query<{ lock_key: string }>(
        'insert into worker_process (pool_id, host, pid) values ($1, $2, $3) returning lock_key',
        [poolId, hostname(), process.pid],
      );
      const lockKey = Number(rows[0]?.lock_key);
      await client.query('select pg_advisory_lock($1, $2)', [lockSpace, lockKey]);
      await client.query('commit');
      lockKeys.set(poolId, lockKey);
    } catch (error) {
      // Otherwise nothing else could be asked over this connection any more.
      await client.query('rollback').catch(() => undefined);
      throw error;
    }
  }
}
