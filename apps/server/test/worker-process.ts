import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from './books.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** A worker in a process of its own, as an operator starts one: `main.ts worker`. */
export class WorkerUnderTest {
  readonly #child: ChildProcess;
  #printed = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#printed += chunk.toString();
      });
    }
  }

  /** Resolves when it takes jobs. */
  static async start(env: { DATABASE_URL: string; SMTP_URL: string }): Promise<WorkerUnderTest> {
    const child = spawn(process.execPath, [main, 'worker'], {
      env: { ...process.env, LOG_LEVEL: 'warn', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const worker = new WorkerUnderTest(child);
    await until(() => (worker.#isReady() ? true : undefined), 20_000, 'the worker to be ready').catch((error) => {
      child.kill('SIGKILL');
      throw new Error(`${error}\n${worker.#printed}`);
    });
    return worker;
  }

  #isReady(): boolean {
    if (this.#child.exitCode !== null) throw new Error(`the worker ended:\n${this.#printed}`);
    return this.#printed.includes('worker is ready');
  }

  /** Ends it as a power cut would: no signal handler runs, nothing is handed back. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks it to stop: it finishes what is in flight and hands back the rest. Returns its exit code; 0 when it was in time. */
  async stop(): Promise<number | null> {
    await this.#end('SIGTERM');
    return this.#child.exitCode;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exited;
  }
}
