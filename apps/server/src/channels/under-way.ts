import type { Answer } from './answer.ts';

/** Messages of a channel that have no answer yet, so that closing it can wait for them, and give up on them. */
export class UnderWay {
  readonly #givenUp = new Set<(answer: Answer) => void>();
  #onQuiet: (() => void) | undefined;

  /** The answer, or that none was heard in time. */
  follow(sending: Promise<Answer>): Promise<Answer> {
    return new Promise((resolve) => {
      const end = (answer: Answer) => {
        this.#givenUp.delete(end);
        resolve(answer);
        if (this.#givenUp.size === 0) this.#onQuiet?.();
      };
      this.#givenUp.add(end);
      void sending.then(end);
    });
  }

  /** Resolves when nothing is under way any more; after `patienceMs` the rest counts as taken or not, nobody knows. */
  async end(patienceMs: number): Promise<void> {
    if (this.#givenUp.size === 0) return;
    const quiet = new Promise<void>((resolve) => (this.#onQuiet = resolve));
    if (!(await inTime(quiet, patienceMs))) {
      for (const end of this.#givenUp) end({ kind: 'retry', reason: 'no answer before the end', inDoubt: true });
    }
  }
}

/** Did it come to pass in time? */
export async function inTime(event: Promise<unknown>, patienceMs: number): Promise<boolean> {
  if (patienceMs === Number.POSITIVE_INFINITY) return await event.then(() => true);
  const waited = new AbortController();
  const late = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), patienceMs);
    waited.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  const came = await Promise.race([event.then(() => true), late]);
  waited.abort();
  return came;
}
