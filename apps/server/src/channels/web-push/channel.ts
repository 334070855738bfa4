import { request } from 'undici';
import webPush from 'web-push';
import type { Answer, Channel } from '../answer.ts';
import { Evidence, type Verdict } from '../evidence.ts';
import { NoAnswer, NotTried } from '../http2-sessions.ts';
import { type Adjustable, noLimit, type Permits, untried } from '../permits.ts';
import { UnderWay } from '../under-way.ts';
import { Agents } from './agents.ts';
import { classifyError, classifyStatus } from './classify.ts';
import { encryptMessage } from './encryption.ts';
import { Http2Services, isOneOf } from './http2-services.ts';
import { isPrivateHost, publicLookup } from './private-networks.ts';

/** One app push to one subscription. */
export interface OutgoingPush {
  /** Whose device it is. */
  customerId: number;
  subscription: { endpoint: string; p256dh: string; auth: string };
  /** Plain text, at most 3,993 bytes of UTF-8. */
  payload: string;
  /** A newer message of the same topic takes the place of an undelivered one; up to 32 base64url characters. */
  topic: string;
  ttlSeconds: number;
  urgency: 'very-low' | 'low' | 'normal' | 'high';
}

/** RFC 8292; keys as web-push and browsers write them, base64url. */
export interface VapidKeys {
  publicKey: string;
  privateKey: string;
}

export interface WebPushChannelOptions {
  /** `subject` is whom a push service writes to about us: `mailto:` or https. */
  vapid: VapidKeys & { subject: string };
  /** Requests under way at once; default 64. */
  concurrency?: number;
  /** For a whole request; default 30 s. */
  timeoutMs?: number;
  /**
   * Endpoints come from people's browsers, and are only ever called over https and outside of private networks. True
   * for a push service of one's own on loopback (tests, the demo).
   */
  allowPrivateNetworks?: boolean;
  /** Hosts, or `.ends` of hosts, whose word about us counts; default those of the browsers' makers. */
  trustedServices?: readonly string[];
  /** Those of them that speak HTTP/2, and by what certificate they are believed; default the makers' that do. */
  http2Services?: { hosts: readonly string[]; ca?: string };
  /** What weighs their refusals; a test's has a clock of its own. */
  evidence?: Evidence;
  /** By whose leave messages are sent; default everyone's. */
  permits?: Permits;
}

/**
 * Anybody can register an endpoint of their own and have it answer whatever they like. So what an unknown host says is
 * about that one subscription, never about us: it cannot pause a push's channel, nor hold up others for long.
 */
const makers: readonly string[] = [
  'fcm.googleapis.com',
  '.push.services.mozilla.com',
  '.push.apple.com',
  '.notify.windows.com',
];
/** WNS is not known to. */
const speakHttp2: readonly string[] = ['fcm.googleapis.com', '.push.services.mozilla.com', '.push.apple.com'];
const strangerTimeoutMs = 10_000;
const strangerWaitMs = 10 * 60_000;

export function generateVapidKeys(): VapidKeys {
  return webPush.generateVAPIDKeys();
}

/** Connections to each push service. */
const usual = 16;
const maxPayloadBytes = 3993;
/** A token is valid for 12 hours, and made anew an hour before. */
const tokenSeconds = 12 * 3600;
const renewAfterMs = (tokenSeconds - 3600) * 1000;

/**
 * Sends app pushes by standard Web Push (RFC 8030, 8291, 8292), for browsers and UnifiedPush apps.
 * @throws Error when the keys or the subject are none.
 */
