import { EventEmitter } from 'node:events';
import { Logger as QueueLogger, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { z } from 'zod';
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

export interface WorkerOptions {
  url: string;
  pool: pg.Pool;
  logger: Logger;
  tasks: Record<string, BoundTask>;
  /** Jobs that run at once in this process. */
  concurrency: number;
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
  const { logger, pool, tasks, concurrency } = options;
  const life = new WorkerProcess(options.url, logger);
  await life.start();
  const stopping = new AbortController();
  const taskList: TaskList = {};
  for (const [name, bind] of Object.entries(tasks)) taskList[name] = bind(stopping.signal);
  const events: WorkerEvents = new EventEmitter();
  events.on('pool:create', ({ workerPool }) => life.ownPool(workerPool.id));
  const runner = await run({
    pgPool: pool,
    taskList,
    concurrency,
    events,
    noHandleSignals: true,
    pollInterval: 1000,
    logger: queueLogger(logger),
  });
  const sweep = () => {
    options.sweep().catch((error: unknown) => logger.warn({ err: error }, 'the sweep did not finish'));
  };
  sweep();
  const sweeping = setInterval(sweep, sweepEveryMs);
  return {
    stop: async () => {
      clearInterval(sweeping);
      stopping.abort();
      await runner.stop();
      await life.stop();
    },
  };
}

/** The queue tells of every job; only what went wrong is worth a line. */
function queueLogger(logger: Logger): QueueLogger {
  return new QueueLogger(() => (level, message) => {
    if (level === 'error') logger.error(message);
    if (level === 'warning') logger.warn(message);
  });
}
