/**
 * What became of one message. `reason` is for people and logs; where the other side said something, it starts with
 * what it said (`550 5.1.1 no such user`, `410`).
 * - sent: the other side has taken it.
 * - retry: try again, not before `afterMs`. `inDoubt`: it may have been taken, its answer was not heard (spec 6).
 *   `untried`: this process stops before its turn came; nothing was attempted.
 * - gone: this device or address is no more, in good order.
 * - failed: never for this recipient. `hardBounce`: the address does not exist and is to be suppressed. `vague`: nothing
 *   was said about the recipient; if everybody is refused like that, it is about us.
 * - ours: it was refused because of who we are or how we are set up; says nothing about the recipient. `perhapsTheirs`: a server
 *   may also say so of one recipient alone.
 */
export type Answer =
  | { kind: 'sent' }
  | { kind: 'retry'; reason: string; afterMs?: number; inDoubt: boolean; untried?: boolean }
  | { kind: 'gone'; reason: string }
  | { kind: 'failed'; reason: string; hardBounce?: boolean; vague?: boolean }
  | { kind: 'ours'; reason: string; perhapsTheirs?: true };

/** A way to reach people, as the delivery engine uses it. */
export interface Channel<M> {
  /** How many messages are usefully under way at once, at least one; more would only wait inside. May change. */
  readonly inFlight: number;
  /** Never throws: whatever happens is an answer. */
  send(message: M): Promise<Answer>;
  /**
   * Lets what is under way end, then closes every connection. Whoever has no answer after `patienceMs` (default: as long as
   * it takes) hears that it is in doubt, if it may have been taken.
   */
  close(patienceMs?: number): Promise<void>;
}
