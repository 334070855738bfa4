import { EventEmitter } from 'node:events';
import { Logger as QueueLogger, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { JobName } from './enqueue.ts';
import { queuePool } from './queue-pool.ts';
import { WorkerProcess } from './worker-process.ts';

/** One kind of background work: its payload is parsed before it is trusted. */
export interface Task<T> {
  payload: z.ZodType<T>;
  run: (payload: T, stopping: AbortSignal) => Promise<void>;
}

export function task<T>(payload: z.ZodType<T>, run: Task<T>['run']) {
  return (stopping: AbortSignal) => async (raw: unknown) => await run(payload.parse(raw), stopping);
}
export type BoundTask = ReturnType<typeof task>;

/** Kinds of work that share places among themselves and with no other: what is held up holds up its own kind. */
export interface WorkGroup {
  tasks: Partial<Record<JobName, BoundTask>>;
  /** Jobs of these kinds that run at once in this process. */
  concurrency: number;
}

export interface WorkerOptions {
  url: string;
  pool: pg.Pool;
  logger: Logger;
  groups: readonly WorkGroup[];
  /** Called every half minute: puts back what a lost job would leave undone. */
  sweep: () => Promise<void>;
}

export interface Worker {
  /** Lets what is in flight finish, hands back the rest. */
  stop(): Promise<void>;
}

const sweepEveryMs = 30_000;

/** Starts taking jobs. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { logger } = options;
  const life = new WorkerProcess(options.url, logger);
  await life.start();
  const stopping = new AbortController();
  const log = { info: (text: string) => logger.info(text), warn: (text: string) => logger.warn(text) };
  const pool = queuePool(options.pool, { stopping: stopping.signal, log });
  const runners: Runner[] = [];
  // One after the other: each looks whether the queue's tables are there.
  for (const group of options.groups)
    runners.push(await startGroup(group, { pool, logger, life, stopping: stopping.signal }));
  const sweep = () => {
    options.sweep().catch((error: unknown) => logger.warn({ err: error }, 'the sweep did not finish'));
  };
  sweep();
  const sweeping = setInterval(sweep, sweepEveryMs);
  return {
    stop: async () => {
      clearInterval(sweeping);
      stopping.abort();
      await Promise.all(runners.map((runner) => runner.stop()));
      await life.stop();
    },
  };
}

async function startGroup(
  { tasks, concurrency }: WorkGroup,
  { pool, logger, life, stopping }: { pool: pg.Pool; logger: Logger; life: WorkerProcess; stopping: AbortSignal },
): Promise<Runner> {
  const taskList: TaskList = {};
  for (const [name, bind] of Object.entries(tasks)) taskList[name] = bind(stopping);
  const events: WorkerEvents = new EventEmitter();
  events.on('pool:create', ({ workerPool }) => life.ownPool(workerPool.id));
  events.on('job:start', ({ job }) => life.began(job.id));
  events.on('job:complete', ({ job }) => life.ended(job.id));
  return await run({
    pgPool: pool,
    taskList,
    concurrency,
    events,
    noHandleSignals: true,
    pollInterval: 1000,
    logger: queueLogger(logger),
  });
}

/** The queue tells of every job; only what went wrong is worth a line. */
function queueLogger(logger: Logger): QueueLogger {
  return new QueueLogger(() => (level, message) => {
    if (level === 'error') logger.error(message);
    if (level === 'warning') logger.warn(message);
  });
}
