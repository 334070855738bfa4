import type { Answer } from '../channels/answer.ts';
import type { Trx } from '../db/database.ts';
import { recordEvent, tellChanged } from '../features/pushes/events.ts';
import { enqueue, type Jobs, sendKey } from '../jobs/enqueue.ts';
import { appPushWork } from './app-push-work.ts';
import type { ChannelWork, Owed } from './channel-work.ts';
import type { DeliveryDeps } from './deps.ts';
import { emailWork } from './email-work.ts';
import { finishPush } from './finish.ts';
import { reminderWork } from './reminder-work.ts';
import { isOurs, type Outcome, outcomeOf } from './rules.ts';
import { type Batch, claimBatch, finishBatch, markInFlight, pauseChannel, writeOutcomes } from './send-db.ts';

/** How many are handed to the wire between two writes of results: what one crash can put in doubt, per batch. */
const windowSize = 200;

/** Sends one batch of one channel; `stopping` hands back what was not begun. */
export async function sendBatch(deps: DeliveryDeps, job: Jobs['send'], stopping: AbortSignal): Promise<void> {
  if (job.channel === 'email') await sendWith(deps, emailWork, job, stopping);
  else if (job.channel === 'reminder') await sendWith(deps, reminderWork, job, stopping);
  else await sendWith(deps, appPushWork, job, stopping);
}

async function sendWith<O extends Owed>(
  deps: DeliveryDeps,
  work: ChannelWork<O>,
  job: Jobs['send'],
  stopping: AbortSignal,
): Promise<void> {
  const batch = await deps.db.transaction().execute((trx) => claimBatch(trx, job));
  if (batch !== undefined) {
    const owed = await work.loadOwed(deps, batch);
    const run = new BatchRun(deps, work, batch);
    const done = await run.send(owed, stopping);
    if (done) await deps.db.transaction().execute((trx) => run.end(trx));
    else if (stopping.aborted) await deps.db.transaction().execute((trx) => run.handBack(trx));
  }
  await finishPush(deps, job.pushId);
}

/** One attempt at a batch: windows of recipients, each marked, sent, and written down before the next. */
class BatchRun<O extends Owed> {
  readonly #deps: DeliveryDeps;
  readonly #work: ChannelWork<O>;
  readonly #batch: Batch;
  /** The longest wait that an answer of this attempt asked for, ms; undefined when nobody is to be tried again. */
  #retryAfterMs: number | undefined;

  constructor(deps: DeliveryDeps, work: ChannelWork<O>, batch: Batch) {
    this.#deps = deps;
    this.#work = work;
    this.#batch = batch;
  }

  /** False when it ended early: another owner, a paused channel, or a stop. */
  async send(owed: readonly O[], stopping: AbortSignal): Promise<boolean> {
    const windows = inWindows(owed, windowSize);
    const [first] = windows;
    if (first !== undefined && !(await this.#mark(this.#deps.db, first))) return false;
    for (const [index, window] of windows.entries()) {
      const results = await this.#sendWindow(window);
      const next = stopping.aborted ? undefined : windows[index + 1];
      const goOn = await this.#deps.db.transaction().execute((trx) => this.#write(trx, results, next));
      if (!goOn) return false;
      if (next === undefined && index + 1 < windows.length) return false;
    }
    return true;
  }

  /** Whoever is to be tried again is, after a while; otherwise the batch is finished. */
  async end(trx: Trx): Promise<void> {
    const { pushId, channel, batchNo } = this.#batch;
    await finishBatch(trx, this.#batch, this.#deps.clock.now());
    await tellChanged(trx, pushId);
    if (this.#retryAfterMs === undefined) return;
    // Waits pass by the machine's clock: moving the demo's clock does not make a mail server recover.
    const runAt = new Date(Date.now() + this.#retryAfterMs);
    await enqueue(trx, 'send', { pushId, channel, batchNo }, { key: sendKey(this.#batch), runAt, priority: batchNo });
  }

  /** This process stops: another one, or this one when it is back, goes on with who is still owed. */
  async handBack(trx: Trx): Promise<void> {
    const { pushId, channel, batchNo } = this.#batch;
    await enqueue(trx, 'send', { pushId, channel, batchNo }, { key: sendKey(this.#batch), priority: batchNo });
  }

  #mark(db: DeliveryDeps['db'] | Trx, window: readonly O[] | undefined): Promise<boolean> {
    const first = window?.[0];
    const last = window?.at(-1);
    const range = first && last ? { first: first.customerId, last: last.customerId } : null;
    return markInFlight(db, this.#batch, range);
  }

  async #sendWindow(window: readonly O[]): Promise<{ owed: O; answer: Answer }[]> {
    const results: { owed: O; answer: Answer }[] = [];
    const rest = window.values();
    const lane = async () => {
      for (const owed of rest) {
        results.push({ owed, answer: await this.#work.deliver(this.#deps, this.#batch, owed) });
      }
    };
    const lanes = Math.min(this.#work.inFlight(this.#deps), window.length);
    await Promise.all(Array.from({ length: lanes }, lane));
    return results;
  }

  /** Results, counters and what is in flight next: one transaction, so the books always add up. */
  async #write(
    trx: Trx,
    results: readonly { owed: O; answer: Answer }[],
    next: readonly O[] | undefined,
  ): Promise<boolean> {
    if (!(await this.#mark(trx, next))) return false;
    const now = this.#deps.clock.now();
    const learned: { owed: O; answer: Answer; outcome: Outcome }[] = [];
    let ours: string | undefined;
    for (const { owed, answer } of results) {
      const outcome = outcomeOf(owed, answer, this.#deps.retryDelaysMs);
      if (isOurs(outcome)) ours = outcome.ours;
      else learned.push({ owed, answer, outcome });
    }
    const outcomes = learned.map(({ outcome }) => outcome);
    for (const { state, afterMs } of outcomes) {
      if (state === 'retry') this.#retryAfterMs = Math.max(this.#retryAfterMs ?? 0, afterMs);
    }
    await this.#work.learn(trx, this.#batch, learned, now);
    const paused = await writeOutcomes(trx, this.#batch, outcomes, now);
    await tellChanged(trx, this.#batch.pushId);
    if (ours === undefined) return paused === null;
    await pauseAndTell(trx, this.#deps, this.#batch, ours);
    await this.#mark(trx, undefined);
    return false;
  }
}

function inWindows<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}

async function pauseAndTell(trx: Trx, { clock, logger }: DeliveryDeps, batch: Batch, reason: string): Promise<void> {
  if (!(await pauseChannel(trx, batch, reason))) return;
  const { pushId, channel } = batch;
  logger.error({ pushId, channel, reason }, 'a channel of a push was paused: the refusal is about us');
  await recordEvent(trx, { pushId, kind: 'paused', detail: { channel, reason }, happenedAt: clock.now() });
}
