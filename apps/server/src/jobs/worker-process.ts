import { hostname } from 'node:os';
import pg from 'pg';
import type { Logger } from 'pino';

/** The first key of our advisory locks on worker processes; the second is worker_process.lock_key. */
const lockSpace = 20_731;
const recoverEveryMs = 2000;
const reconnectAfterMs = 500;
/** A job that nobody alive holds is handed back after this; a pool that just started has not named itself yet. */
const strangerGraceSeconds = 15;

/**
 * This process's life sign: a session-level advisory lock that PostgreSQL lets go when the connection ends, however the
 * process died. Whoever gets the lock of another process hands that one's jobs back at once, where the job queue itself
 * would wait four hours.
 *
 * A process that merely lost its connection goes on and registers again. Its jobs may by then run elsewhere: every
 * batch has an attempt number (send_batch.attempts) that lets only the newest owner write.
 */
export class WorkerProcess {
  readonly #url: string;
  readonly #logger: Logger;
  #poolId: string | null = null;
  #client: pg.Client | undefined;
  #lockKey = 0;
  #timer: NodeJS.Timeout | undefined;
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
    this.#poolId = poolId;
    this.#queue(() => this.#writePoolId());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#turn;
    await this.#client?.query('delete from worker_process where lock_key = $1', [this.#lockKey]);
    await this.#client?.end();
  }

  /** One thing at a time on the one connection; a failure is logged, and the next turn tries again. */
  #queue(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work).catch((error: unknown) => {
      if (!this.#stopped) this.#logger.warn({ err: error }, 'the worker cannot reach the database');
    });
  }

  async #register(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url, application_name: 'coupon-push worker' });
    client.on('error', () => undefined); // 'end' follows
    client.on('end', () => this.#lost(client));
    await client.connect();
    // The lock is held before the row can be seen by anyone.
    await client.query('begin');
    const { rows } = await client.query<{ lock_key: string }>(
      'insert into worker_process (pool_id, host, pid) values ($1, $2, $3) returning lock_key',
      [this.#poolId, hostname(), process.pid],
    );
    this.#lockKey = Number(rows[0]?.lock_key);
    await client.query('select pg_advisory_lock($1, $2)', [lockSpace, this.#lockKey]);
    await client.query('commit');
    this.#client = client;
  }

  #lost(client: pg.Client): void {
    if (this.#stopped || client !== this.#client) return;
    this.#client = undefined;
    const again = () => {
      if (this.#stopped) return;
      this.#register().catch(() => setTimeout(again, reconnectAfterMs).unref());
    };
    setTimeout(again, reconnectAfterMs).unref();
  }

  async #writePoolId(): Promise<void> {
    await this.#client?.query('update worker_process set pool_id = $1 where lock_key = $2', [
      this.#poolId,
      this.#lockKey,
    ]);
  }

  /** Hands back the jobs of processes that are gone. */
  async #recover(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    const { rows: others } = await client.query<{
      lock_key: string;
      pool_id: string | null;
      host: string;
      pid: number;
    }>('select lock_key, pool_id, host, pid from worker_process where lock_key <> $1', [this.#lockKey]);
    for (const other of others) {
      const locked = await client.query<{ gone: boolean }>('select pg_try_advisory_lock($1, $2) as gone', [
        lockSpace,
        other.lock_key,
      ]);
      if (locked.rows[0]?.gone !== true) continue;
      await client.query('select graphile_worker.force_unlock_workers($1)', [[other.pool_id]]);
      await client.query('delete from worker_process where lock_key = $1', [other.lock_key]);
      await client.query('select pg_advisory_unlock($1, $2)', [lockSpace, other.lock_key]);
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
}
