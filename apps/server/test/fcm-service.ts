import { createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { once } from 'node:events';
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { parseServiceAccount, type ServiceAccount } from '../src/channels/fcm/service-account.ts';
import { selfSigned } from './self-signed.ts';

export interface ReceivedFcm {
  token: string;
  notification: { title: string; body: string };
  data: { url: string; tag: string };
  android: { collapse_key: string; ttl: string; priority: string; notification: Record<string, string> };
  apns: { headers: Record<string, string>; payload: { aps: Record<string, unknown> } };
  /** Bytes of the request. */
  bytes: number;
}

/**
 * What FCM answers, by the names of its documentation; `drop` takes the message and resets the stream without an answer,
 * `refuse` does not take it, `goaway` takes nothing more on this connection, `lost` ends the connection, `silent` never
 * answers.
 */
export type FcmAnswer = Refusal | Said | 'drop' | 'refuse' | 'goaway' | 'lost' | 'silent';

interface Refusal {
  status: number;
  errorCode: string;
  googleStatus?: string;
  headers?: Record<string, string>;
}

interface Said {
  status: number;
  text: string;
  headers?: Record<string, string>;
}

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const projectId = 'mall-app';

/**
 * FCM HTTP v1 and Google's token endpoint on loopback, over TLS and HTTP/2: checks grants and messages as Google
 * documents them.
 */
export class FcmService {
  readonly received: ReceivedFcm[] = [];
  /** Messages that came, taken or not. */
  attempts = 0;
  /** Connections there were. */
  connections = 0;
  /** How many were open at once. */
  mostOpen = 0;
  /** Grants that were given. */
  grants = 0;
  /** What the token endpoint answers instead of a token. */
  tokenAnswer: Said | undefined;
  /** Seconds that access tokens live. */
  tokenLife = 3599;
  /** Keep what was received? A benchmark does not. */
  keep = true;
  readonly #tokens = new Set<string>();
  readonly #rules = new Map<string, { answer: FcmAnswer; times: number }>();
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #server: Http2SecureServer;
  readonly #certificate = selfSigned();

  constructor({ maxStreams = 100 } = {}) {
    this.#server = createSecureServer({
      ...this.#certificate,
      settings: { maxConcurrentStreams: maxStreams },
    });
    this.#server.on('stream', (stream, headers) => this.#onStream(stream, headers));
    this.#server.on('session', (session) => {
      this.connections += 1;
      this.#sessions.add(session);
      this.mostOpen = Math.max(this.mostOpen, this.#sessions.size);
      session.on('error', () => undefined);
      session.on('close', () => this.#sessions.delete(session));
    });
  }

  async start(): Promise<this> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return this;
  }

  async stop(): Promise<void> {
    for (const session of this.#sessions) session.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Connections that are open. */
  get open(): number {
    return this.#sessions.size;
  }

  /** Says on all of them that something is wrong with it, or that nothing new is to come; closes none. */
  sayGoAway(code = constants.NGHTTP2_INTERNAL_ERROR): void {
    for (const session of this.#sessions) session.goaway(code);
  }

  /** What the channel is given in place of Google's. */
  get server(): { origin: string; ca: string } {
    return { origin: this.#origin, ca: this.#certificate.cert };
  }

  /** The text of the service-account file. */
  get accountFile(): string {
    return JSON.stringify({
      type: 'service_account',
      project_id: projectId,
      private_key_id: 'key-1',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      client_email: 'push@mall-app.iam.gserviceaccount.com',
      token_uri: `${this.#origin}/token`,
    });
  }

  get account(): ServiceAccount {
    return parseServiceAccount(this.accountFile);
  }

  /** From now on, or for the next so many times, this is the answer to messages for a device. */
  answer(token: string, answer: FcmAnswer, times = Number.POSITIVE_INFINITY): void {
    this.#rules.set(token, { answer, times });
  }

  receivedBy(token: string): ReceivedFcm[] {
    return this.received.filter((message) => message.token === token);
  }

  /** Access tokens that were given are not valid any more. */
  forgetTokens(): void {
    this.#tokens.clear();
  }

  get #origin(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #onStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const chunks: Buffer[] = [];
    // A stream that is reset under way is what some tests are about.
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      if (headers[':path'] === '/token') end(stream, this.#grant(headers, body));
      else this.#message(stream, headers, body);
    });
  }

  #grant(headers: IncomingHttpHeaders, body: string): Said {
    if (this.tokenAnswer !== undefined) return this.tokenAnswer;
    const posted = headers[':method'] === 'POST';
    const wrong = posted ? wrongGrant(new URLSearchParams(body), `${this.#origin}/token`) : 'not a POST';
    if (wrong !== undefined) {
      return { status: 400, text: JSON.stringify({ error: 'invalid_grant', error_description: wrong }) };
    }
    const token = `ya29.${randomBytes(24).toString('base64url')}`;
    this.#tokens.add(token);
    this.grants += 1;
    const grant = { access_token: token, expires_in: this.tokenLife, token_type: 'Bearer' };
    return { status: 200, text: JSON.stringify(grant) };
  }

  #message(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, body: string): void {
    this.attempts += 1;
    const refusal = this.#wrongRequest(headers, body);
    if (refusal !== undefined) {
      end(stream, problem(refusal));
      return;
    }
    const { message } = JSON.parse(body) as { message: ReceivedFcm };
    const answer = this.#answerFor(message.token);
    const took = answer === undefined || answer === 'drop' || answer === 'lost' || answer === 'silent';
    if (took && this.keep) this.received.push({ ...message, bytes: Buffer.byteLength(body) });
    if (answer === undefined) {
      end(stream, { status: 200, text: JSON.stringify({ name: `projects/${projectId}/messages/1` }) });
    } else if (answer === 'drop') stream.close(2);
    else if (answer === 'refuse') stream.close(7);
    else if (answer === 'lost') stream.session?.destroy();
    else if (answer === 'goaway') stream.session?.goaway(0, (stream.id ?? 1) - 2);
    else if (typeof answer === 'object') end(stream, problem(answer));
  }

  #answerFor(token: string): FcmAnswer | undefined {
    const rule = this.#rules.get(token);
    if (rule === undefined) return undefined;
    rule.times -= 1;
    if (rule.times <= 0) this.#rules.delete(token);
    return rule.answer;
  }

  #wrongRequest(headers: IncomingHttpHeaders, body: string): Refusal | undefined {
    if (headers[':method'] !== 'POST' || headers[':path'] !== `/v1/projects/${projectId}/messages:send`) {
      return { status: 404, errorCode: 'NOT_FOUND' };
    }
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
    if (!this.#tokens.has(token)) return { status: 401, errorCode: 'UNAUTHENTICATED' };
    return isMessage(body) ? undefined : { status: 400, errorCode: 'INVALID_ARGUMENT' };
  }
}

