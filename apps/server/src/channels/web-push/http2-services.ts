import type { LookupFunction } from 'node:net';
import { type Http2Response, Http2Sessions, NoAnswer } from '../http2-sessions.ts';
import type { Permits } from '../permits.ts';

export interface Http2ServicesOptions {
  /** Hosts, or `.ends` of hosts. */
  hosts: readonly string[];
  /** To each. */
  connections: number;
  timeoutMs: number;
  permits: Permits;
  ca?: string | undefined;
  lookup?: LookupFunction | undefined;
}

/** Anybody can make up names below a known end. */
const mostServices = 100;

/**
 * Push services that are known to speak HTTP/2. node:http2 itself takes a third of the time that undici's takes for a request
 * (docs/performance.md), and tells whether one that got no answer can have been taken.
 */
export class Http2Services {
  readonly #options: Http2ServicesOptions;
  readonly #sessions = new Map<string, Http2Sessions>();
  #connections: number;

  constructor(options: Http2ServicesOptions) {
    this.#options = options;
    this.#connections = options.connections;
  }

  knows({ protocol, hostname, origin }: URL): boolean {
    return (
      protocol === 'https:' &&
      isOneOf(hostname, this.#options.hosts) &&
      (this.#sessions.has(origin) || this.#sessions.size < mostServices)
    );
  }

  /**
   * What certainly was not taken is sent once more, over another connection.
   * @throws NoAnswer, NotTried
   */
  async post({ origin, pathname, search }: URL, headers: Record<string, string>, body: Buffer): Promise<Http2Response> {
    const sessions = this.#of(origin);
    const all = { ...headers, ':path': pathname + search };
    try {
      return await sessions.post(all, body);
    } catch (error) {
      if (error instanceof NoAnswer && !error.inDoubt) return await sessions.post(all, body);
      throw error;
    }
  }

  async allow(connections: number, patienceMs: number): Promise<void> {
    this.#connections = connections;
    await Promise.all([...this.#sessions.values()].map((sessions) => sessions.allow(connections, patienceMs)));
  }

  /** Whoever waits for a connection does so no more. */
  end(): void {
    for (const sessions of this.#sessions.values()) sessions.end();
  }

  async close(patienceMs: number): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((sessions) => sessions.close(patienceMs)));
  }

  #of(origin: string): Http2Sessions {
    const known = this.#sessions.get(origin);
    if (known !== undefined) return known;
    const { timeoutMs, permits, ca, lookup } = this.#options;
    const limits = { connections: this.#connections, connectTimeoutMs: 10_000, timeoutMs, permits };
    const sessions = new Http2Sessions({ origin, ca, lookup, ...limits });
    this.#sessions.set(origin, sessions);
    return sessions;
  }
}

/** Is it one of these hosts, or below one of these `.ends`? */
export function isOneOf(hostname: string, hosts: readonly string[]): boolean {
  return hosts.some((host) => (host.startsWith('.') ? hostname.endsWith(host) : hostname === host));
}