export function createWebPushChannel(options: WebPushChannelOptions): Channel<OutgoingPush> & Adjustable {
  const { vapid, concurrency = 64, timeoutMs = 30_000, allowPrivateNetworks = false } = options;
  const trusted = options.trustedServices ?? makers;
  const evidence = options.evidence ?? new Evidence();
  const authorization = vapidAuthorization(vapid);
  // Throws now rather than at the first message.
  authorization('https://push.example');
  const agents = new Agents(usual, {
    connect: { timeout: 10_000, ...(allowPrivateNetworks ? {} : { lookup: publicLookup }) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const { permits = noLimit } = options;
  const underWay = new UnderWay();
  const { hosts = speakHttp2, ca } = options.http2Services ?? {};
  const lookup = allowPrivateNetworks ? undefined : publicLookup;
  const http2 = new Http2Services({ hosts, ca, lookup, connections: usual, timeoutMs, permits });
  const shared = { agents, http2, authorization, allowPrivateNetworks, timeoutMs, trusted, evidence, permits };
  return {
    inFlight: concurrency,
    usual: { connections: usual, messagesPerConnection: Number.POSITIVE_INFINITY },
    send: (push) => underWay.follow(send(push, shared)),
    allow: async ({ connections }, patienceMs = Number.POSITIVE_INFINITY) => {
      await Promise.all([agents.allow(connections, patienceMs), http2.allow(connections, patienceMs)]);
    },
    close: async (patienceMs = Number.POSITIVE_INFINITY) => {
      agents.end();
      http2.end();
      await underWay.end(patienceMs);
      // Whoever is at something by now was given up.
      await Promise.all([agents.destroy(), http2.close(0)]);
    },
  };
}

interface Sending {
  agents: Agents;
  http2: Http2Services;
  permits: Permits;
  authorization: (origin: string) => string;
  allowPrivateNetworks: boolean;
  timeoutMs: number;
  trusted: readonly string[];
  evidence: Evidence;
}

async function send(push: OutgoingPush, sending: Sending): Promise<Answer> {
  const { subscription } = push;
  const origin = endpointOrigin(subscription.endpoint, sending.allowPrivateNetworks);
  if (origin === null) return { kind: 'failed', reason: 'the endpoint is not one that is called' };
  if (Buffer.byteLength(push.payload) > maxPayloadBytes) return { kind: 'failed', reason: 'the payload is too big' };
  const body = encrypted(push);
  // Keys that nothing can be encrypted to: there is no use in keeping this subscription.
  if (body instanceof Error) return { kind: 'gone', reason: `unusable subscription: ${body.message}` };
  const headers = headersOf(push, sending.authorization(origin));
  const url = new URL(subscription.endpoint);
  const trusted = isOneOf(url.hostname, sending.trusted);
  const exchange = trusted && sending.http2.knows(url) ? overHttp2 : overUndici;
  const heard = await exchange({ url, headers, body, trusted }, sending);
  if ('kind' in heard) return heard;
  const answer = classifyStatus(heard, new Date());
  if (!trusted) return ofStranger(answer);
  if (answer.kind === 'sent') sending.evidence.taken(origin);
  return answer.kind === 'ours' ? weigh(answer, sending.evidence.refused(origin, push.customerId)) : answer;
}

interface Request {
  url: URL;
  headers: Record<string, string>;
  body: Buffer;
  trusted: boolean;
}

interface Heard {
  status: number;
  retryAfter: string | undefined;
  text: string;
}

async function overHttp2({ url, headers, body }: Request, { http2 }: Sending): Promise<Heard | Answer> {
  try {
    const { status, headers: answered, text } = await http2.post(url, headers, body);
    return { status, retryAfter: answered['retry-after']?.toString(), text };
  } catch (error) {
    if (error instanceof NotTried) return untried;
    if (error instanceof NoAnswer) return { kind: 'retry', reason: error.message, inDoubt: error.inDoubt };
    return classifyError(error);
  }
}

async function overUndici({ url, headers, body, trusted }: Request, sending: Sending): Promise<Heard | Answer> {
  const way = (await sending.permits.take()) ? await sending.agents.take() : undefined;
  if (way === undefined) return untried;
  try {
    const timeoutMs = trusted ? sending.timeoutMs : Math.min(sending.timeoutMs, strangerTimeoutMs);
    const response = await request(url, {
      method: 'POST',
      headers,
      body,
      dispatcher: way.dispatcher,
      signal: AbortSignal.any([way.ended, AbortSignal.timeout(timeoutMs)]),
    });
    const retryAfter = response.headers['retry-after'];
    const text = await beginning(response.body);
    return { status: response.statusCode, retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter, text };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPRIVATE') {
      return { kind: 'failed', reason: error.message };
    }
    return classifyError(error);
  }
}

function ofStranger(answer: Answer): Answer {
  if (answer.kind === 'ours') return { kind: 'failed', reason: answer.reason };
  // A batch comes again when its longest wait is over.
  if (answer.kind === 'retry' && answer.afterMs !== undefined) {
    return { ...answer, afterMs: Math.min(answer.afterMs, strangerWaitMs) };
  }
  return answer;
}

/** Even a known service refuses a single subscription, such as one that was made with another key than it says. */
function weigh(answer: Answer & { kind: 'ours' }, verdict: Verdict): Answer {
  if (verdict === 'us') return answer;
  const { reason } = answer;
  return verdict === 'device' ? { kind: 'failed', reason } : { kind: 'retry', reason, inDoubt: false };
}

/** What an answer begins with; an endpoint may send without end. */
async function beginning(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= 1000) break;
  }
  return Buffer.concat(chunks).toString().slice(0, 1000);
}

function endpointOrigin(endpoint: string, allowPrivateNetworks: boolean): string | null {
  if (!URL.canParse(endpoint)) return null;
  const { protocol, origin, hostname } = new URL(endpoint);
  if (allowPrivateNetworks) return protocol === 'https:' || protocol === 'http:' ? origin : null;
  return protocol === 'https:' && !isPrivateHost(hostname) ? origin : null;
}

function encrypted({ subscription, payload }: OutgoingPush): Buffer | Error {
  try {
    return encryptMessage(subscription, payload);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function headersOf({ topic, ttlSeconds, urgency }: OutgoingPush, authorization: string): Record<string, string> {
  return {
    ttl: String(ttlSeconds),
    topic,
    urgency,
    'content-type': 'application/octet-stream',
    'content-encoding': 'aes128gcm',
    authorization,
  };
}

/** The Authorization header per push service; signing is dear, so that it is kept (RFC 8292 2 allows 24 hours). */
function vapidAuthorization({
  subject,
  publicKey,
  privateKey,
}: WebPushChannelOptions['vapid']): Sending['authorization'] {
  const kept = new Map<string, { header: string; madeAt: number }>();
  return (origin) => {
    const now = Date.now();
    const found = kept.get(origin);
    // Made before the clock was set back it would end too late: services refuse that, as if it were about us.
    const isOfNow = found !== undefined && found.madeAt <= now && now - found.madeAt < renewAfterMs;
    if (isOfNow) return found.header;
    // UnifiedPush endpoints may be anywhere; a bound keeps strangers from filling the memory.
    if (kept.size >= 10_000) kept.clear();
    const expires = Math.floor(now / 1000) + tokenSeconds;
    const { Authorization } = webPush.getVapidHeaders(origin, subject, publicKey, privateKey, 'aes128gcm', expires);
    kept.set(origin, { header: Authorization, madeAt: now });
    return Authorization;
  };
}
