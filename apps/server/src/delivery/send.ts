import { setTimeout as wait } from 'node:timers/promises';
import type { Answer } from '../channels/answer.ts';
import type { Trx } from '../db/database.ts';
import { lasting } from '../db/transient.ts';
import { recordEvent } from '../features/pushes/events.ts';
import { enqueue, isOutranked, type SendJob, sendKey, sendName } from '../jobs/enqueue.ts';
import { appPushWork } from './app-push-work.ts';
import type { ChannelWork, Owed } from './channel-work.ts';
import type { DeliveryDeps } from './deps.ts';
import { emailWork } from './email-work.ts';
import { finishPush } from './finish.ts';
import { countDoubt, Pace } from './pace.ts';
import { reminderWork } from './reminder-work.ts';
import { isOurs, type Outcome, outcomeOf, sendPriority, storable } from './rules.ts';
import {
  type Batch,
  claimBatch,
  finishBatch,
  keepRefusals,
  markInFlight,
  pauseChannel,
  writeOutcomes,
} from './send-db.ts';

/** So often it is asked whether other batches go first. */
const turnMs = 300;
/** Whoever gave way stays away for so long: those that come first come one by one, and each time all is read anew. */
const awayMs = 1000;
/** What is known of those who are owed a message holds for so long: they may refuse it meanwhile. */
const knownForMs = 2000;
/** Results are written this often, also within a window. */
const writeEveryMs = 500;

const takesAndIsSilent = 'it takes messages and goes away, or is silent, without saying so';

/** Sends one batch of one channel; what is not begun when it ends early is handed back. */
export async function sendBatch(deps: DeliveryDeps, job: SendJob, stopping: AbortSignal): Promise<void> {
  if (job.channel === 'email') await sendWith(deps, emailWork, job, stopping);
  else if (job.channel === 'reminder') await sendWith(deps, reminderWork, job, stopping);
  else await sendWith(deps, appPushWork, job, stopping);
}

async function sendWith<O extends Owed>(
  deps: DeliveryDeps,
  work: ChannelWork<O>,
  job: SendJob,
  stopping: AbortSignal,
): Promise<void> {
  const inTransaction = transactions(deps, stopping);
  const run = await inTransaction(async (trx) => {
    const batch = await claimBatch(trx, job);
    if (batch === undefined) return undefined;
    const begun = new BatchRun(deps, work, batch, inTransaction);
    await begun.begin(trx);
    return begun;
  });
  await run?.send(stopping);
  await lasting(() => finishPush(deps, job.pushId), { stopping, log: deps.logger });
}

type InTransaction = <T>(work: (trx: Trx) => Promise<T>) => Promise<T>;

/**
 * Transactions that outlast the database's absence. What the other side answered is known nowhere else: it is kept until it
 * can be written, or another process owns the batch, rather than sending to everyone of a window again.
 */
function transactions({ db, logger }: DeliveryDeps, stopping: AbortSignal): InTransaction {
  return (work) => lasting(() => db.transaction().execute(work), { stopping, log: logger });
}

interface Heard<O> {
  owed: O;
  answer: Answer;
}

/**
 * Whom a transaction of a batch says to be in flight: the next ones, the same ones still, or nobody, as these were the last or
 * it ends early.
 */
type InFlight = 'next' | 'still in flight' | 'the last' | 'nobody more';

/** One attempt at a batch: windows of recipients, each marked, sent, and written down before the next. */
class BatchRun<O extends Owed> {
  readonly #deps: DeliveryDeps;
  readonly #work: ChannelWork<O>;
  readonly #batch: Batch;
  /** The longest wait that an answer of this attempt asked for, ms; undefined when nobody is to be tried again. */
  #retryAfterMs: number | undefined;
  /** When those can be sent to who may not be now. */
  #heldUntil: Date | undefined;

  readonly #inTransaction: InTransaction;
  /** What went wrong here, and not on the other side. */
  #failure: { error: unknown } | undefined;
  /** How long it lately was to write answers down. */
  #writeMs = 0;
  #turnEnds = performance.now() + turnMs;
  /** Others come first: what is left of the batch is done later. */
  #gaveWay = false;
  /** Who is owed a message, and may get it now, as it was at this moment. */
  #owed: O[] = [];
  #knownAt = 0;
  /** Those of them who are marked as in flight before the first is sent. */
  #first: O[] = [];
  readonly #pace: Pace;
  /** Answers that are not written yet. */
  readonly #heard: Heard<O>[] = [];

  constructor(deps: DeliveryDeps, work: ChannelWork<O>, batch: Batch, inTransaction: InTransaction) {
    this.#deps = deps;
    this.#work = work;
    this.#batch = batch;
    this.#inTransaction = inTransaction;
    this.#pace = new Pace(work.channel, work.inFlight(deps));
  }

