import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { LookupFunction } from 'node:net';
import type { Permits } from './permits.ts';
import { inTime } from './under-way.ts';

/** A request without an answer. */
export class NoAnswer extends Error {
  /** Can the other side have taken it? */
  readonly inDoubt: boolean;

  constructor(reason: string, inDoubt: boolean) {
    super(reason);
    this.inDoubt = inDoubt;
  }
}

/** This process stops: the request's turn did not come. */
export class NotTried extends Error {}

export interface Http2Response {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface SessionOptions {
  origin: string;
  /** Believed beside nobody else; the public ones when left out. */
  ca?: string | undefined;
  /** In place of dns.lookup. */
  lookup?: LookupFunction | undefined;
  /** TCP connections; each carries many requests at once. */
  connections: number;
  connectTimeoutMs: number;
  timeoutMs: number;
  permits: Permits;
}

/** On one connection at once, whatever the other side allows. */
const maxStreams = 250;
/** A connection that was not used for so long may have been forgotten by something on the way. */
const idleMs = 60_000;

/**
 * A few HTTP/2 connections to one server, made when they are needed. node:http2 itself and not undici, as it tells what
 * became of a stream: one that the server refused, or that its GOAWAY left out, was not taken (RFC 9113 6.8, 8.7).
 */
export class Http2Sessions {
  readonly #options: SessionOptions;
  /** Those that are used. */
  #connections: Connection[] = [];
  /** With those that nothing new goes over, but that are still at something. */
  readonly #open = new Set<Connection>();
  /** How many are allowed. */
  #most: number;
  #ended = false;
  #closed = false;
  /** Requests that wait for a place on a connection. */
  readonly #waiting: (() => void)[] = [];

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#most = options.connections;
  }

