import { setTimeout as wait } from 'node:timers/promises';
import type { Permits } from '../channels/permits.ts';

/** Moments that were given to this process alone: the first is in `beginInMs`, one every `stepMs`. */
export interface Turns {
  count: number;
  beginInMs: number;
  stepMs: number;
}

/** Asks for that many turns. Undefined when there are none to be had at the moment. */
export type AskForTurns = (count: number) => Promise<Turns | undefined>;

/** At most so many ms of turns are taken at once: what is lost with a process that dies. */
const atOnceMs = 100;
/** A turn is asked for so long before the last one is used. */
const aheadMs = 50;
/**
 * A turn that was missed by more is lost. So in any stretch of time no more messages leave than the rate allows for it and
 * for this long, whatever processes and networks are slow.
 */
export const latestMs = 200;
const leastLatestMs = 50;
const askAgainMs = 250;

interface Stretch {
  at: number;
  latestMs: number;
  stepMs: number;
  left: number;
}

/**
 * Lets messages leave at a rate that all worker processes share. The moments at which one may are given out by the
 * database, each to one process, in stretches: a message costs no query of its own, and one without a limit none at all.
 */
export class SharedRate implements Permits {
  readonly #ask: AskForTurns;
  #perSecond: number | null = null;
  #ended = false;
  #waiting: ((go: boolean) => void)[] = [];
  #stretches: Stretch[] = [];
  /** How many to ask for: more when all were used, one when some were missed. */
  #want = 1;
  #asking: Promise<void> | undefined;
  #serving = false;

  constructor(ask: AskForTurns) {
    this.#ask = ask;
  }

  /** Null: no limit. */
  limit(perSecond: number | null): void {
    this.#perSecond = perSecond;
    if (perSecond === null && !this.#ended) this.#letGo(true);
  }

  /** Nobody's turn comes any more, unless there is no limit. */
  end(): void {
    this.#ended = true;
    this.#letGo(false);
  }

  take(): Promise<boolean> {
    if (this.#perSecond === null) return Promise.resolve(true);
    if (this.#ended) return Promise.resolve(false);
    const turn = new Promise<boolean>((resolve) => this.#waiting.push(resolve));
    if (!this.#serving) void this.#serve();
    return turn;
  }

  #letGo(go: boolean): void {
    for (const resolve of this.#waiting.splice(0)) resolve(go);
  }

  async #serve(): Promise<void> {
    this.#serving = true;
    while (this.#waiting.length > 0) {
      const at = this.#nextTurn();
      if (at === undefined) {
        await (this.#asking ?? this.#askForMore());
        continue;
      }
      if (this.#asking === undefined && this.#leftMs() < aheadMs) void this.#askForMore();
      const waitMs = at - performance.now();
      if (waitMs > 0) await wait(waitMs, undefined, { ref: false });
      this.#waiting.shift()?.(true);
    }
    this.#serving = false;
  }

  #nextTurn(): number | undefined {
    const now = performance.now();
    for (let first = this.#stretches[0]; first !== undefined; first = this.#stretches[0]) {
      for (; first.left > 0 && first.at + first.latestMs < now; first.left -= 1) {
        first.at += first.stepMs;
        this.#want = 1;
      }
      if (first.left > 0) {
        const { at } = first;
        first.at += first.stepMs;
        first.left -= 1;
        return at;
      }
      this.#stretches.shift();
    }
    return undefined;
  }

  #leftMs(): number {
    return this.#stretches.reduce((sum, { left, stepMs }) => sum + left * stepMs, 0);
  }

  #askForMore(): Promise<void> {
    this.#asking = this.#askOnce().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Never fails: without an answer nothing leaves, and it is asked again. */
  async #askOnce(): Promise<void> {
    const most = Math.max(1, Math.round(((this.#perSecond ?? 1) * atOnceMs) / 1000));
    const count = Math.min(most, Math.max(this.#want, this.#waiting.length));
    const asked = performance.now();
    const turns = await this.#ask(count).catch(() => undefined);
    if (turns === undefined) {
      await wait(askAgainMs, undefined, { ref: false });
      return;
    }
    this.#want = Math.min(most, count * 2);
    const now = performance.now();
    // The turn is where the database saw it, which was between the question and now.
    const latest = Math.max(leastLatestMs, latestMs - (now - asked));
    this.#stretches.push({ at: now + turns.beginInMs, latestMs: latest, stepMs: turns.stepMs, left: turns.count });
  }
}
