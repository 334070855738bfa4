import type { Answer, Channel } from '../answer.ts';
import { Evidence } from '../evidence.ts';
import { type Http2Response, Http2Sessions, NoAnswer, NotTried } from '../http2-sessions.ts';
import { type Adjustable, noLimit, type Permits, untried } from '../permits.ts';
import { UnderWay } from '../under-way.ts';
import { AccessTokens, NoAccessToken } from './access-token.ts';
import { classifyFcm } from './classify.ts';
import { type OutgoingFcm, withToken, writePayload } from './message.ts';
import type { ServiceAccount } from './service-account.ts';

export interface FcmChannelOptions {
  account: ServiceAccount;
  /** Messages under way at once; default 200. */
  concurrency?: number;
  /** For a whole request; default 30 s. */
  timeoutMs?: number;
  /** HTTP/2 connections; default 2. */
  connections?: number;
  /** Another server than Google's, and the certificate it is believed by: a test's. */
  server?: { origin: string; ca: string };
  /** What weighs refusals; a test's has a clock of its own. */
  evidence?: Evidence;
  /** By whose leave messages are sent; default everyone's. */
  permits?: Permits;
}

const google = 'https://fcm.googleapis.com';

/** Sends app pushes to native apps by FCM HTTP v1. */
export function createFcmChannel(options: FcmChannelOptions): Channel<OutgoingFcm> & Adjustable {
  const { concurrency = 200, connections = 2 } = options;
  const sender = new Sender(options);
  const underWay = new UnderWay();
  return {
    inFlight: concurrency,
    usual: { connections, messagesPerConnection: Number.POSITIVE_INFINITY },
    send: (push) => underWay.follow(sender.send(push)),
    allow: (allowance, patienceMs = Number.POSITIVE_INFINITY) => sender.allow(allowance.connections, patienceMs),
    close: async (patienceMs = Number.POSITIVE_INFINITY) => {
      sender.end();
      await underWay.end(patienceMs);
      // Whoever is at something by now was given up.
      await sender.close();
    },
  };
}

class Sender {
  readonly #tokens: AccessTokens;
  readonly #sessions: Http2Sessions;
  readonly #path: string;
  readonly #evidence: Evidence;

  constructor({ account, timeoutMs = 30_000, connections = 2, server, evidence, permits }: FcmChannelOptions) {
    this.#evidence = evidence ?? new Evidence();
    this.#path = `/v1/projects/${encodeURIComponent(account.projectId)}/messages:send`;
    this.#tokens = new AccessTokens(account, { ca: server?.ca, timeoutMs });
    const origin = server?.origin ?? google;
    const limits = { connections, permits: permits ?? noLimit };
    this.#sessions = new Http2Sessions({ origin, ca: server?.ca, connectTimeoutMs: 10_000, timeoutMs, ...limits });
  }

  async send(push: OutgoingFcm): Promise<Answer> {
    const payload = writePayload(push);
    if (payload === null) return { kind: 'failed', reason: 'the payload is too big' };
    try {
      const { status, headers, text } = await this.#post(withToken(payload, push.token));
      return this.#classify(push, { status, retryAfter: headers['retry-after']?.toString(), text });
    } catch (error) {
      if (error instanceof NoAccessToken) return error.answer;
      if (error instanceof NotTried) return untried;
      const inDoubt = !(error instanceof NoAnswer) || error.inDoubt;
      return { kind: 'retry', reason: error instanceof Error ? error.message : String(error), inDoubt };
    }
  }

  async allow(connections: number, patienceMs: number): Promise<void> {
    await this.#sessions.allow(connections, patienceMs);
  }

  end(): void {
    this.#sessions.end();
  }

  async close(): Promise<void> {
    await Promise.all([this.#sessions.close(0), this.#tokens.close()]);
  }

  #classify(push: OutgoingFcm, response: { status: number; retryAfter: string | undefined; text: string }): Answer {
    const { title, body, url } = push.message;
    const payload = `payload ${push.tag}\n${title}\n${body}\n${url}`;
    const answer = classifyFcm(response, new Date(), {
      payload: () => this.#evidence.refused(payload, push.customerId),
      project: () => this.#evidence.refused('project', push.customerId),
    });
    if (answer.kind === 'sent') {
      this.#evidence.taken(payload);
      this.#evidence.taken('project');
    }
    return answer;
  }

  /** What has come to nothing for certain is sent once more: by a new access token, or over another connection. */
  async #post(body: string): Promise<Http2Response> {
    const token = await this.#tokens.get();
    const first = await this.#postWith(token, body).catch((error: unknown) => {
      if (error instanceof NoAnswer && !error.inDoubt) return undefined;
      throw error;
    });
    if (first === undefined) return await this.#postWith(token, body);
    if (first.status !== 401 || first.text.includes('THIRD_PARTY_AUTH_ERROR')) return first;
    this.#tokens.refused(token);
    return await this.#postWith(await this.#tokens.get(), body);
  }

  async #postWith(token: string, body: string): Promise<Http2Response> {
    const headers = { ':path': this.#path, authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return await this.#sessions.post(headers, body);
  }
}
