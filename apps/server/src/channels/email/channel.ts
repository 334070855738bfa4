import { setTimeout as wait } from 'node:timers/promises';
import { asciiAddress } from '../../lib/email-address.ts';
import type { Answer, Channel } from '../answer.ts';
import { Evidence } from '../evidence.ts';
import { type Adjustable, type Allowance, noLimit, type Permits, untried } from '../permits.ts';
import { inTime } from '../under-way.ts';
import { Lane, type LaneLimits } from './lane.ts';
import { Lanes } from './lanes.ts';
import { parseSmtpUrl } from './smtp-url.ts';

/** A complete message and its envelope; `raw` has CRLF line ends and is not dot-stuffed. */
export interface OutgoingEmail {
  from: string;
  to: string;
  raw: Buffer;
  /** The same recipient was refused as if it were about us, and the operator has seen to that since. */
  refusedBefore?: boolean;
}

export interface EmailChannelOptions {
  /** smtp-url.ts */
  url: string;
  /** How many connections are kept open at most; default 4. */
  connections?: number;
  /** A connection is closed and opened anew after so many; default 1000. */
  messagesPerConnection?: number;
  timeouts?: {
    /** To be connected, greeted and secured; default 20 s. */
    connectMs?: number;
    /** For every reply; default 5 minutes, as RFC 5321 4.5.3.2 has it: a shorter one makes doubtful messages. */
    replyMs?: number;
  };
  /** What weighs refusals; a test's has a clock of its own. */
  evidence?: Evidence;
  /** By whose leave messages are sent; default everyone's. */
  permits?: Permits;
}

/** What evidence is about: there is one server. */
const theServer = 'mail server';
/** A little longer than evidence takes to settle. */
const weighedWithinMs = 6_000;

/** While a server cannot be reached: waits between attempts to connect, whatever is to be sent. */
const firstWaitMs = 500;
const longestWaitMs = 30_000;

/**
 * Sends e-mail to one SMTP server over connections that are kept and used again. While the server cannot be reached
 * messages wait, up to half a minute each, so that an outage uses up few attempts.
 * @throws RangeError when the URL is none.
 */
export function createEmailChannel(options: EmailChannelOptions): Channel<OutgoingEmail> & Adjustable {
  const { connections = 4, messagesPerConnection = 1000, timeouts = {} } = options;
  const { connectMs = 20_000, replyMs = 300_000 } = timeouts;
  const server = parseSmtpUrl(options.url);
  const connection = {
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    dnsTimeout: connectMs,
    socketTimeout: replyMs,
  };
  const limits = { messagesPerConnection };
  const lanes = new Lanes(() => new Lane(server, limits, connection), connections);
  const { evidence = new Evidence(), permits = noLimit } = options;
  return new EmailChannel({ lanes, limits, usual: { connections, messagesPerConnection }, evidence, permits });
}

interface EmailChannelParts {
  lanes: Lanes;
  limits: LaneLimits;
  usual: Required<Allowance>;
  evidence: Evidence;
  permits: Permits;
}

class EmailChannel implements Channel<OutgoingEmail>, Adjustable {
  readonly usual: Required<Allowance>;
  readonly #lanes: Lanes;
  readonly #limits: LaneLimits;
  readonly #closing = new AbortController();
  #backOff = { waitMs: 0, until: 0 };
  readonly #evidence: Evidence;
  readonly #permits: Permits;

  constructor({ lanes, limits, usual, evidence, permits }: EmailChannelParts) {
    this.usual = usual;
    this.#lanes = lanes;
    this.#limits = limits;
    this.#evidence = evidence;
    this.#permits = permits;
  }

  get inFlight(): number {
    return Math.max(1, this.#lanes.places);
  }

  async send(email: OutgoingEmail): Promise<Answer> {
    const from = asciiAddress(email.from);
    const to = asciiAddress(email.to);
    if (from === null) return { kind: 'ours', reason: 'the sender is not an e-mail address' };
    // As a server would say it, 5.1.3: bad destination mailbox address syntax.
    if (to === null) return { kind: 'failed', reason: '5.1.3 not an e-mail address', hardBounce: true };
    const place = await this.#lanes.take();
    if (place === undefined) return untried;
    try {
      const answer = await this.#sendOver(place.lane, { from, to, raw: email.raw });
      return await this.#weigh(email.refusedBefore ? asTheirs(answer) : answer, to);
    } catch (error) {
      // Not reached by anything known. In doubt, as nothing tells how far it got.
      return { kind: 'retry', reason: error instanceof Error ? error.message : String(error), inDoubt: true };
    } finally {
      place.giveBack();
    }
  }

  async #sendOver(lane: Lane, email: OutgoingEmail): Promise<Answer> {
    const waitMs = this.#backOff.until - performance.now();
    if (waitMs > 0 && !lane.isOpen) await wait(waitMs, undefined, { signal: this.#closing.signal }).catch(() => {});
    if (this.#closing.signal.aborted && !lane.isOpen) return untried;
    if (!(await this.#permits.take())) return untried;
    const { answer, connectFailed } = await lane.send(email);
    if (connectFailed) this.#lengthenBackOff();
    else this.#backOff = { waitMs: 0, until: 0 };
    return answer;
  }

  /**
   * A server that refuses everybody, and does not say what is wrong with them, refuses us (554 above all). Until somebody is
   * taken, or enough were refused, the answer waits for which of the two it is.
   */
  async #weigh(answer: Answer, to: string): Promise<Answer> {
    if (answer.kind === 'sent') this.#evidence.taken(theServer);
    if (answer.kind !== 'failed' || !answer.vague) return answer;
    const { reason } = answer;
    const until = performance.now() + weighedWithinMs;
    for (;;) {
      const verdict = this.#evidence.refused(theServer, to);
      if (verdict === 'us') return { kind: 'ours', reason };
      if (verdict === 'device' || performance.now() > until) return answer;
      if (this.#closing.signal.aborted) return { kind: 'retry', reason, inDoubt: false };
      await wait(50, undefined, { signal: this.#closing.signal }).catch(() => {});
    }
  }

  /** Lanes that fail together count once. */
  #lengthenBackOff(): void {
    if (this.#backOff.until > performance.now()) return;
    const waitMs = Math.min(longestWaitMs, Math.max(firstWaitMs, this.#backOff.waitMs * 2));
    this.#backOff = { waitMs, until: performance.now() + waitMs };
  }

  async allow(allowance: Allowance, patienceMs = Number.POSITIVE_INFINITY): Promise<void> {
    this.#limits.messagesPerConnection = allowance.messagesPerConnection ?? this.usual.messagesPerConnection;
    const shrunk = this.#lanes.allow(allowance.connections);
    if (await inTime(shrunk, patienceMs)) return;
    this.#lanes.abandon('not allowed');
    await shrunk;
  }

  async close(patienceMs = Number.POSITIVE_INFINITY): Promise<void> {
    this.#closing.abort();
    const quiet = this.#lanes.end();
    if (!(await inTime(quiet, patienceMs))) {
      this.#lanes.abandon('all');
      await quiet;
    }
    this.#lanes.close();
  }
}

/** Whoever is refused again when we have put our things right has it from a server of their own, unless all are. */
function asTheirs(answer: Answer): Answer {
  return answer.kind === 'ours' && answer.perhapsTheirs
    ? { kind: 'failed', reason: answer.reason, vague: true }
    : answer;
}