  /** Uses no more connections than these. Resolves when those that are too many are closed, after what they are at. */
  async allow(connections: number, patienceMs: number): Promise<void> {
    this.#most = connections;
    this.#connections.splice(connections);
    const surplus = this.#open.size > connections ? [...this.#open] : [];
    this.#wakeAll();
    await closeAll(
      surplus.filter((connection) => !this.#connections.includes(connection)),
      patienceMs,
    );
  }

  /** Whoever waits for a place does so no more, unless there is a connection. */
  end(): void {
    this.#ended = true;
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** @throws NoAnswer, NotTried */
  async post(headers: OutgoingHttpHeaders, body: string | Buffer): Promise<Http2Response> {
    const connection = await this.#place();
    try {
      if (!(await this.#options.permits.take())) throw new NotTried();
      return await connection.post({ ':method': 'POST', ...headers }, body, this.#options.timeoutMs);
    } finally {
      this.#leave(connection);
    }
  }

  /** Lets what is under way end; after `patienceMs` it ends without. */
  async close(patienceMs: number): Promise<void> {
    this.#closed = true;
    this.#wakeAll();
    await closeAll([...this.#open], patienceMs);
  }

  /** A connection that has a place, which is taken. */
  async #place(): Promise<Connection> {
    for (;;) {
      if (this.#closed) throw new NotTried();
      this.#connections = this.#connections.filter((connection) => connection.usable);
      const [least] = this.#connections.toSorted((a, b) => a.load - b.load);
      const mayOpen = this.#open.size < this.#most;
      // Another connection only when those there are busy: a single message needs one.
      if (least !== undefined && least.free > 0 && (least.load < 0.5 || !mayOpen)) return await this.#enter(least);
      if (mayOpen) {
        const opened = new Connection(this.#options);
        this.#connections.push(opened);
        this.#open.add(opened);
        void opened.closed.then(() => {
          this.#open.delete(opened);
          this.#wakeAll();
        });
        return await this.#enter(opened);
      }
      if (this.#ended && this.#most === 0) throw new NotTried();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async #enter(connection: Connection): Promise<Connection> {
    connection.enter();
    try {
      await connection.ready;
      return connection;
    } catch (error) {
      this.#leave(connection);
      throw error;
    }
  }

  #leave(connection: Connection): void {
    connection.leave();
    this.#waiting.shift()?.();
  }
}

async function closeAll(connections: readonly Connection[], patienceMs: number): Promise<void> {
  const closed = Promise.all(connections.map((connection) => connection.close()));
  if (await inTime(closed, patienceMs)) return;
  for (const connection of connections) connection.destroy();
  await closed;
}

class Connection {
  /** @throws NoAnswer when it cannot be made; nothing was sent then. */
  readonly ready: Promise<void>;
  /** However it ends: what went wrong is told by what was under way. */
  readonly closed: Promise<void>;
  readonly #session: ClientHttp2Session;
  #socket: { destroy(): void } | undefined;
  #places = 100;
  #taken = 0;
  #usable = true;
  /** The last stream that the server took before it went away. */
  #lastTaken = Number.POSITIVE_INFINITY;
  #leftAt = performance.now();

  constructor({ origin, ca, lookup, connectTimeoutMs }: SessionOptions) {
    this.#session = connect(origin, {
      ...(ca === undefined ? {} : { ca }),
      ...(lookup === undefined ? {} : { lookup }),
    });
    const session = this.#session;
    session.on('connect', (_session, socket) => {
      this.#socket = socket;
    });
    session.on('remoteSettings', ({ maxConcurrentStreams = maxStreams }) => {
      this.#places = Math.min(maxStreams, Math.max(1, maxConcurrentStreams));
    });
    session.on('goaway', (code, lastStream) => {
      this.#usable = false;
      this.#lastTaken = lastStream;
      if (code !== constants.NGHTTP2_NO_ERROR) session.destroy(new Error(`GOAWAY ${code}`));
      if (this.#taken === 0) this.destroy();
    });
    this.closed = new Promise((resolve) => {
      session.on('close', () => {
        this.#usable = false;
        resolve();
      });
    });
    this.ready = this.#made(connectTimeoutMs);
    // Whoever took a place hears of it; without anybody it must not end the process.
    this.ready.catch(() => undefined);
  }

  async #made(timeoutMs: number): Promise<void> {
    const session = this.#session;
    try {
      // The server's settings come with its first frame, and say how much it takes at once.
      await once(session, 'remoteSettings', { signal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      this.#usable = false;
      session.on('error', () => undefined);
      session.destroy();
      throw new NoAnswer(`no connection: ${describe(error)}`, false);
    }
    // Its streams tell what becomes of them.
    session.on('error', () => undefined);
  }

  get usable(): boolean {
    const idle = this.#taken === 0 && performance.now() - this.#leftAt > idleMs;
    if (idle && this.#usable) void this.close();
    return this.#usable && !this.#session.closed && !this.#session.destroyed;
  }

  get free(): number {
    return this.#places - this.#taken;
  }

  get load(): number {
    return this.#taken / this.#places;
  }

  enter(): void {
    this.#taken += 1;
  }

  leave(): void {
    this.#taken -= 1;
    this.#leftAt = performance.now();
    // Nobody comes any more; one that does not answer would otherwise stay open for good.
    if (!this.#usable && this.#taken === 0) this.destroy();
  }

  /** The socket, too: after a good-bye a session would wait for the other side to hang up. */
  destroy(): void {
    this.#session.destroy();
    this.#socket?.destroy();
  }

  /** Whoever has a place here gets to the end. */
  async close(): Promise<void> {
    this.#usable = false;
    if (this.#taken === 0) this.destroy();
    await this.closed;
  }

  post(headers: OutgoingHttpHeaders, body: string | Buffer, timeoutMs: number): Promise<Http2Response> {
    if (this.#session.closed || this.#session.destroyed) return Promise.reject(new NoAnswer('connection lost', false));
    return new Promise((resolve, reject) => {
      const stream = this.#session.request(headers);
      let response: Http2Response['headers'] = {};
      const chunks: Buffer[] = [];
      let timedOut = false;
      let ended = false;
      const timer = setTimeout(() => {
        timedOut = true;
        // It may be the connection that is dead: nothing new goes over it.
        this.#usable = false;
        stream.close(constants.NGHTTP2_CANCEL);
      }, timeoutMs);
      let failure: unknown;
      stream.on('response', (received) => {
        response = received as Http2Response['headers'];
      });
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        ended = true;
      });
      stream.on('error', (error) => {
        failure = error;
      });
      stream.on('close', () => {
        clearTimeout(timer);
        const status = Number(response[':status']);
        if (ended && status > 0 && !timedOut)
          resolve({ status, headers: response, text: Buffer.concat(chunks).toString() });
        else reject(this.#noAnswer(stream, timedOut ? new Error('no answer in time') : failure));
      });
      stream.end(body);
    });
  }

  #noAnswer(stream: ClientHttp2Stream, failure: unknown): NoAnswer {
    const refused = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
    // A stream without a number never got as far as the wire.
    const left = stream.id === undefined || stream.id > this.#lastTaken;
    const reason = failure === undefined ? `stream closed (${stream.rstCode})` : describe(failure);
    return new NoAnswer(reason, !refused && !left);
  }
}

function describe(error: unknown): string {
  const { code = '', message = String(error) } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return [code, message].filter(Boolean).join(' ').slice(0, 200);
}
