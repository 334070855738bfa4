import type { Logger } from 'pino';
import type { Db } from '../db/database.ts';
import { tellChanged } from '../features/pushes/events.ts';

/** How often watchers are told: what they see moves on four times a second. */
const tellEveryMs = 250;

/**
 * Those who watch pushes are told of what went on together, a few times a second, and not by the transactions themselves:
 * PostgreSQL commits those that tell one after the other in the whole database. What is not told because the process died is
 * seen at the next change, or look.
 */
export class Watchers {
  readonly #db: Db;
  readonly #logger: Logger;
  readonly #changed = new Set<number>();
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> = Promise.resolve();

  constructor(db: Db, logger: Logger) {
    this.#db = db;
    this.#logger = logger;
  }

  /** Tells soon that a push's progress changed; to be called when that is committed. */
  changed(pushId: number): void {
    this.#changed.add(pushId);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#telling = this.#tell();
    }, tellEveryMs);
  }

  /** Tells what is left. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#telling;
    await this.#tell();
  }

  async #tell(): Promise<void> {
    const pushIds = [...this.#changed];
    this.#changed.clear();
    await tellChanged(this.#db, pushIds).catch((error: unknown) =>
      this.#logger.warn({ err: error }, 'whoever watches could not be told yet'),
    );
  }
}
