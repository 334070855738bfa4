import { existsSync, realpathSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlainLog } from '../lib/plain-log.ts';
import { StartError } from '../lib/start-error.ts';
import { findBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import {
  type ClusterPaths,
  clusterPaths,
  makeDataDir,
  prepareCluster,
  readPassword,
  startFailure,
} from './postgres-cluster.ts';
import { askServer, createDatabaseIfMissing, enter, type Server, serverUrl } from './postgres-connection.ts';
import {
  endServer,
  freePort,
  isServerOf,
  processState,
  readLockFile,
  removeStaleLockFile,
  spawnServer,
} from './postgres-process.ts';
import type { RunAs } from './postgres-user.ts';

const DATABASE = 'coupon_push';
/** How long a server may start, recover or stop before it counts as hung. Recovery replays at most max_wal_size. */
const BUSY_LIMIT_MS = 180_000;

/**
 * Passed on the command line, so that they come with the code and not with the age of the data folder.
 * synchronous_commit stays on: what was answered for is on disk (spec 6, nobody is lost).
 */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  max_connections: '100',
  shared_buffers: '256MB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  random_page_cost: '1.1',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // lz4 is not compiled into these binaries.
  wal_compression: 'pglz',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Errors of single statements reach the caller; the server's log is for the server's own trouble.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};

