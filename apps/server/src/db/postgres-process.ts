import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../lib/start-error.ts';
import { asUser, type RunAs } from './postgres-user.ts';

/** What postmaster.pid, PostgreSQL's own lock file, says. */
export interface LockFile {
  pid: number;
  port: number;
  /** It accepts connections, and is neither starting, recovering nor stopping. */
  ready: boolean;
  /** Of the System V shared memory that a server's processes stay attached to. */
  sharedMemoryId: number | undefined;
}

export function readLockFile(cluster: string): LockFile | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Math.abs(Number(lines[0]));
  if (!Number.isInteger(pid) || pid === 0) return undefined;
  const sharedMemoryId = lines[6]?.trim().split(/\s+/)[1];
  return {
    pid,
    port: Number(lines[3] ?? 0),
    ready: lines[7]?.trim() === 'ready',
    sharedMemoryId: sharedMemoryId ? Number(sharedMemoryId) : undefined,
  };
}

/**
 * A zombie is a process that has ended and that nobody has asked about: in a container without an init process a server
 * whose parent was killed stays one for ever, and still answers to signal 0.
 * A process of another user counts as `none`: PostgreSQL only ever runs as the owner of the cluster.
 */
export function processState(pid: number): 'none' | 'zombie' | 'alive' {
  try {
    process.kill(pid, 0);
  } catch {
    return 'none';
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z') ? 'zombie' : 'alive';
  } catch {
    return process.platform === 'linux' ? 'none' : 'alive';
  }
}

/** Whether `pid` is the PostgreSQL server of this cluster, and not a process that got its number later. */
export function isServerOf(cluster: string, pid: number): boolean {
  try {
    const line =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return line.includes('postgres') && line.includes(`-D ${cluster} `);
  } catch {
    return false;
  }
}

/**
 * Removes the lock file of a server that is gone, where PostgreSQL itself would stop at it because the process number is
 * taken by something else now. The server's children may outlive it for a moment; two servers on one cluster would destroy
 * it, so nothing is removed while anyone is attached to its memory.
 * @throws StartError after 10 s of waiting for such children.
 */
export async function removeStaleLockFile(cluster: string, lock: LockFile): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (isAttached(lock.sharedMemoryId)) {
    if (Date.now() > deadline) {
      throw new StartError(
        `Processes of an earlier database server still use ${cluster}. End them ("pgrep -u postgres -a postgres" lists ` +
          'them), then start again.',
      );
    }
    await sleep(100);
  }
  rmSync(join(cluster, 'postmaster.pid'), { force: true });
}

function isAttached(sharedMemoryId: number | undefined): boolean {
  if (sharedMemoryId === undefined || !existsSync('/proc/sysvipc/shm')) return false;
  const rows = readFileSync('/proc/sysvipc/shm', 'utf8').split('\n').slice(1);
  // Columns: key shmid perms size cpid lpid nattch ...
  return rows
    .map((row) => row.trim().split(/\s+/))
    .some((row) => Number(row[1]) === sharedMemoryId && Number(row[6]) > 0);
}

/** A running child, and what it said since it was started. */
export interface SpawnedServer {
  pid: number;
  exited: () => boolean;
  said: () => string;
}

/**
 * Starts the server, detached: in a process group of its own, so that a Ctrl-C at the terminal reaches us alone and we
 * decide when the database goes. Its output goes to a file, which stays valid when we are killed.
 */
export function spawnServer(
  as: RunAs,
  program: string,
  options: { cluster: string; port: number; logFile: string; settings: Record<string, string> },
): SpawnedServer {
  rotate(options.logFile);
  const log = openSync(options.logFile, 'a', 0o600);
  const before = statSync(options.logFile).size;
  const settings = Object.entries(options.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // isServerOf looks for "-D <cluster> ": the port must follow.
  const full = asUser(as, program, ['-D', options.cluster, '-p', String(options.port), ...settings]);
  const child = spawn(full.command, full.args, { ...full.options, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let failed: Error | undefined;
  child.on('error', (error) => {
    failed = error;
  });
  child.unref();
  return {
    pid: child.pid ?? 0,
    exited: () => failed !== undefined || child.exitCode !== null || child.signalCode !== null,
    said: () => failed?.message ?? readFileSync(options.logFile, 'utf8').slice(before),
  };
}

function rotate(logFile: string): void {
  const limit = 10 * 1024 * 1024;
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > limit) renameSync(logFile, `${logFile}.1`);
}

/**
 * Ends a server: a fast shutdown (SIGINT: transactions are rolled back, everything is written), an immediate one (SIGQUIT:
 * the next start recovers from the log) when it has not ended after `patienceMs`, and SIGKILL as the last resort.
 * @throws StartError when it survives all of them.
 */
export async function endServer(pid: number, patienceMs: number): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGINT', patienceMs],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!send(pid, signal)) return;
    // A stopped process (Ctrl-Z, a debugger) takes no signal but this one.
    send(pid, 'SIGCONT');
    const deadline = Date.now() + waitMs;
    while (Date.now() < deadline) {
      if (processState(pid) !== 'alive') return;
      await sleep(20);
    }
  }
  throw new StartError(`The database server (process ${pid}) does not end. End it by hand, then start again.`);
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** A TCP port of 127.0.0.1 that is free now. Someone may take it before it is used: the caller tries again then. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}
