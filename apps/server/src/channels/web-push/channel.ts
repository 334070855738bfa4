import { Agent, request } from 'undici';
import webPush from 'web-push';
import type { Answer, Channel } from '../answer.ts';
import { Evidence, type Verdict } from '../evidence.ts';
import { classifyError, classifyStatus } from './classify.ts';
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
  /** What weighs their refusals; a test's has a clock of its own. */
  evidence?: Evidence;
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
const strangerTimeoutMs = 10_000;
const strangerWaitMs = 10 * 60_000;

export function generateVapidKeys(): VapidKeys {
  return webPush.generateVAPIDKeys();
}

const maxPayloadBytes = 3993;
/** A token is valid for 12 hours, and made anew an hour before. */
const tokenSeconds = 12 * 3600;
const renewAfterMs = (tokenSeconds - 3600) * 1000;

/**
 * Sends app pushes by standard Web Push (RFC 8030, 8291, 8292), for browsers and UnifiedPush apps.
 * @throws Error when the keys or the subject are none.
 */
export function createWebPushChannel(options: WebPushChannelOptions): Channel<OutgoingPush> {
  const { vapid, concurrency = 64, timeoutMs = 30_000, allowPrivateNetworks = false } = options;
  const trusted = options.trustedServices ?? makers;
  const evidence = options.evidence ?? new Evidence();
  const authorization = vapidAuthorization(vapid);
  // Throws now rather than at the first message.
  authorization('https://push.example');
  const agent = new Agent({
    allowH2: true,
    connections: 16,
    connect: { timeout: 10_000, ...(allowPrivateNetworks ? {} : { lookup: publicLookup }) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const underWay = new Set<Promise<Answer>>();
  return {
    inFlight: concurrency,
    send: (push) => {
      const shared = { agent, authorization, allowPrivateNetworks, timeoutMs, trusted, evidence };
      const sending = send(push, shared).finally(() => underWay.delete(sending));
      underWay.add(sending);
      return sending;
    },
    close: async () => {
      await Promise.all(underWay);
      await agent.close();
    },
  };
}

interface Sending {
  agent: Agent;
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
  const details = encrypt(push);
  // Keys that nothing can be encrypted to: there is no use in keeping this subscription.
  if (details instanceof Error) return { kind: 'gone', reason: `unusable subscription: ${details.message}` };
  const headers = { ...details.headers, Authorization: sending.authorization(origin) };
  const trusted = isTrusted(origin, sending.trusted);
  try {
    const timeoutMs = trusted ? sending.timeoutMs : Math.min(sending.timeoutMs, strangerTimeoutMs);
    const response = await request(details.endpoint, {
      method: 'POST',
      headers,
      body: details.body,
      dispatcher: sending.agent,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const retryAfter = response.headers['retry-after'];
    const text = await beginning(response.body);
    const first = Array.isArray(retryAfter) ? retryAfter[0] : retryAfter;
    const answer = classifyStatus({ status: response.statusCode, retryAfter: first, text }, new Date());
    if (!trusted) return ofStranger(answer);
    if (answer.kind === 'sent') sending.evidence.taken(origin);
    return answer.kind === 'ours' ? weigh(answer, sending.evidence.refused(origin, push.customerId)) : answer;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPRIVATE') {
      return { kind: 'failed', reason: error.message };
    }
    return classifyError(error);
  }
}

function isTrusted(origin: string, trusted: readonly string[]): boolean {
  const { hostname } = new URL(origin);
  return trusted.some((host) => (host.startsWith('.') ? hostname.endsWith(host) : hostname === host));
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

function encrypt({ subscription, payload, topic, ttlSeconds, urgency }: OutgoingPush): webPush.RequestDetails | Error {
  const { endpoint, p256dh, auth } = subscription;
  try {
    const options = { TTL: ttlSeconds, topic, urgency, contentEncoding: 'aes128gcm' as const, vapidDetails: null };
    // The types leave out that null means: no VAPID header (it is added from the cache).
    return webPush.generateRequestDetails(
      { endpoint, keys: { p256dh, auth } },
      payload,
      options as unknown as webPush.RequestOptions,
    );
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
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
    if (found !== undefined && now - found.madeAt < renewAfterMs) return found.header;
    // UnifiedPush endpoints may be anywhere; a bound keeps strangers from filling the memory.
    if (kept.size >= 10_000) kept.clear();
    const expires = Math.floor(now / 1000) + tokenSeconds;
    const { Authorization } = webPush.getVapidHeaders(origin, subject, publicKey, privateKey, 'aes128gcm', expires);
    kept.set(origin, { header: Authorization, madeAt: now });
    return Authorization;
  };
}
