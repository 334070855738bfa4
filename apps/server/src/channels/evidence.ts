/** What a refusal is about: this one device, or us; `unknown` as long as nothing tells the two apart. */
export type Verdict = 'device' | 'us' | 'unknown';

interface Seen {
  /** When a message was last taken, ms. */
  takenAt: number;
  /** Whose messages were refused since, and from when on. */
  refused: Set<number | string>;
  refusedSince: number;
}

/** A message that was taken proves for so long that we are set up well. */
const provesForMs = 10 * 60_000;
/** One customer has many devices, and may make up what they answer: these many have to be refused. */
const voices = 3;
/** Refusals are quicker than successes: of many messages under way at once the first answers tell nothing. */
const settlesAfterMs = 5000;
/** More subjects than this are not remembered. */
const remembered = 500;

/**
 * Tells refusals of one device from those of us. A refusal that is about us pauses a channel for everybody, so one
 * customer's device must not be able to bring it about; and a device must not be forgotten for a mistake of ours.
 * What was refused is given as a text: a push service, a project, a payload.
 */
export class Evidence {
  readonly #seen = new Map<string, Seen>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  taken(about: string): void {
    const seen = this.#of(about);
    seen.takenAt = this.#now();
    if (seen.refused.size > 0) seen.refused.clear();
  }

  /** @param whose the customer, or their address */
  refused(about: string, whose: number | string): Verdict {
    const seen = this.#of(about);
    const now = this.#now();
    if (now - seen.takenAt < provesForMs) return 'device';
    if (seen.refused.size === 0) seen.refusedSince = now;
    if (seen.refused.size < voices) seen.refused.add(whose);
    return seen.refused.size >= voices && now - seen.refusedSince >= settlesAfterMs ? 'us' : 'unknown';
  }

  #of(about: string): Seen {
    const found = this.#seen.get(about);
    if (found !== undefined) return found;
    const [oldest] = this.#seen.keys();
    if (this.#seen.size >= remembered && oldest !== undefined) this.#seen.delete(oldest);
    const seen = { takenAt: Number.NEGATIVE_INFINITY, refused: new Set<number | string>(), refusedSince: 0 };
    this.#seen.set(about, seen);
    return seen;
  }
}