export interface EmbeddedPostgres {
  /** Of the database `coupon_push`, with the password. */
  url: string;
  /**
   * `started`: there was no server. `joined`: another Coupon Push process uses the same data folder now.
   * `taken over`: a server was left behind by a process that is gone.
   */
  how: 'started' | 'joined' | 'taken over';
  /** Leaves the server, and stops it when no other Coupon Push process uses it. Resolves when that is done. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Brings up the PostgreSQL server of a data folder, or joins the one that is running there: never a second one beside it.
 * Several processes may do this with one folder, at the same moment too; the last one to stop stops the server.
 * @param settings PostgreSQL settings on top of ours, used if this call starts the server.
 * @throws StartError with a sentence that says what to do.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  log: PlainLog;
  settings?: Record<string, string>;
}): Promise<EmbeddedPostgres> {
  const { log } = options;
  const settings = { ...SETTINGS, ...smallSharedMemory(), ...options.settings };
  const paths = clusterPaths(await makeDataDir(resolve(options.dataDir)));
  const binaries = findBinaries();
  const as = await prepareCluster(paths, binaries, { log, sync: settings.fsync !== 'off' });
  let last: unknown;
  // More than once only where another process starts or stops the same server at this moment.
  for (let attempt = 0; attempt < 10; attempt += 1) {
    try {
      const found = await findServer(paths, log);
      const again = { paths, binaries, as, settings, log };
      const server = found ?? (await launch(again));
      if (server) return await use(server, { again, found: found !== undefined });
    } catch (error) {
      if (error instanceof StartError) throw error;
      last = error;
    }
    await sleep(200);
  }
  throw startFailure(paths, String(last ?? 'another process keeps starting and stopping it'));
}

/**
 * The address of the database `coupon_push` if a server runs in this data folder and answers, without joining it: it may
 * stop at any time. For something longer than a look, call startEmbeddedPostgres.
 */
export async function findRunningPostgres(dataDir: string): Promise<string | undefined> {
  if (!existsSync(dataDir)) return undefined;
  const paths = clusterPaths(realpathSync(dataDir));
  const lock = readLockFile(paths.cluster);
  if (!lock?.ready || !existsSync(paths.password)) return undefined;
  const server: Server = { pid: lock.pid, port: lock.port, password: readPassword(paths) };
  return (await askServer(server, paths.cluster)) === 'ours' ? serverUrl(server, DATABASE) : undefined;
}

async function use(server: Server, options: { again: Launch; found: boolean }): Promise<EmbeddedPostgres> {
  const { again, found } = options;
  const { paths, log } = again;
  let reviving: Promise<void> = Promise.resolve();
  const presence = await enter(server, log, () => {
    reviving = revive(server, again);
    return reviving;
  });
  await createDatabaseIfMissing(server, DATABASE);
  const url = serverUrl(server, DATABASE);
  writeInfo(paths, { url, pid: server.pid });
  const how = !found ? 'started' : presence.alone ? 'taken over' : 'joined';
  if (how === 'taken over')
    log.info(`Took over the database server an earlier run left behind (process ${server.pid}).`);
  const leave = async (): Promise<void> => {
    const left = presence.leave();
    await reviving;
    if (!(await left)) {
      log.info('The embedded database keeps running: another Coupon Push process uses it.');
      return;
    }
    // Asked again: after a crash of the server its number may belong to something else.
    if (isServerOf(paths.cluster, server.pid)) await endServer(server.pid, 60_000);
    rmSync(paths.info, { force: true });
  };
  let stopping: Promise<void> | undefined;
  return {
    url,
    how,
    stop: () => {
      stopping ??= leave();
      return stopping;
    },
  };
}

/**
 * A server that was killed is started again at the address that everybody has, by whichever process is the first to try. Never
 * throws: the next try comes in half a second.
 */
async function revive(server: Server, again: Launch): Promise<void> {
  const { paths, log } = again;
  try {
    const running = (await findServer(paths, log)) ?? (await launch(again, server.port));
    if (running === undefined || running.port !== server.port || running.pid === server.pid) return;
    server.pid = running.pid;
    writeInfo(paths, { url: serverUrl(server, DATABASE), pid: server.pid });
    log.warn('The embedded database had ended and was started again; it has recovered everything that was committed.');
  } catch (error) {
    log.warn(`The embedded database does not start: ${error instanceof Error ? error.message : error}`);
  }
}

/** The server that runs on this cluster, once it answers. Clears away what only looks like one, or no longer answers. */
async function findServer(paths: ClusterPaths, log: PlainLog): Promise<Server | undefined> {
  const password = readPassword(paths);
  const deadline = Date.now() + BUSY_LIMIT_MS;
  for (;;) {
    const lock = readLockFile(paths.cluster);
    // A lock file of a process that is gone is PostgreSQL's to clear: it also looks for children that are still there.
    if (!lock || processState(lock.pid) === 'none') return undefined;
    if (!isServerOf(paths.cluster, lock.pid)) {
      await removeStaleLockFile(paths.cluster, lock);
      return undefined;
    }
    const server: Server = { pid: lock.pid, port: lock.port, password };
    const answer = lock.ready ? await askServer(server, paths.cluster) : 'busy';
    if (answer === 'ours') return server;
    if (answer === 'silent' || Date.now() > deadline) {
      log.warn(`The database server an earlier run left behind (process ${lock.pid}) does not answer; stopping it.`);
      await endServer(lock.pid, 10_000);
    }
    await sleep(50);
  }
}

interface Launch {
  paths: ClusterPaths;
  binaries: PostgresBinaries;
  as: RunAs;
  settings: Record<string, string>;
  log: PlainLog;
}

/** Starts a server and waits until it answers. Undefined when it could not be this time, and may be the next. */
async function launch({ paths, binaries, as, settings, log }: Launch, knownPort?: number): Promise<Server | undefined> {
  const port = knownPort ?? (await freePort());
  const child = spawnServer(as, binaries.postgres, { cluster: paths.cluster, port, logFile: paths.log, settings });
  const server: Server = { pid: child.pid, port, password: readPassword(paths) };
  const start = Date.now();
  let told = false;
  while (!child.exited()) {
    const lock = readLockFile(paths.cluster);
    if (lock?.pid === child.pid && lock.ready && (await askServer(server, paths.cluster)) === 'ours') return server;
    const waited = Date.now() - start;
    if (waited > 2_000 && !told) {
      told = true;
      log.info('The database was not stopped cleanly and is recovering; this can take a minute.');
    }
    if (waited > BUSY_LIMIT_MS) {
      await endServer(child.pid, 5_000);
      throw startFailure(paths, `it was not ready after ${BUSY_LIMIT_MS / 1_000} seconds`);
    }
    await sleep(15);
  }
  const said = child.said();
  // Someone took the port, started a server on the same cluster, or children of a killed server are still leaving.
  if (/could not create any TCP\/IP sockets|lock file "postmaster.pid" already exists|still in use/.test(said)) {
    return undefined;
  }
  throw startFailure(paths, said);
}

/** Containers often have 64 MB of /dev/shm, too little for parallel queries; files in the cluster serve as well. */
function smallSharedMemory(): Record<string, string> {
  if (process.platform !== 'linux') return {};
  const size = existsSync('/dev/shm') ? statfsSync('/dev/shm') : { blocks: 0, bsize: 0 };
  return size.blocks * size.bsize < 512 * 1024 * 1024 ? { dynamic_shared_memory_type: 'mmap' } : {};
}

function writeInfo(paths: ClusterPaths, info: { url: string; pid: number }): void {
  const next = `${paths.info}.${process.pid}`;
  writeFileSync(next, `${JSON.stringify(info, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, paths.info);
}