/** RFC 7523, and what Google asks of it: why not, or undefined. */
function wrongGrant(form: URLSearchParams, audience: string): string | undefined {
  if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') return 'another grant_type';
  const [header = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
  const signed = Buffer.from(`${header}.${claims}`);
  const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
  if (!verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url'))) return 'Invalid JWT Signature.';
  const { alg, kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
  if (alg !== 'RS256' || kid !== 'key-1') return 'another key';
  const { iss, aud, scope, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  const now = Date.now() / 1000;
  if (iss !== 'push@mall-app.iam.gserviceaccount.com') return 'another account';
  if (aud !== audience || scope !== 'https://www.googleapis.com/auth/firebase.messaging') return 'audience or scope';
  return iat <= now + 10 && exp > now && exp - iat <= 3600 ? undefined : 'not valid now';
}

/** The limits of the reference: a token, texts as data, one payload of 4,096 bytes. */
function isMessage(body: string): boolean {
  try {
    const { message } = JSON.parse(body) as { message: ReceivedFcm };
    const { token, ...payload } = message;
    const texts = Object.values(message.data).every((value) => typeof value === 'string');
    const fits = body.length < 1000 || Buffer.byteLength(JSON.stringify(payload)) <= 4096;
    return typeof token === 'string' && texts && fits && /^\d+s$/.test(message.android.ttl);
  } catch {
    return false;
  }
}

/** As FCM writes an error. */
function problem(answer: Refusal | Said): Said {
  if ('text' in answer) return answer;
  const { status, errorCode, googleStatus = errorCode, headers } = answer;
  const type = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
  const details = [{ '@type': type, errorCode }];
  const message = `The answer of the tests: ${errorCode}`;
  const text = JSON.stringify({ error: { code: status, message, status: googleStatus, details } });
  return { status, text, ...(headers === undefined ? {} : { headers }) };
}

function end(stream: ServerHttp2Stream, { status, text, headers = {} }: Said): void {
  stream.respond({ ':status': status, 'content-type': 'application/json; charset=UTF-8', ...headers });
  stream.end(text);
}
