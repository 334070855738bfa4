import type { FastifyRequest } from 'fastify';
import { shownSession } from './cookie.ts';
import { sessionHash } from './rules.ts';

const knownForMs = 10 * 60_000;
/** Beyond this those that were silent longest are forgotten. */
const most = 50_000;

/**
 * Sessions that this process found valid a short while ago. Their requests are counted by session, so that customers who share
 * an address, as those of a phone company do, do not share its limit. A cookie that somebody made up is never among them:
 * whatever it says, it counts for the address. Nothing is let in by this; whose session it is, is asked at each request.
 */
export class KnownSessions {
  readonly #until = new Map<string, number>();

  learn(token: string): void {
    const hash = sessionHash(token);
    this.#until.delete(hash);
    this.#until.set(hash, performance.now() + knownForMs);
    const [oldest] = this.#until.keys();
    if (this.#until.size > most && oldest !== undefined) this.#until.delete(oldest);
  }

  forget(token: string): void {
    this.#until.delete(sessionHash(token));
  }

  /** What its requests are counted by; undefined: by their address. */
  keyOf(request: FastifyRequest): string | undefined {
    const token = shownSession(request);
    const hash = token === undefined ? undefined : sessionHash(token);
    const until = hash === undefined ? undefined : this.#until.get(hash);
    return until === undefined || until < performance.now() ? undefined : `session ${hash}`;
  }
}
