import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/db/embedded-postgres.ts';
import { findBinaries } from '../src/db/postgres-binaries.ts';
import { clusterPaths, prepareCluster, readPassword } from '../src/db/postgres-cluster.ts';
import { endServer, freePort, type SpawnedServer, spawnServer } from '../src/db/postgres-process.ts';
import type { RunAs } from '../src/db/postgres-user.ts';
import { silentLog } from '../src/lib/plain-log.ts';

/** A program that is killed and started again, as a service manager does it, and also when it ends by itself. */
export class KeptProcess {
  /** What it said before each end that nobody asked for, after it had been ready. */
  readonly gaveUp: string[] = [];
  readonly #args: readonly string[];
  readonly #env: Record<string, string>;
  #child: ChildProcess | undefined;
  #ready = false;
  #killed = false;
  #wanted = true;
  #pauseMs = 100;
  #ended: Promise<void> = Promise.resolve();

  /** @param program a file of test/fixtures, or a path; it prints a line when it is ready */
  constructor(program: string, args: readonly string[], env: Record<string, string> = {}) {
    const path = fileURLToPath(new URL(program, new URL('./fixtures/', import.meta.url)));
    this.#args = [path, ...args];
    this.#env = env;
    this.#start();
  }

  get isReady(): boolean {
    return this.#ready;
  }

  /** As a power cut would; it is started again after `pauseMs`. */
  kill(pauseMs: number): void {
    this.#pauseMs = pauseMs;
    this.#killed = true;
    this.#child?.kill('SIGKILL');
  }

  /** Asked with this signal to end, and not started again. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#wanted = false;
    this.#child?.kill(signal);
    await this.#ended;
  }

  #start(): void {
    this.#ready = false;
    this.#killed = false;
    const child = spawn(process.execPath, this.#args, {
      env: { ...process.env, ...this.#env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let said = '';
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
      if (!this.#ready && /ready/.test(said)) this.#ready = true;
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    this.#ended = once(child, 'exit').then(async ([code, signal]) => {
      if (!this.#wanted) return;
      if (this.#ready && !this.#killed) this.gaveUp.push(`ended with ${code ?? signal}:\n${said}`);
      this.#ready = false;
      await wait(this.#pauseMs);
      if (this.#wanted) this.#start();
    });
  }
}

/** A PostgreSQL server of one's own, always on the same port, whose processes can be killed. */
export class KillableDatabase {
  readonly url: string;
  readonly #launch: { as: RunAs; dataDir: string; port: number };
  #server: SpawnedServer | undefined;

  private constructor(url: string, launch: { as: RunAs; dataDir: string; port: number }) {
    this.url = url;
    this.#launch = launch;
  }

  static async start(dataDir: string): Promise<KillableDatabase> {
    const settings = { fsync: 'off' };
    const made = await startEmbeddedPostgres({ dataDir, log: silentLog, settings });
    await made.stop();
    const as = await prepareCluster(clusterPaths(dataDir), findBinaries(), { log: silentLog, sync: false });
    const port = await freePort();
    const url = new URL(made.url);
    url.port = String(port);
    const database = new KillableDatabase(url.href, { as, dataDir, port });
    await database.#up();
    return database;
  }

  /** The server itself, without a word; its children find out. Comes back after `pauseMs` and recovers. */
  async killServer(pauseMs: number): Promise<void> {
    process.kill(this.#server?.pid ?? 0, 'SIGKILL');
    await wait(pauseMs);
    await this.#up();
  }

  /** One of its processes; the server then ends all others, recovers, and goes on. */
  async killBackend(pid: number): Promise<void> {
    process.kill(pid, 'SIGKILL');
    await this.#answers();
  }

  async stop(): Promise<void> {
    if (this.#server !== undefined) await endServer(this.#server.pid, 10_000);
  }

  /** fsync is off, which only a crash of the whole machine would notice; what is committed has reached its kernel. */
  async #up(): Promise<void> {
    const { as, dataDir, port } = this.#launch;
    const paths = clusterPaths(dataDir);
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      shared_buffers: '64MB',
      max_connections: '200',
      fsync: 'off',
      jit: 'off',
      timezone: 'UTC',
      log_min_messages: 'log',
      log_checkpoints: 'off',
      ...(process.platform === 'linux' ? { dynamic_shared_memory_type: 'mmap' } : {}),
    };
    const logFile = join(dataDir, 'postgres.log');
    for (;;) {
      this.#server = spawnServer(as, findBinaries().postgres, { cluster: paths.cluster, port, logFile, settings });
      const server = this.#server;
      if (await this.#answers(() => server.exited())) return;
      // Children of the one that was killed are still leaving.
      if (!/still in use|already exists/.test(server.said())) throw new Error(server.said());
      await wait(50);
    }
  }

  async #answers(gaveUp: () => boolean = () => false): Promise<boolean> {
    const { dataDir, port } = this.#launch;
    const url = new URL(`postgresql://postgres:${readPassword(clusterPaths(dataDir))}@127.0.0.1:${port}/postgres`);
    while (!gaveUp()) {
      const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 2000 });
      client.on('error', () => {});
      try {
        await client.connect();
        await client.query('select 1');
        return true;
      } catch {
        await wait(30);
      } finally {
        await client.end().catch(() => {});
      }
    }
    return false;
  }
}
