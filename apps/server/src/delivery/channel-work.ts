import type { Answer } from '../channels/answer.ts';
import type { Trx } from '../db/database.ts';
import type { LedgerChannel } from '../jobs/enqueue.ts';
import type { DeliveryDeps } from './deps.ts';
import type { Outcome } from './rules.ts';

/** Someone of a batch who is still owed a message on this channel. */
export interface Owed {
  customerId: number;
  /** How often it was tried before. */
  attempts: number;
}

export interface BatchRange {
  pushId: number;
  batchNo: number;
  from: number;
  until: number;
}

/** What the engine needs to know of a channel to send its batches; the loop, the ledger and the counters are shared. */
export interface ChannelWork<O extends Owed> {
  readonly channel: LedgerChannel;
  /** Messages that are usefully under way at once. */
  inFlight(deps: DeliveryDeps): number;
  /** Everyone of the batch who is still owed one, in order of customer_id. */
  loadOwed(trx: Trx, batch: BatchRange): Promise<O[]>;
  /** Until when this one may not be sent now, by the product's clock; null: it may. */
  heldUntil?(deps: DeliveryDeps, owed: O): Date | null;
  /**
   * After so many answers in a row that were not heard, and no other, the channel is paused like after a refusal of us: what
   * takes messages and never says so would get everyone's again with each attempt.
   */
  readonly mostDoubts?: number;
  /** Never throws for what the other side does: that is an answer. What it throws came before anything was sent. */
  deliver(deps: DeliveryDeps, batch: BatchRange, owed: O): Promise<Answer>;
  /** Learns from final answers, in the transaction that writes them (suppression, dead subscriptions). */
  learn(
    trx: Trx,
    batch: BatchRange,
    results: readonly { owed: O; answer: Answer; outcome: Outcome }[],
    now: Date,
  ): Promise<void>;
}
