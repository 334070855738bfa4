import { type ChildProcess, execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Db } from '../apps/server/src/db/database.ts';
import { StartError } from '../apps/server/src/lib/start-error.ts';
import { createFellows, createMarketplace, createShop } from '../apps/server/test/marketplace.ts';
import { createWaitingPush, dispatchNow } from '../apps/server/test/waiting-push.ts';
import { benchDatabase } from './database.ts';
import { end, startSink, startWorker, taken } from './processes.ts';

/** Times are ms of the machine's clock, `from` an address of a worker. */
interface Books {
  taken: [at: number, to: string, from: string][];
  /** `closed` 0: not until now. */
  opened: [at: number, closed: number, from: string][];
}

const network = '10.213.77';
const bridge = 'cpbench';
const namespace = (index: number) => `cpbench${index}`;
const address = (index: number) => `${network}.${index + 10}`;
const cable = (index: number) => `cpbench-v${index}`;

export const bounds = {
  medianSecond: { atLeast: 0.9 },
  // A turn may be used 0.2 s late (shared-rate.ts), and what is under way may be held up on it.
  mostInOneSecond: { atMost: 1.3 },
  mostConnections: { atMost: 1 },
  lost: { atMost: 0 },
  doubledBeyondInDoubt: { atMost: 0 },
};

/**
 * Worker processes as on hosts of their own: each in a network namespace, joined by a bridge to the database and the mail
 * server. They share a limit of messages a second, and one of connections; the cable of one is pulled in the middle of a
 * push, and put back (not with --cutFor=0). Prints what the mail server took in each second. For root alone, on Linux.
 */
export async function run(options: Record<string, number>): Promise<object> {
  const { recipients = 30_000, workers = 4, limit = 500, connections = 10, cutAfter = 8, cutFor = 12 } = options;
  const children: ChildProcess[] = [];
  const closing: (() => unknown)[] = [];
  try {
    closing.push(layNetwork(workers));
    const { settings, remove } = reachable();
    closing.push(remove);
    const bench = await benchDatabase(settings);
    closing.push(() => bench.close());
    const { db, pool } = bench.database;
    await createMarketplace(db);
    const shop = await createShop(db, 'Bench');
    const people = await createFellows(db, shop.shopId, { reachable: recipients });
    await db
      .updateTable('sending_limit')
      .set({ messages_per_second: limit, connections })
      .where('channel', '=', 'email')
      .execute();
    await pool.query('vacuum analyze');
    const sink = await startSink(children, { host: `${network}.1`, books: true });
    const env = {
      DATABASE_URL: bench.url.replace('127.0.0.1', `${network}.1`),
      SMTP_URL: `smtp://${network}.1:${sink.port}`,
    };
    await Promise.all(Array.from({ length: workers }, (_, index) => startWorker(children, env, namespace(index))));
    const { pushId } = await createWaitingPush(db, shop);
    const began = Date.now();
    await dispatchNow(db, pushId);
    const cutting = cut(workers - 1, cutAfter, cutFor);
    const state = await untilEnded(db, pushId);
    const seconds = (Date.now() - began) / 1000;
    await cutting;
    // Whoever was cut off may still hand over what it had begun.
    await wait(3000);
    const books = await taken<Books>(sink.process);
    const inDoubt = await inDoubtOf(db, pushId);
    const addresses = (people.reachable ?? []).map((id) => `c${id}@customers.example.com`);
    return {
      workers,
      recipients,
      state,
      seconds,
      'cutOff (s)': `${cutAfter} to ${cutAfter + cutFor}`,
      'each second': perSecond(books, began).join(' '),
      'of these, the one cut off': perSecond(books, began, address(workers - 1)).join(' '),
      medianSecond: median(perSecond(books, began)) / limit,
      mostInOneSecond: mostInOneSecond(books) / limit,
      mostConnections: mostOpen(books, { from: address(workers - 1), at: began + cutAfter * 1000 }) / connections,
      ...bookkeeping(books, addresses, inDoubt),
    };
  } finally {
    // Whoever is cut off cannot take its leave.
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map(end));
    for (const close of closing.reverse()) await close();
  }
}

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });

