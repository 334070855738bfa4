import type { Answer } from '../channels/answer.ts';
import type { LedgerChannel } from '../jobs/enqueue.ts';

/** Never more in a window: what one crash can put in doubt, per batch. Never fewer: writing would take longer than sending. */
const largestWindow = 200;
const smallestWindow = 32;
/** What is aimed at: a window that takes longer is made smaller, so that a crash doubts few of a slow server's. */
const windowMs = 400;
/** It is as many times as long as writing it down, at least: where the database is slow, too, smaller would only be slower. */
const windowPerWrite = 4;

/** How large this process's last windows were; a batch begins where the one before it ended. */
const lately = new Map<LedgerChannel, number>();

/** How many answers in a row were in doubt, of whatever push: the other side is the same. */
const doubts = new Map<LedgerChannel, number>();

/** Counts an answer. Returns how many in a row were in doubt; a connection that was lost before says neither this nor that. */
export function countDoubt(channel: LedgerChannel, answer: Answer): number {
  const before = doubts.get(channel) ?? 0;
  const isSilence = answer.kind === 'retry' && !/^\d{3}\b/.test(answer.reason);
  const inARow = isSilence ? before + (answer.inDoubt ? 1 : 0) : 0;
  doubts.set(channel, inARow);
  return inARow;
}

/** How many are handed to the wire between two marks, as quickly as the other side lately answered. */
export class Pace {
  readonly #channel: LedgerChannel;
  readonly #smallest: number;

  /** @param inFlight messages that are under way at once: fewer in a window would leave connections idle */
  constructor(channel: LedgerChannel, inFlight: number) {
    this.#channel = channel;
    this.#smallest = Math.min(largestWindow, Math.max(smallestWindow, inFlight));
  }

  get window(): number {
    return Math.max(this.#smallest, lately.get(this.#channel) ?? 0);
  }

  /** @param took how long it was to send a window, and to write it down, ms */
  took(messages: number, took: { sendMs: number; writeMs: number }): void {
    const aimMs = Math.max(windowMs, took.writeMs * windowPerWrite);
    const next = took.sendMs > aimMs ? Math.floor((messages * aimMs) / took.sendMs) : this.window * 2;
    lately.set(this.#channel, Math.min(largestWindow, Math.max(this.#smallest, next)));
  }
}
