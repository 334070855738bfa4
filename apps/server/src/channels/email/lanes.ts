import type { Lane } from './lane.ts';

/**
 * Messages that a lane has at once: one is being answered, the next is on its way, and the envelope of the third leaves with
 * the text of that one; with two it would leave in a write of its own.
 */
const placesOfLane = 3;

interface Kept {
  lane: Lane;
  allowed: boolean;
  /** Places that are free, and those with a message. */
  free: number;
  lent: number;
}

/** A place of a lane, lent to one message. */
export interface Place {
  readonly lane: Lane;
  giveBack(): void;
}

/** The lanes of a channel: as many as are allowed at the moment, each lent to a few messages at once. */
export class Lanes {
  readonly #make: () => Lane;
  readonly #kept: Kept[] = [];
  /** Free places; the last one used comes first, so that few connections carry a light load. */
  #free: Kept[] = [];
  #waiting: ((place: Place | undefined) => void)[] = [];
  #allowed = 0;
  #ended = false;
  #shrunk: (() => void)[] = [];
  #onQuiet: (() => void) | undefined;

  constructor(make: () => Lane, allowed: number) {
    this.#make = make;
    this.#use(allowed);
  }

  get places(): number {
    return this.#allowed * placesOfLane;
  }

  /** Undefined when there will be none any more. */
  take(): Promise<Place | undefined> {
    const kept = this.#free.pop();
    if (kept !== undefined) return Promise.resolve(this.#lend(kept));
    if (this.#ended && this.#allowed === 0) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Uses no more lanes than these. Resolves when those that are too many are closed, each after the messages it has. */
  allow(lanes: number): Promise<void> {
    if (!this.#ended) this.#use(lanes);
    const shrunk = new Promise<void>((resolve) => this.#shrunk.push(resolve));
    this.#lookWhetherShrunk();
    return shrunk;
  }

  /** Ends lanes in the middle of what they are at: those that are not allowed, or all. */
  abandon(which: 'not allowed' | 'all'): void {
    for (const kept of this.#kept) {
      if (which === 'not allowed' && (kept.allowed || kept.lent === 0)) continue;
      kept.lane.abandon();
      if (which === 'not allowed') kept.lane = this.#make();
    }
  }

  /** Nobody new waits for a lane while none is allowed. Resolves when no message is under way. */
  async end(): Promise<void> {
    this.#ended = true;
    if (this.#allowed === 0) for (const resolve of this.#waiting.splice(0)) resolve(undefined);
    if (this.#kept.some(({ lent }) => lent > 0)) await new Promise<void>((resolve) => (this.#onQuiet = resolve));
  }

  close(): void {
    for (const { lane } of this.#kept) void lane.close();
  }

  #use(lanes: number): void {
    this.#allowed = lanes;
    while (this.#kept.length < lanes) {
      this.#kept.push({ lane: this.#make(), allowed: false, free: placesOfLane, lent: 0 });
    }
    for (const [index, kept] of this.#kept.entries()) {
      const allowed = index < lanes;
      if (allowed === kept.allowed) continue;
      kept.allowed = allowed;
      if (allowed) for (let place = 0; place < kept.free; place += 1) this.#offer(kept);
      else this.#withdraw(kept);
    }
  }

  #withdraw(kept: Kept): void {
    this.#free = this.#free.filter((one) => one !== kept);
    if (kept.lent === 0) this.#shut(kept);
  }

  #offer(kept: Kept): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(kept);
    else next(this.#lend(kept));
  }

  #lend(kept: Kept): Place {
    kept.free -= 1;
    kept.lent += 1;
    return { lane: kept.lane, giveBack: () => this.#takeBack(kept) };
  }

  #takeBack(kept: Kept): void {
    kept.free += 1;
    kept.lent -= 1;
    if (kept.allowed) this.#offer(kept);
    else if (kept.lent === 0) this.#shut(kept);
    if (this.#onQuiet !== undefined && this.#kept.every(({ lent }) => lent === 0)) this.#onQuiet();
  }

  #shut({ lane }: Kept): void {
    void lane.close().then(() => this.#lookWhetherShrunk());
  }

  #lookWhetherShrunk(): void {
    if (this.#kept.some(({ lane, allowed, lent }) => !allowed && (lent > 0 || lane.isThere))) return;
    for (const resolve of this.#shrunk.splice(0)) resolve();
  }
}
