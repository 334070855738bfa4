import type { Clock } from '../src/lib/clock.ts';

/** A clock that a test sets. Jobs are scheduled as if it ran along with the machine's. */
export class SettableClock implements Clock {
  #offsetMs = 0;
  #frozen: Date | undefined;

  now(): Date {
    return this.#frozen ?? new Date(Date.now() + this.#offsetMs);
  }

  machineTime(moment: Date): Date {
    return new Date(moment.getTime() - this.#offsetMs);
  }

  /** It shows this now and goes on from there. */
  set(moment: Date): void {
    this.#frozen = undefined;
    this.#offsetMs = moment.getTime() - Date.now();
  }

  /** It shows this, to the millisecond, until it is set again. */
  freeze(moment: Date): void {
    this.set(moment);
    this.#frozen = moment;
  }
}
