import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Db } from '../apps/server/src/db/database.ts';
import { createFellows, createMarketplace, createShop } from '../apps/server/test/marketplace.ts';
import { createWaitingPush, dispatchNow } from '../apps/server/test/waiting-push.ts';
import { benchDatabase } from './database.ts';

export interface DeliveryResult {
  recipients: number;
  seconds: number;
  recipientsPerSecond: number;
  /** Until every coupon and Qpost message was there. */
  issueSeconds: number;
  workerPeakRssMb: number;
  messagesTaken: number;
}

export const bounds = { recipientsPerSecond: { atLeast: 1000 }, workerPeakRssMb: { atMost: 300 } };

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * A real push: embedded PostgreSQL with the product's settings, one worker process, an SMTP sink in another; coupon,
 * Qpost message and an e-mail for everyone, with the full ledger.
 */
export async function run({ recipients = 20_000 }: { recipients?: number }): Promise<DeliveryResult> {
  const bench = await benchDatabase();
  const children: ChildProcess[] = [];
  try {
    const { db } = bench.database;
    await createMarketplace(db);
    const shop = await createShop(db, 'Bench');
    await createFellows(db, shop.shopId, { reachable: recipients });
    await bench.database.pool.query('vacuum analyze');
    const sink = start(children, [file('./smtp-sink.ts')]);
    const { port } = await line<{ port: number }>(sink);
    // As "npm run worker" starts it.
    const worker = start(
      children,
      ['--max-semi-space-size=8', '--heap-growing-percent=50', file('../apps/server/src/main.ts'), 'worker'],
      {
        DATABASE_URL: bench.url,
        SMTP_URL: `smtp://127.0.0.1:${port}`,
        LOG_LEVEL: 'error',
      },
    );
    await once(worker.stdout ?? worker, 'data');
    const { pushId } = await createWaitingPush(db, shop);
    const began = performance.now();
    await dispatchNow(db, pushId);
    const times = await untilSent(db, pushId, began);
    const workerPeakRssMb = peakRssMb(worker.pid ?? 0);
    sink.kill('SIGUSR2');
    const { messages } = await line<{ messages: number }>(sink);
    return {
      recipients,
      seconds: times.sent,
      recipientsPerSecond: Math.round(recipients / times.sent),
      issueSeconds: times.issued,
      workerPeakRssMb,
      messagesTaken: messages,
    };
  } finally {
    await Promise.all(children.map(end));
    await bench.close();
  }
}

function start(children: ChildProcess[], args: string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function line<T>(child: ChildProcess): Promise<T> {
  if (child.stdout === null) throw new Error('a child without output');
  const lines = createInterface({ input: child.stdout });
  const [text] = (await once(lines, 'line')) as [string];
  lines.close();
  child.stdout.resume();
  return JSON.parse(text) as T;
}

/** Seconds since the beginning. */
async function untilSent(db: Db, pushId: number, began: number): Promise<{ issued: number; sent: number }> {
  let issued = 0;
  for (;;) {
    const push = await db
      .selectFrom('push')
      .where('id', '=', pushId)
      .select(['state', 'issued_at'])
      .executeTakeFirstOrThrow();
    const seconds = (performance.now() - began) / 1000;
    if (push.issued_at !== null && issued === 0) issued = seconds;
    if (push.state === 'sent') return { issued, sent: seconds };
    if (!['waiting', 'sending'].includes(push.state)) throw new Error(`the push ended as ${push.state}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function peakRssMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024);
}
