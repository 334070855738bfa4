import type { Answer } from './answer.ts';

/** Leave to hand one message to the other side. */
export interface Permits {
  /** Resolves when its turn has come: it is to leave at once then. False: not by this process any more. */
  take(): Promise<boolean>;
}

export const noLimit: Permits = { take: () => Promise.resolve(true) };

export const untried: Answer = { kind: 'retry', reason: 'this process stops', inDoubt: false, untried: true };

/** How many connections a channel may use; they can be changed while it sends. */
export interface Allowance {
  /** Open at once; 0: none for now, and what is to be sent waits. */
  connections: number;
  /** A connection is closed after so many; of e-mail alone. */
  messagesPerConnection?: number;
}

export interface Adjustable {
  /** What it uses when there is no limit. */
  readonly usual: Required<Allowance>;
  /**
   * From now on no more connections than these are used. Resolves when those that are too many are closed: each after the
   * message it is at, or, after `patienceMs`, at once, and its message is in doubt.
   */
  allow(allowance: Allowance, patienceMs?: number): Promise<void>;
}
