import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { createFellows, createMarketplace, createShop } from '../../../test/marketplace.ts';
import { registerActAsRoutes } from '../../demo/act-as-routes.ts';
import { createHttpServer, type HttpServer } from '../../http/server.ts';
import { systemClock } from '../../lib/clock.ts';
import { sessionCustomer } from './cookie.ts';
import { KnownSessions } from './known-sessions.ts';
import { registerCustomerSessionRoutes } from './routes.ts';
import { actAs } from './service.ts';
import { customerTokens } from './token.ts';

const perMinute = 20;

let database: TestDatabase;
let app: HttpServer;
let customers: number[];
let addresses = 0;
let address: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  await createMarketplace(db);
  const { shopId } = await createShop(db, 'さくら');
  ({ reachable: customers = [] } = await createFellows(db, shopId, { reachable: 3 }));
  const known = new KnownSessions();
  app = await createHttpServer({
    logger: pino({ level: 'silent' }),
    trustedOrigins: [],
    maxUploadBytes: 1000,
    requestsPerMinute: perMinute,
    knownSession: (request) => known.keyOf(request),
  });
  const parts = { db, clock: systemClock, publicUrl: 'https://demo.example.com' };
  const my = { ...parts, customer: sessionCustomer({ ...parts, known }) };
  registerCustomerSessionRoutes(app, { ...my, readToken: customerTokens(undefined) });
  registerActAsRoutes(app, my);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});
beforeEach(() => {
  addresses += 1;
  address = `203.0.113.${addresses}`;
});

async function signIn(place: number): Promise<string> {
  const { token } = await database.db
    .transaction()
    .execute((trx) => actAs(trx, `c${customers[place]}`, systemClock.now()));
  return token;
}

/** The statuses of so many requests of one session, one after the other. */
async function ask(token: string, times: number, url = '/api/my/session'): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const headers = { cookie: `coupon-push.customer=${token}` };
    statuses.push((await app.inject({ url, headers, remoteAddress: address })).statusCode);
  }
  return statuses;
}

const countOf = (statuses: number[], status: number) => statuses.filter((one) => one === status).length;

describe('the limit of requests', () => {
  it('is each customer’s own where many share an address', async () => {
    for (const place of [0, 1, 2]) {
      // The first request, of a session that is not known yet, counts for the address.
      const statuses = await ask(await signIn(place), perMinute + 1);
      expect(countOf(statuses, 200)).toBe(perMinute + 1);
    }
  });

  it('stops a session that asks too often, and nobody beside it', async () => {
    const busy = await signIn(0);
    const statuses = await ask(busy, perMinute + 10);
    expect(countOf(statuses, 429)).toBe(9);
    expect(await ask(await signIn(1), 3)).toEqual([200, 200, 200]);
  });

  it('is not lifted by cookies that were made up, each another one', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < perMinute + 5; n += 1) statuses.push(...(await ask(`made-up-${n}`, 1)));
    expect([countOf(statuses, 401), countOf(statuses, 429)]).toEqual([perMinute, 5]);
  });

  it('is not lifted by writing the address of a route in another way', async () => {
    const statuses = [
      ...(await ask('nobody', perMinute, '/%61pi/my/session')),
      ...(await ask('nobody', 5, '/api/%6dy/session')),
      ...(await ask('nobody', 5)),
    ];
    expect([countOf(statuses, 401), countOf(statuses, 429)]).toEqual([perMinute, 10]);
  });

  it('is the address’s again for a session that has ended', async () => {
    const token = await signIn(2);
    const headers = { cookie: `coupon-push.customer=${token}` };
    await ask(token, 2);
    await app.inject({ method: 'DELETE', url: '/api/my/session', headers, remoteAddress: address });
    const statuses = await ask(token, 2 * perMinute);
    expect(countOf(statuses, 401)).toBeLessThanOrEqual(perMinute);
  });

  it('holds for opening sessions by address, whoever is signed in', async () => {
    let token = await signIn(0);
    const statuses: number[] = [];
    for (let n = 0; n < perMinute + 5; n += 1) {
      await ask(token, 1, '/api/demo/customers');
      const answer = await app.inject({
        method: 'POST',
        url: '/api/demo/act-as',
        headers: { cookie: `coupon-push.customer=${token}` },
        payload: { customerNo: `c${customers[0]}` },
        remoteAddress: address,
      });
      statuses.push(answer.statusCode);
      token = /coupon-push\.customer=([\w-]+)/.exec(String(answer.headers['set-cookie']))?.[1] ?? token;
    }
    expect(countOf(statuses, 200)).toBeLessThanOrEqual(perMinute);
    expect(countOf(statuses, 429)).toBeGreaterThanOrEqual(5);
  });
});
