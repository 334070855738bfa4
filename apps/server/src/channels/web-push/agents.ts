import { Agent } from 'undici';
import { inTime } from '../under-way.ts';

/** What requests go over, and what they end with when it does not wait for them any more. */
interface Way {
  dispatcher: Agent;
  ended: AbortSignal;
}

interface Kept {
  dispatcher: Agent;
  end: AbortController;
}

/** The connections to push services: so many at most to each, and another number when that is allowed. */
export class Agents {
  readonly #options: Agent.Options;
  #allowed: number;
  /** Undefined while none is allowed, and while the one before is being closed. */
  #kept: Kept | undefined;
  /** Those that end with what they are at, and who waits for it. */
  readonly #leaving = new Map<Kept, PromiseWithResolvers<void>>();
  #waiting: (() => void)[] = [];
  #ended = false;

  constructor(connections: number, options: Agent.Options) {
    this.#options = options;
    this.#allowed = connections;
    this.#kept = this.#make();
  }

  /** Undefined when there will be none any more. */
  async take(): Promise<Way | undefined> {
    while (this.#kept === undefined && !this.#ended) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#kept && { dispatcher: this.#kept.dispatcher, ended: this.#kept.end.signal };
  }

  /**
   * The connections there are end with what they are at; the others are made once they are closed. Whoever has less patience
   * ends them for those with more, too.
   */
  async allow(connections: number, patienceMs: number): Promise<void> {
    const before = this.#kept;
    if (connections !== this.#allowed && before !== undefined) this.#leave(before);
    this.#allowed = connections;
    const gone = Promise.all([...this.#leaving.values()].map(({ promise }) => promise));
    if (!(await inTime(gone, patienceMs))) this.#endLeaving();
    if (this.#allowed !== connections || connections === 0 || this.#kept !== undefined) return;
    this.#kept = this.#make();
    this.#wake();
  }

  #leave(kept: Kept): void {
    this.#kept = undefined;
    const gone = Promise.withResolvers<void>();
    this.#leaving.set(kept, gone);
    void gone.promise.then(() => this.#leaving.delete(kept));
    kept.dispatcher.close().then(gone.resolve, gone.resolve);
  }

  /** By their requests: an agent that is being closed has forgotten its connections, and cannot destroy them. */
  #endLeaving(): void {
    for (const [{ end }, { resolve }] of this.#leaving) {
      end.abort(new Error('the connection was given back'));
      resolve();
    }
  }

  /** Whoever waits for a connection does so no more. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async destroy(): Promise<void> {
    this.#endLeaving();
    await this.#kept?.dispatcher.destroy();
  }

  #make(): Kept {
    const dispatcher = new Agent({ ...this.#options, allowH2: true, connections: this.#allowed });
    return { dispatcher, end: new AbortController() };
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