  /** In the transaction that claims the batch: who is owed, and that the first of them are in flight. */
  async begin(trx: Trx): Promise<void> {
    this.#owed = await this.#loadOwed(trx, this.#batch.from);
    this.#first = this.#window(0);
    if (this.#first.length > 0) await this.#mark(trx, this.#first);
    else await this.#end(trx);
  }

  async #loadOwed(trx: Trx, from: number): Promise<O[]> {
    this.#knownAt = performance.now();
    return (await this.#work.loadOwed(trx, { ...this.#batch, from })).filter((one) => !this.#isHeld(one));
  }

  /** Reads again, when that was long ago, who is owed a message of those whose turn has not come. False when it failed. */
  async #readRestAnew(sent: number): Promise<boolean> {
    const last = this.#owed[sent - 1];
    if (last === undefined || performance.now() - this.#knownAt < knownForMs) return true;
    try {
      const rest = await this.#inTransaction((trx) => this.#loadOwed(trx, last.customerId + 1));
      this.#owed.splice(sent, Number.POSITIVE_INFINITY, ...rest);
      return true;
    } catch (error) {
      this.#failure ??= { error };
      return false;
    }
  }

  #window(from: number): O[] {
    return this.#owed.slice(from, from + this.#pace.window);
  }

  /** Until it is done, or ends early: another owner, a paused channel, others that come first, or a stop. */
  async send(stopping: AbortSignal): Promise<void> {
    let window = this.#first;
    for (let sent = window.length; window.length > 0; sent += window.length) {
      const began = performance.now();
      const complete = await this.#sendWindow(window, stopping);
      this.#pace.took(window.length, { sendMs: performance.now() - began, writeMs: this.#writeMs });
      const isOver = !complete || stopping.aborted || sent === this.#owed.length;
      const ends = isOver || (await this.#givesWay()) || !(await this.#readRestAnew(sent));
      const next = ends ? [] : this.#window(sent);
      const end = complete && sent === this.#owed.length ? 'the last' : 'nobody more';
      const goOn = await this.#writeHeard(next, next.length > 0 ? 'next' : end);
      // Not before what the others were answered is written.
      if (this.#failure !== undefined) throw this.#failure.error;
      if (!goOn) return;
      window = next;
    }
  }

  /** A push's first batches go before any other's later ones, also when they come while those are sent. */
  async #givesWay(): Promise<boolean> {
    // Handed back it would be begun again at once, and whoever is to be tried again with it.
    if (performance.now() < this.#turnEnds || this.#retryAfterMs !== undefined) return false;
    this.#turnEnds = performance.now() + turnMs;
    const { channel, pushId } = this.#batch;
    const priority = sendPriority(this.#batch);
    this.#gaveWay = await this.#inTransaction((trx) =>
      isOutranked(trx, { names: [sendName(channel)], priority, pushId }),
    );
    return this.#gaveWay;
  }

  /** Whoever is to be tried again is, after a while; otherwise the batch is finished. */
  async #end(trx: Trx): Promise<void> {
    const { pushId, channel, batchNo } = this.#batch;
    await finishBatch(trx, this.#batch, this.#deps.clock.now());
    const runAt = this.#nextAttempt();
    if (runAt === undefined) return;
    await enqueue(
      trx,
      sendName(channel),
      { pushId, channel, batchNo },
      { key: sendKey(this.#batch), runAt, priority: sendPriority(this.#batch) },
    );
  }

  /** Whoever is tried again does not wait for those who are held. */
  #nextAttempt(): Date | undefined {
    // Waits pass by the machine's clock: moving the demo's clock does not make a mail server recover.
    if (this.#retryAfterMs !== undefined) return new Date(Date.now() + this.#retryAfterMs);
    return this.#heldUntil && this.#deps.clock.machineTime(this.#heldUntil);
  }

  #isHeld(owed: O): boolean {
    const until = this.#work.heldUntil?.(this.#deps, owed) ?? null;
    if (until !== null) this.#heldUntil = until;
    return until !== null;
  }

  /**
   * Another process, or this one later, goes on with who is still owed. By the owner alone, and where it says that nobody is in
   * flight any more: a second job would send to those who are.
   */
  async #handBack(trx: Trx): Promise<void> {
    const { pushId, channel, batchNo } = this.#batch;
    const runAt = this.#gaveWay ? { runAt: new Date(Date.now() + awayMs) } : {};
    await enqueue(
      trx,
      sendName(channel),
      { pushId, channel, batchNo },
      { key: sendKey(this.#batch), priority: sendPriority(this.#batch), ...runAt },
    );
  }

  #mark(trx: Trx, window: readonly O[]): Promise<boolean> {
    const first = window[0];
    const last = window.at(-1);
    const range = first && last ? { first: first.customerId, last: last.customerId } : null;
    return markInFlight(trx, this.#batch, range);
  }

  /** False when it ended early: the process stops, or the batch is not ours, or the channel was paused. */
  async #sendWindow(window: readonly O[], stopping: AbortSignal): Promise<boolean> {
    const rest = window.values();
    const patience = { stopping, log: this.#deps.logger };
    let goOn = true;
    const lane = async () => {
      for (const owed of rest) {
        // Nobody else is begun with then; whoever was gets to the end.
        if (stopping.aborted) goOn = false;
        if (!goOn) return;
        // The quiet hours may begin while a batch is sent.
        if (this.#isHeld(owed)) continue;
        try {
          // What it throws is the database's trouble, before anything was sent.
          const answer = await lasting(() => this.#work.deliver(this.#deps, this.#batch, owed), patience);
          if (answer.kind === 'retry' && answer.untried) {
            goOn = false;
            return;
          }
          this.#heard.push({ owed, answer: storable(answer) });
        } catch (error) {
          goOn = false;
          this.#failure ??= { error };
        }
      }
    };
    const lanes = Math.min(this.#work.inFlight(this.#deps), window.length);
    const sending = Promise.all(Array.from({ length: lanes }, lane)).then(() => true);
    // What a slow server has answered is written while it is at it: a crash then doubts few, and people see it go on.
    while (!(await Promise.race([sending, wait(writeEveryMs, false, { ref: false })]))) {
      if (!goOn || this.#heard.length === 0) continue;
      const written = await this.#writeHeard(window, 'still in flight').catch((error: unknown) => {
        this.#failure ??= { error };
        return false;
      });
      // Meanwhile somebody's turn may not have come.
      goOn &&= written;
    }
    return goOn;
  }

  /** Writes what was answered since, and who is in flight from now on. */
  async #writeHeard(next: readonly O[], are: InFlight): Promise<boolean> {
    const heard = this.#heard.splice(0);
    const silent = this.#isSilent(heard);
    const began = performance.now();
    const goOn = await this.#inTransaction((trx) => this.#write(trx, { heard, silent, next, are }));
    this.#deps.watchers.changed(this.#batch.pushId);
    this.#writeMs = performance.now() - began;
    return goOn;
  }

  /** Was no answer heard so often in a row that the channel is to be paused? Counted once, however long writing takes. */
  #isSilent(heard: readonly Heard<O>[]): boolean {
    const most = this.#work.mostDoubts ?? Number.POSITIVE_INFINITY;
    return heard.map(({ answer }) => countDoubt(this.#batch.channel, answer)).some((doubts) => doubts >= most);
  }

  /** Results, counters and what is in flight next: one transaction, so the books always add up. */
  async #write(
    trx: Trx,
    { heard, silent, next, are }: { heard: readonly Heard<O>[]; silent: boolean; next: readonly O[]; are: InFlight },
  ): Promise<boolean> {
    if (!(await this.#mark(trx, next))) return false;
    const now = this.#deps.clock.now();
    const learned: { owed: O; answer: Answer; outcome: Outcome }[] = [];
    const refusals: { customerId: number; reason: string }[] = [];
    let ours = silent ? takesAndIsSilent : undefined;
    for (const { owed, answer } of heard) {
      const outcome = outcomeOf(owed, answer, this.#deps.retryDelaysMs);
      if (isOurs(outcome)) ours = outcome.ours;
      else learned.push({ owed, answer, outcome });
      if (answer.kind === 'ours' && answer.perhapsTheirs) refusals.push({ ...owed, reason: answer.reason });
    }
    const outcomes = learned.map(({ outcome }) => outcome);
    for (const { state, afterMs } of outcomes) {
      if (state === 'retry') this.#retryAfterMs = Math.max(this.#retryAfterMs ?? 0, afterMs);
    }
    await this.#work.learn(trx, this.#batch, learned, now);
    const paused = await writeOutcomes(trx, this.#batch, outcomes, now);
    const isPaused =
      paused !== null || (ours !== undefined && (await pauseAndTell(trx, this.#deps, this.#batch, ours)));
    await keepRefusals(trx, this.#batch, refusals);
    const goesOn = ours === undefined && !isPaused;
    if (are === 'still in flight' || (are === 'next' && goesOn)) return goesOn;
    if (are === 'next') await this.#mark(trx, []);
    if (are === 'the last' && goesOn) await this.#end(trx);
    else if (!isPaused && this.#failure === undefined) await this.#handBack(trx);
    return goesOn;
  }
}

/** False when the batch began before the channel was paused and let go on: what it was told is of the time before. */
async function pauseAndTell(trx: Trx, { clock, logger }: DeliveryDeps, batch: Batch, reason: string): Promise<boolean> {
  if (!(await pauseChannel(trx, batch, reason))) return false;
  const { pushId, channel } = batch;
  logger.error({ pushId, channel, reason }, 'a channel of a push was paused: the refusal is about us');
  await recordEvent(trx, { pushId, kind: 'paused', detail: { channel, reason }, happenedAt: clock.now() });
  return true;
}
