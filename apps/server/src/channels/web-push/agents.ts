import { Agent } from 'undici';
import { inTime } from '../under-way.ts';

/** The connections to push services: so many at most to each, and another number when that is allowed. */
export class Agents {
  readonly #options: Agent.Options;
  #allowed: number;
  /** Undefined while none is allowed, and while the one before is being closed. */
  #agent: Agent | undefined;
  #waiting: (() => void)[] = [];
  #ended = false;

  constructor(connections: number, options: Agent.Options) {
    this.#options = options;
    this.#allowed = connections;
    this.#agent = this.#make();
  }

  /** Undefined when there will be none any more. */
  async take(): Promise<Agent | undefined> {
    while (this.#agent === undefined && !this.#ended) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#agent;
  }

  /** The connections there are end with what they are at; the others are made once they are closed. */
  async allow(connections: number, patienceMs: number): Promise<void> {
    if (connections === this.#allowed) return;
    this.#allowed = connections;
    const before = this.#agent;
    this.#agent = undefined;
    if (before !== undefined && !(await inTime(before.close(), patienceMs))) await before.destroy();
    if (this.#allowed !== connections || connections === 0) return;
    this.#agent = this.#make();
    this.#wake();
  }

  /** Whoever waits for a connection does so no more. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async destroy(): Promise<void> {
    await this.#agent?.destroy();
  }

  #make(): Agent {
    return new Agent({ ...this.#options, allowH2: true, connections: this.#allowed });
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
