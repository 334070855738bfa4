import { sign } from 'node:crypto';
import { Agent, request } from 'undici';
import { z } from 'zod';
import type { Answer } from '../answer.ts';
import { classifyError, parseRetryAfter } from '../web-push/classify.ts';
import type { ServiceAccount } from './service-account.ts';

/** There is no access token now; what that means for the messages that wanted one. */
export class NoAccessToken extends Error {
  readonly answer: Answer;

  constructor(answer: Answer & { reason: string }) {
    super(answer.reason);
    this.answer = answer;
  }
}

const scope = 'https://www.googleapis.com/auth/firebase.messaging';
const grantSeconds = 3600;
/** A token is made anew so long before it ends. */
const marginMs = 5 * 60_000;
/** After a failure nobody asks again for this long: a batch would ask as often as it has messages. */
const pauseMs = 1000;

const tokenResponse = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/** OAuth access tokens of a service account (RFC 7523, as Google documents it), kept until shortly before they end. */
export class AccessTokens {
  readonly #account: ServiceAccount;
  readonly #agent: Agent;
  readonly #timeoutMs: number;
  #kept: { token: string; until: number } | undefined;
  #failed: { error: NoAccessToken; until: number } | undefined;
  #asking: Promise<string> | undefined;

  constructor(account: ServiceAccount, { ca, timeoutMs }: { ca?: string | undefined; timeoutMs: number }) {
    this.#account = account;
    this.#timeoutMs = timeoutMs;
    this.#agent = new Agent({ allowH2: true, connect: { timeout: 10_000, ...(ca === undefined ? {} : { ca }) } });
  }

  /**
   * The token of now; however many ask, one request is made.
   * @throws NoAccessToken
   */
  async get(): Promise<string> {
    const now = performance.now();
    if (this.#kept !== undefined && now < this.#kept.until) return this.#kept.token;
    if (this.#failed !== undefined && now < this.#failed.until) throw this.#failed.error;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return await this.#asking;
  }

  /** It was refused: the next one who asks gets a new one. Of many who say so of one token the first is enough. */
  refused(token: string): void {
    if (this.#kept?.token === token) this.#kept = undefined;
  }

  /** Nobody waits for a token any more. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #ask(): Promise<string> {
    try {
      const { token, lifeMs } = await this.#request();
      // Even a token of a few seconds is used for half of them.
      this.#kept = { token, until: performance.now() + Math.max(lifeMs - marginMs, lifeMs / 2) };
      this.#failed = undefined;
      return token;
    } catch (error) {
      const failure = error instanceof NoAccessToken ? error : new NoAccessToken(retryOf(error));
      this.#failed = { error: failure, until: performance.now() + pauseMs };
      throw failure;
    }
  }

  async #request(): Promise<{ token: string; lifeMs: number }> {
    const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: this.#assertion() };
    const response = await request(this.#account.tokenUri, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams(grant).toString(),
      dispatcher: this.#agent,
      signal: AbortSignal.timeout(this.#timeoutMs),
    });
    const text = await response.body.text();
    const { statusCode } = response;
    const reason = `no access token: ${statusCode} ${text.replace(/\s+/g, ' ').trim()}`.slice(0, 300);
    if (statusCode === 429 || statusCode >= 500) {
      const afterMs = parseRetryAfter(response.headers['retry-after']?.toString(), new Date());
      throw new NoAccessToken({ kind: 'retry', reason, inDoubt: false, ...(afterMs === null ? {} : { afterMs }) });
    }
    if (statusCode !== 200) throw new NoAccessToken({ kind: 'ours', reason });
    const { success, data } = tokenResponse.safeParse(parsed(text));
    // What it says instead could be a token, so it is not repeated.
    if (!success) throw new NoAccessToken({ kind: 'ours', reason: 'no access token: the answer holds none' });
    return { token: data.access_token, lifeMs: data.expires_in * 1000 };
  }

  #assertion(): string {
    const { clientEmail, privateKey, privateKeyId, tokenUri } = this.#account;
    const now = Math.floor(Date.now() / 1000);
    const header = { alg: 'RS256', typ: 'JWT', ...(privateKeyId === '' ? {} : { kid: privateKeyId }) };
    const claims = { iss: clientEmail, scope, aud: tokenUri, iat: now, exp: now + grantSeconds };
    const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
  }
}

/** No message was sent yet, whatever went wrong. */
function retryOf(error: unknown): Answer & { reason: string } {
  const answer = classifyError(error);
  const reason = 'reason' in answer ? answer.reason : '';
  return { kind: 'retry', reason: `no access token: ${reason}`.slice(0, 300), inDoubt: false };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
