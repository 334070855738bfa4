import type { Adjustable } from '../channels/permits.ts';

/** What all worker processes together may have open, and how much of it is this one's. */
export interface ConnectionShare {
  /** Null: no limit. */
  limit: number | null;
  share: number;
  messagesPerConnection: number | null;
}

/** Connections are numbered, and a process has the locks of those that it uses. PostgreSQL lets go of a dead one's. */
export interface ConnectionLocks {
  /** Takes so many of the numbers up to `limit` that nobody has. */
  take(count: number, limit: number): Promise<number[]>;
  giveBack(numbers: readonly number[]): Promise<void>;
}

/** Whoever lost the locks has this long to end what its connections are at, before anybody else has them. */
const cutOffPatienceMs = 3_000;
/** So long after that nobody takes any: whoever else lost theirs at that moment is done by then, too. */
const cautionMs = 4_000;

/** One channel's part of the connections that all worker processes share. */
export class SharedConnections {
  readonly #channel: Adjustable;
  readonly #held = new Set<number>();
  #isLimited = false;
  #messagesPerConnection: number | null = null;
  #adjusting: Promise<void> = Promise.resolve();
  #isAdjusting = false;
  #cautiousUntil = 0;
  /** Counts how often the locks were lost: what was begun before is not gone on with. */
  #life = 0;

  constructor(channel: Adjustable) {
    this.#channel = channel;
  }

  /**
   * Uses as many connections as this process has locks of, and takes or gives back until they are its share. Those that
   * are too many end with the message they are at before their lock is given back.
   */
  async keepTo(share: ConnectionShare, locks: ConnectionLocks): Promise<void> {
    if (this.#isAdjusting) return;
    this.#isAdjusting = true;
    this.#adjusting = this.#adjust(share, locks).finally(() => {
      this.#isAdjusting = false;
    });
    await this.#adjusting;
  }

  /** The locks are lost, or it is not known whether they are: from now on nothing begins, and soon nothing is open. */
  cutOff(): void {
    this.#life += 1;
    this.#held.clear();
    if (!this.#isLimited) return;
    this.#cautiousUntil = performance.now() + cautionMs;
    void this.#channel.allow({ connections: 0 }, cutOffPatienceMs);
  }

  async #adjust(wanted: ConnectionShare, locks: ConnectionLocks): Promise<void> {
    const life = this.#life;
    const { limit, share, messagesPerConnection } = wanted;
    if (limit === null) return await this.#useAsUsual(messagesPerConnection, locks);
    const tooMany = [...this.#held].sort((a, b) => a - b).filter((number, index) => index >= share || number > limit);
    if (tooMany.length > 0) {
      await this.#use(this.#held.size - tooMany.length, messagesPerConnection);
      if (life !== this.#life) return;
      for (const number of tooMany) this.#held.delete(number);
      await locks.giveBack(tooMany);
    }
    const missing = share - this.#held.size;
    if (missing > 0 && performance.now() >= this.#cautiousUntil) {
      const taken = await locks.take(missing, limit);
      if (life !== this.#life) return;
      for (const number of taken) this.#held.add(number);
    }
    this.#isLimited = true;
    await this.#use(this.#held.size, messagesPerConnection);
  }

  async #useAsUsual(messagesPerConnection: number | null, locks: ConnectionLocks): Promise<void> {
    if (!this.#isLimited && messagesPerConnection === this.#messagesPerConnection) return;
    const numbers = [...this.#held];
    this.#held.clear();
    await locks.giveBack(numbers);
    this.#isLimited = false;
    await this.#use(this.#channel.usual.connections, messagesPerConnection);
  }

  async #use(connections: number, messagesPerConnection: number | null): Promise<void> {
    this.#messagesPerConnection = messagesPerConnection;
    await this.#channel.allow({
      connections,
      ...(messagesPerConnection === null ? {} : { messagesPerConnection }),
    });
  }
}
