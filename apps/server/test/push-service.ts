import { createDecipheriv, createECDH, createPublicKey, type ECDH, hkdfSync, randomBytes, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { selfSigned } from './self-signed.ts';

export interface TestSubscription {
  endpoint: string;
  p256dh: string;
  auth: string;
}

export interface ReceivedPush {
  endpoint: string;
  /** Decrypted. */
  payload: string;
  topic: string | undefined;
  ttl: number;
  urgency: string | undefined;
  vapid: { aud: string; exp: number; sub: string; publicKey: string };
  authorization: string;
  /** The status it was answered with; null: taken, and the connection closed without an answer. */
  status: number | null;
}

/** What the service answers; `drop` takes the message and closes the connection without a word. */
export type PushAnswer =
  | { status: number; headers?: Record<string, string>; text?: string }
  /** This text again and again until the sender hangs up. */
  | { status: number; endless: string; headers?: undefined; text?: undefined }
  | 'drop';

interface Subscriber {
  ecdh: ECDH;
  auth: Buffer;
  applicationServerKey: string | undefined;
}

interface Rule {
  answer: PushAnswer;
  times: number;
}

/**
 * A real push service on loopback: checks what RFC 8030 and 8292 ask of a sender, and decrypts (RFC 8291), so that a
 * test reads what a browser would show.
 */
export class PushService {
  readonly received: ReceivedPush[] = [];
  /** Requests that were refused as malformed, and why. */
  readonly refused: string[] = [];
  /** What subscriptions nothing was said about are answered with. */
  otherwise: PushAnswer = { status: 201 };
  /** Called for each message that was read, before it is answered. */
  heard: ((push: ReceivedPush) => void) | undefined;
  readonly #subscribers = new Map<string, Subscriber>();
  readonly #rules = new Map<string, Rule>();
  /** HTTP/2 sessions there were. */
  sessions = 0;
  /** By which it is believed when it speaks HTTP/2. */
  readonly certificate: string | undefined;
  readonly #server: Server | Http2SecureServer;
  readonly #open = new Set<ServerHttp2Session>();

  /** Over TLS it speaks HTTP/2 and nothing else. */
  constructor({ tls = false } = {}) {
    // What both kinds of requests and answers have in common is all that is used.
    const onRequest = (request: unknown, response: unknown) =>
      void this.#onRequest(request as IncomingMessage, response as ServerResponse);
    if (!tls) {
      this.#server = createServer(onRequest);
      return;
    }
    const { cert, key } = selfSigned();
    this.certificate = cert;
    this.#server = createSecureServer({ cert, key }, onRequest);
    this.#server.on('session', (session: ServerHttp2Session) => {
      this.sessions += 1;
      this.#open.add(session.on('error', () => undefined));
    });
  }

  async start(port = 0): Promise<this> {
    await once(this.#server.listen(port, '127.0.0.1'), 'listening');
    return this;
  }

  get origin(): string {
    return `${this.certificate === undefined ? 'http' : 'https'}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A new browser's subscription; messages signed by another key than this are refused. */
  subscribe(applicationServerKey?: string): TestSubscription {
    const ecdh = createECDH('prime256v1');
    ecdh.generateKeys();
    const auth = randomBytes(16);
    const path = `/push/${randomBytes(16).toString('base64url')}`;
    this.#subscribers.set(path, { ecdh, auth, applicationServerKey });
    return {
      endpoint: this.origin + path,
      p256dh: ecdh.getPublicKey('base64url'),
      auth: auth.toString('base64url'),
    };
  }

  /** A subscription whose keys were made elsewhere, all base64url: a service that is started again knows its browsers. */
  adopt(kept: { path: string; privateKey: string; auth: string; applicationServerKey: string }): void {
    const ecdh = createECDH('prime256v1');
    ecdh.setPrivateKey(kept.privateKey, 'base64url');
    const { applicationServerKey } = kept;
    this.#subscribers.set(kept.path, { ecdh, auth: Buffer.from(kept.auth, 'base64url'), applicationServerKey });
  }

  /** From now on, or for the next so many times, this is the answer to messages for a subscription. */
  answer(subscription: TestSubscription, answer: PushAnswer, times = Number.POSITIVE_INFINITY): void {
    this.#rules.set(new URL(subscription.endpoint).pathname, { answer, times });
  }

  receivedBy(subscription: TestSubscription): ReceivedPush[] {
    return this.received.filter(({ endpoint }) => endpoint === subscription.endpoint);
  }

  async stop(): Promise<void> {
    if ('closeAllConnections' in this.#server) this.#server.closeAllConnections();
    for (const session of this.#open) session.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const body = await buffer(request);
    const subscriber = this.#subscribers.get(path);
    if (subscriber === undefined) return this.#end(response, { status: 404, text: 'no such subscription' });
    try {
      const push = this.#read(request, body, subscriber);
      const answer = this.#answerFor(path);
      const received = { ...push, endpoint: this.origin + path, status: answer === 'drop' ? null : answer.status };
      this.received.push(received);
      this.heard?.(received);
      if (answer === 'drop') response.destroy();
      else this.#end(response, answer);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.refused.push(reason);
      this.#end(response, { status: error instanceof VapidError ? 403 : 400, text: reason });
    }
  }

  #answerFor(path: string): PushAnswer {
    const rule = this.#rules.get(path);
    if (rule === undefined) return this.otherwise;
    if (--rule.times <= 0) this.#rules.delete(path);
    return rule.answer;
  }

  #end(response: ServerResponse, answer: Exclude<PushAnswer, 'drop'>): void {
    if ('endless' in answer) {
      const { status, endless } = answer;
      response.writeHead(status);
      const more = () => {
        while (!response.destroyed && response.write(endless));
      };
      response.on('drain', more);
      more();
      return;
    }
    const { status, headers, text = '' } = answer;
    response.writeHead(status, headers).end(text);
  }

  #read(request: IncomingMessage, body: Buffer, subscriber: Subscriber): Omit<ReceivedPush, 'endpoint' | 'status'> {
    const header = (name: string): string | undefined => request.headers[name]?.toString();
    if (request.method !== 'POST') throw new Error('a message is POSTed');
    if (!/^\d+$/.test(header('ttl') ?? '')) throw new Error('TTL is missing (RFC 8030 5.2)');
    if (header('content-encoding') !== 'aes128gcm') throw new Error('not aes128gcm (RFC 8291)');
    const topic = header('topic');
    if (topic !== undefined && !/^[\w-]{1,32}$/.test(topic)) throw new Error('not a topic (RFC 8030 5.4)');
    const urgency = header('urgency');
    if (!['very-low', 'low', 'normal', 'high', undefined].includes(urgency)) throw new Error('not an urgency');
    const authorization = header('authorization') ?? '';
    const vapid = readVapid(authorization, this.origin);
    if (subscriber.applicationServerKey !== undefined && subscriber.applicationServerKey !== vapid.publicKey) {
      throw new VapidError('another key than the one subscribed with');
    }
    const payload = decrypt(body, subscriber.ecdh, subscriber.auth).toString('utf8');
    return { payload, topic, ttl: Number(header('ttl')), urgency, vapid, authorization };
  }
}

class VapidError extends Error {}

/** RFC 8292: checks signature, audience and expiry of `vapid t=..., k=...`. */
function readVapid(authorization: string, origin: string): ReceivedPush['vapid'] {
  const [, token = '', publicKey = ''] = /^vapid t=([^,\s]+),\s*k=([\w-]+)$/.exec(authorization) ?? [];
  const [header = '', claims = '', signature = ''] = token.split('.');
  const point = Buffer.from(publicKey, 'base64url');
  if (point.length !== 65) throw new VapidError('no VAPID key');
  const x = point.subarray(1, 33).toString('base64url');
  const y = point.subarray(33).toString('base64url');
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  const signed = Buffer.from(`${header}.${claims}`);
  const valid = verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  if (!valid) throw new VapidError('the VAPID signature is wrong');
  const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  const now = Date.now() / 1000;
  if (aud !== origin) throw new VapidError(`the VAPID audience is ${aud}`);
  if (!(exp > now && exp <= now + 86_400)) throw new VapidError('the VAPID token is not valid now');
  return { aud, exp, sub, publicKey };
}

/** RFC 8291 and RFC 8188, one record: what a browser does with a message. Throws when anything does not fit. */
export function decrypt(body: Buffer, receiver: ECDH, authSecret: Buffer): Buffer {
  const salt = body.subarray(0, 16);
  const recordSize = body.readUInt32BE(16);
  const keyLength = body.readUInt8(20);
  const senderKey = body.subarray(21, 21 + keyLength);
  const record = body.subarray(21 + keyLength);
  if (keyLength !== 65 || record.length > recordSize || body.length > 4096)
    throw new Error('not one record of a message');
  const derive = (secret: Buffer, saltBytes: Buffer, info: Buffer, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, saltBytes, info, length));
  const keyInfo = Buffer.concat([Buffer.from('WebPush: info\0'), receiver.getPublicKey(), senderKey]);
  const keyMaterial = derive(receiver.computeSecret(senderKey), authSecret, keyInfo, 32);
  const key = derive(keyMaterial, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = derive(keyMaterial, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  const end = padded.findLastIndex((byte) => byte !== 0);
  if (padded[end] !== 2) throw new Error('the last record has no delimiter');
  return padded.subarray(0, end);
}
