import { pino } from 'pino';
import { type ApiOptions, createApi } from '../src/api.ts';
import type { Database } from '../src/db/database.ts';
import { type Changes, listenForChanges } from '../src/http/changes.ts';
import type { HttpServer } from '../src/http/server.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { couponSecret } from './issued-coupons.ts';
import { createMarketplace, createShop, password, type TestShop } from './marketplace.ts';
import { SettableClock } from './settable-clock.ts';

export interface Answer {
  status: number;
  body: unknown;
  headers: Record<string, unknown>;
}

/** What a test may set; the rest is as below. */
type OwnOption =
  | 'customerTokens'
  | 'customerSignInUrl'
  | 'nativeApps'
  | 'returnPaths'
  | 'bounceProviders'
  | 'fetchText'
  | 'metrics';

/** The API on a database of its own, as a signed-in seller meets it. */
export class TestApi {
  readonly database: TestDatabase;
  readonly server: HttpServer;
  readonly clock: SettableClock;
  readonly #changes: Changes;
  readonly #cookies = new Map<string, string>();

  private constructor(database: TestDatabase, server: HttpServer, clock: SettableClock, changes: Changes) {
    this.database = database;
    this.server = server;
    this.clock = clock;
    this.#changes = changes;
  }

  /** @param by the API's own way to the database, where that is not the test's */
  static async create(
    options: Partial<Pick<ApiOptions, OwnOption>> = {},
    by: (database: TestDatabase) => Promise<Database> = (database) => Promise.resolve(database),
  ): Promise<TestApi> {
    const database = await createTestDatabase();
    await createMarketplace(database.db);
    const clock = new SettableClock();
    const logger = pino({ level: 'silent' });
    const changes = await listenForChanges(database.url, logger);
    const publicUrl = 'http://localhost:3000';
    const secrets = {
      signInSecret: 'a secret of the tests, long enough',
      unsubscribeSecret: 'another of their secrets',
      couponSecret,
    };
    const server = await createApi({
      database: await by(database),
      clock,
      changes,
      logger,
      publicUrl,
      otherOrigins: [],
      ...secrets,
      ...options,
    });
    await server.ready();
    return new TestApi(database, server, clock, changes);
  }

  async shop(name: string): Promise<TestShop> {
    return await createShop(this.database.db, name);
  }

  /** A request as this person (a shop stands for its owner), or as nobody. */
  async request(
    person: { email: string } | null,
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    url: string,
    options: { body?: unknown; headers?: Record<string, string>; payload?: Buffer } = {},
  ): Promise<Answer> {
    const cookie = person === null ? undefined : await this.cookieOf(person.email);
    const answer = await this.server.inject({
      method,
      url,
      headers: { ...(cookie === undefined ? {} : { cookie }), ...options.headers },
      ...(options.payload ? { payload: options.payload } : {}),
      ...(options.body === undefined ? {} : { payload: options.body as object }),
    });
    const isJson = String(answer.headers['content-type']).includes('json');
    return { status: answer.statusCode, body: isJson ? answer.json() : {}, headers: answer.headers };
  }

  /** The session of a person, signed in at the first call. */
  async cookieOf(email: string): Promise<string> {
    const known = this.#cookies.get(email);
    if (known !== undefined) return known;
    const answer = await this.server.inject({
      method: 'POST',
      url: '/api/auth/sign-in/email',
      payload: { email, password },
      // Sign-ins are limited per address; each of these people is somewhere else.
      remoteAddress: `10.0.${this.#cookies.size >> 8}.${this.#cookies.size & 255}`,
    });
    if (answer.statusCode !== 200) throw new Error(`sign-in failed: ${answer.body}`);
    const cookie = answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ');
    this.#cookies.set(email, cookie);
    return cookie;
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.#changes.close();
    await this.database.drop();
  }
}