/** @returns how to take it away */
function layNetwork(workers: number): () => void {
  if (process.getuid?.() !== 0)
    throw new StartError('Network namespaces are for root alone: run this as root, on Linux.');
  const indices = Array.from({ length: workers }, (_, index) => index);
  const quietly = (...args: string[]) => {
    try {
      ip(...args);
    } catch {
      // It is not there.
    }
  };
  const remove = () => {
    for (const index of indices) quietly('netns', 'del', namespace(index));
    for (const index of indices) quietly('link', 'del', cable(index));
    quietly('link', 'del', bridge);
  };
  remove();
  ip('link', 'add', bridge, 'type', 'bridge');
  ip('addr', 'add', `${network}.1/24`, 'dev', bridge);
  ip('link', 'set', bridge, 'up');
  for (const index of indices) {
    const name = namespace(index);
    ip('netns', 'add', name);
    ip('link', 'add', cable(index), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    ip('link', 'set', cable(index), 'master', bridge, 'up');
    ip('-n', name, 'addr', 'add', `${address(index)}/24`, 'dev', 'eth0');
    ip('-n', name, 'link', 'set', 'eth0', 'up');
    ip('-n', name, 'link', 'set', 'lo', 'up');
  }
  return remove;
}

/** Settings of a database that the namespaces reach. */
function reachable(): { settings: Record<string, string>; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'coupon-push-hba-'));
  const hba = join(folder, 'pg_hba.conf');
  const lines = ['127.0.0.1/32', `${network}.0/24`].map((from) => `host all all ${from} scram-sha-256\n`);
  writeFileSync(hba, lines.join(''), { mode: 0o644 });
  chmodSync(folder, 0o755);
  return {
    settings: { listen_addresses: `127.0.0.1,${network}.1`, hba_file: hba, max_connections: '200' },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** On the bridge's side: the worker sees nothing but silence. */
async function cut(index: number, afterSeconds: number, forSeconds: number): Promise<void> {
  if (forSeconds === 0) return;
  await wait(afterSeconds * 1000);
  ip('link', 'set', cable(index), 'nomaster');
  await wait(forSeconds * 1000);
  ip('link', 'set', cable(index), 'master', bridge);
}

async function untilEnded(db: Db, pushId: number): Promise<string> {
  for (;;) {
    const { state } = await db.selectFrom('push').where('id', '=', pushId).select('state').executeTakeFirstOrThrow();
    if (!['waiting', 'sending'].includes(state)) return state;
    await wait(50);
  }
}

async function inDoubtOf(db: Db, pushId: number): Promise<number> {
  const rows = await db.selectFrom('channel_progress').where('push_id', '=', pushId).select('in_doubt').execute();
  return rows.reduce((sum, row) => sum + row.in_doubt, 0);
}

function perSecond({ taken }: Books, began: number, only?: string): number[] {
  const seconds = Math.ceil(((taken.at(-1)?.[0] ?? began) - began + 1) / 1000);
  const counts = Array.from({ length: seconds }, () => 0);
  for (const [at, , from] of taken) {
    const second = Math.floor((at - began) / 1000);
    if (only === undefined || from === only) counts[second] = (counts[second] ?? 0) + 1;
  }
  return counts;
}

/** At one moment. What the one that is cut off has closed (shared-limits.ts says when) the server hears of later. */
function mostOpen({ opened }: Books, cut: { from: string; at: number }): number {
  const deadAfterMs = 7000;
  const changes = opened.flatMap(([at, closed, from]) => {
    const dead = from === cut.from && at < cut.at ? cut.at + deadAfterMs : Number.POSITIVE_INFINITY;
    const end = Math.min(closed === 0 ? Number.POSITIVE_INFINITY : closed, dead);
    return [
      { at, by: 1 },
      { at: end, by: -1 },
    ];
  });
  let open = 0;
  let most = 0;
  for (const { by } of changes.sort((a, b) => a.at - b.at || a.by - b.by)) {
    open += by;
    most = Math.max(most, open);
  }
  return most;
}

const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

/** In any second, wherever it begins. */
function mostInOneSecond({ taken }: Books): number {
  let most = 0;
  let from = 0;
  for (let until = 0; until < taken.length; until += 1) {
    while ((taken[from]?.[0] ?? 0) + 1000 <= (taken[until]?.[0] ?? 0)) from += 1;
    most = Math.max(most, until - from + 1);
  }
  return most;
}

function bookkeeping({ taken }: Books, addresses: readonly string[], inDoubt: number) {
  const times = new Map<string, number>();
  for (const [, to] of taken) times.set(to, (times.get(to) ?? 0) + 1);
  const doubled = taken.length - times.size;
  return {
    lost: addresses.filter((address) => !times.has(address)).length,
    strangers: times.size - addresses.filter((address) => times.has(address)).length,
    inDoubt,
    doubled,
    doubledBeyondInDoubt: Math.max(0, doubled - inDoubt),
  };
}
