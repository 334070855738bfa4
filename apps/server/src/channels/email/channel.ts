import { setTimeout as wait } from 'node:timers/promises';
import { asciiAddress } from '../../lib/email-address.ts';
import type { Answer, Channel } from '../answer.ts';
import { Lane } from './lane.ts';
import { parseSmtpUrl } from './smtp-url.ts';

/** A complete message and its envelope; `raw` has CRLF line ends and is not dot-stuffed. */
export interface OutgoingEmail {
  from: string;
  to: string;
  raw: Buffer;
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
}

/** While a server cannot be reached: waits between attempts to connect, whatever is to be sent. */
const firstWaitMs = 500;
const longestWaitMs = 30_000;

/**
 * Sends e-mail to one SMTP server over connections that are kept and used again. While the server cannot be reached
 * messages wait, up to half a minute each, so that an outage uses up few attempts.
 * @throws RangeError when the URL is none.
 */
export function createEmailChannel(options: EmailChannelOptions): Channel<OutgoingEmail> {
  const { connections = 4, messagesPerConnection = 1000, timeouts = {} } = options;
  const { connectMs = 20_000, replyMs = 300_000 } = timeouts;
  const server = parseSmtpUrl(options.url);
  const limits = {
    messagesPerConnection,
    options: {
      connectionTimeout: connectMs,
      greetingTimeout: connectMs,
      dnsTimeout: connectMs,
      socketTimeout: replyMs,
    },
  };
  const lanes = Array.from({ length: connections }, () => new Lane(server, limits));
  return new EmailChannel(lanes);
}

class EmailChannel implements Channel<OutgoingEmail> {
  readonly inFlight: number;
  readonly #lanes: readonly Lane[];
  /** Those not in use; the last one used comes first, so that few connections carry a light load. */
  readonly #idle: Lane[];
  readonly #waiting: ((lane: Lane) => void)[] = [];
  readonly #closing = new AbortController();
  #underWay = 0;
  #onQuiet: (() => void) | undefined;
  #backOff = { waitMs: 0, until: 0 };

  constructor(lanes: readonly Lane[]) {
    this.#lanes = lanes;
    // Each twice: while a message is answered the next one is on its way.
    this.#idle = [...lanes, ...lanes];
    this.inFlight = this.#idle.length;
  }

  async send(email: OutgoingEmail): Promise<Answer> {
    const from = asciiAddress(email.from);
    const to = asciiAddress(email.to);
    if (from === null) return { kind: 'ours', reason: 'the sender is not an e-mail address' };
    // As a server would say it, 5.1.3: bad destination mailbox address syntax.
    if (to === null) return { kind: 'failed', reason: '5.1.3 not an e-mail address', hardBounce: true };
    this.#underWay += 1;
    const lane = this.#idle.pop() ?? (await new Promise<Lane>((resolve) => this.#waiting.push(resolve)));
    try {
      return await this.#sendOver(lane, { from, to, raw: email.raw });
    } catch (error) {
      // Not reached by anything known. In doubt, as nothing tells how far it got.
      return { kind: 'retry', reason: error instanceof Error ? error.message : String(error), inDoubt: true };
    } finally {
      this.#release(lane);
    }
  }

  async #sendOver(lane: Lane, email: OutgoingEmail): Promise<Answer> {
    const waitMs = this.#backOff.until - performance.now();
    if (waitMs > 0 && !lane.isOpen) await wait(waitMs, undefined, { signal: this.#closing.signal }).catch(() => {});
    if (this.#closing.signal.aborted && !lane.isOpen) {
      return { kind: 'retry', reason: 'the channel is being closed', inDoubt: false };
    }
    const { answer, connectFailed } = await lane.send(email);
    if (connectFailed) this.#lengthenBackOff();
    else this.#backOff = { waitMs: 0, until: 0 };
    return answer;
  }

  /** Lanes that fail together count once. */
  #lengthenBackOff(): void {
    if (this.#backOff.until > performance.now()) return;
    const waitMs = Math.min(longestWaitMs, Math.max(firstWaitMs, this.#backOff.waitMs * 2));
    this.#backOff = { waitMs, until: performance.now() + waitMs };
  }

  #release(lane: Lane): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(lane);
    else next(lane);
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#onQuiet?.();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    if (this.#underWay > 0) await new Promise<void>((resolve) => (this.#onQuiet = resolve));
    for (const lane of this.#lanes) lane.close();
  }
}
