import { demoCustomers } from '@coupon-push/contract/customer-sessions.ts';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { issueCoupons } from '../../test/issued-coupons.ts';
import { createFellows, createMarketplace, createShop } from '../../test/marketplace.ts';
import { sessionCustomer } from '../features/customer-sessions/cookie.ts';
import { KnownSessions } from '../features/customer-sessions/known-sessions.ts';
import { registerCustomerSessionRoutes } from '../features/customer-sessions/routes.ts';
import { customerTokens } from '../features/customer-sessions/token.ts';
import type { MyPageDeps } from '../http/customer.ts';
import { createHttpServer, type HttpServer } from '../http/server.ts';
import { systemClock } from '../lib/clock.ts';
import { registerActAsRoutes } from './act-as-routes.ts';

let database: TestDatabase;
let app: HttpServer;
let busiest: number;

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  const logger = pino({ level: 'silent' });
  const publicUrl = 'https://demo.example.com';
  app = await createHttpServer({ logger, trustedOrigins: [], maxUploadBytes: 1000 });
  const parts = { db, clock: systemClock, publicUrl };
  const deps: MyPageDeps = { ...parts, customer: sessionCustomer({ ...parts, known: new KnownSessions() }) };
  registerActAsRoutes(app, deps);
  registerCustomerSessionRoutes(app, { ...deps, readToken: customerTokens(undefined) });
  await createMarketplace(db);
  const shop = await createShop(db, 'さくら');
  const { reachable = [] } = await createFellows(db, shop.shopId, { reachable: 18, left: 3, refused: 3 });
  busiest = reachable[15] ?? 0;
  await issueCoupons(db, shop, [busiest]);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

describe('the demo', () => {
  it('offers some customers of each language to act as, those with coupons first', async () => {
    const { customers } = demoCustomers.parse((await app.inject('/api/demo/customers')).json());
    expect(customers.map(({ language }) => language)).toEqual(['ja', 'ko', 'en'].flatMap((one) => Array(4).fill(one)));
    expect(customers[0]).toMatchObject({ customerNo: `c${busiest}`, usableCoupons: 1, shops: 1 });
  });

  it('opens the session of a customer without a token, over https for https alone', async () => {
    const actAs = (customerNo: string) =>
      app.inject({ method: 'POST', url: '/api/demo/act-as', payload: { customerNo } });
    const answer = await actAs(`c${busiest}`);
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/; HttpOnly; SameSite=Lax; Secure$/);
    const me = await app.inject({ url: '/api/my/session', headers: { cookie: cookie.split(';')[0] } });
    expect(me.json()).toMatchObject({ customerNo: `c${busiest}` });
    expect((await actAs('nobody')).json()).toMatchObject({ code: 'customer_unknown' });
  });
});
