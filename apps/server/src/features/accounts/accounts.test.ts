import { meSchema } from '@coupon-push/contract/session.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { DatabaseProxy } from '../../../test/database-proxy.ts';
import { password, type TestShop } from '../../../test/marketplace.ts';
import { type Database, openDatabase } from '../../db/database.ts';

let api: TestApi;
let shop: TestShop;

beforeAll(async () => {
  api = await TestApi.create();
  shop = await api.shop('はなみどり');
});
afterAll(() => api.close());

describe('signing in', () => {
  it('leads to the shops that the person is a member of', async () => {
    const me = meSchema.parse((await api.request(shop, 'GET', '/api/me')).body);
    expect(me.shops).toEqual([{ id: shop.shopId, name: 'はなみどり', role: 'owner' }]);
    expect(me.user).toMatchObject({ email: shop.email, role: 'seller', language: 'ja' });
  });

  it('with a wrong password is refused', async () => {
    const answer = await api.server.inject({
      method: 'POST',
      url: '/api/auth/sign-in/email',
      payload: { email: shop.email, password: `${password}!` },
    });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code: 'sign_in_refused' });
    expect(answer.cookies).toEqual([]);
  });

  it('can be tried twenty times a minute from one address, whatever that address says of itself', async () => {
    const attempt = (number: number) =>
      api.server.inject({
        method: 'POST',
        url: '/api/auth/sign-in/email',
        payload: { email: shop.email, password: `wrong-password-${number}` },
        headers: { 'x-forwarded-for': `203.0.113.${number}` },
        remoteAddress: '192.0.2.1',
      });
    const statuses: number[] = [];
    for (let number = 0; number < 22; number += 1) statuses.push((await attempt(number)).statusCode);
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 401));
    expect(statuses.slice(20)).toEqual([429, 429]);
  });

  it('is not open to whoever would like an account', async () => {
    const answer = await api.server.inject({
      method: 'POST',
      url: '/api/auth/sign-up/email',
      payload: { email: 'new@example.com', password, name: 'New', role: 'operator' },
    });
    expect(answer.statusCode).toBe(404);
    const rows = await api.database.db
      .selectFrom('app_user')
      .where('email', '=', 'new@example.com')
      .selectAll()
      .execute();
    expect(rows).toEqual([]);
  });

  it('ends with signing out', async () => {
    const signIn = await api.server.inject({
      method: 'POST',
      url: '/api/auth/sign-in/email',
      payload: { email: shop.email, password },
    });
    const cookie = signIn.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ');
    const headers = { cookie, origin: 'http://localhost:3000' };
    expect((await api.server.inject({ url: '/api/me', headers })).statusCode).toBe(200);
    await api.server.inject({ method: 'POST', url: '/api/auth/sign-out', headers, payload: {} });
    expect((await api.server.inject({ url: '/api/me', headers })).statusCode).toBe(401);
  });

  it('keeps the language that the person chose', async () => {
    await api.request(shop, 'PATCH', '/api/me', { body: { language: 'ko' } });
    expect(meSchema.parse((await api.request(shop, 'GET', '/api/me')).body).user.language).toBe('ko');
    const wrong = await api.request(shop, 'PATCH', '/api/me', { body: { language: 'fr' } });
    expect(wrong.status).toBe(400);
  });
});

it('while the database is away, signing in and whoever is signed in are told to come again', async () => {
  const ways: { proxy: DatabaseProxy; database: Database }[] = [];
  const cutOff = await TestApi.create({}, async ({ url }) => {
    const proxy = await DatabaseProxy.start(url);
    const database = openDatabase(proxy.url);
    ways.push({ proxy, database });
    return database;
  });
  const [way] = ways;
  const person = await cutOff.shop('はなみどり');
  expect((await cutOff.request(person, 'GET', '/api/me')).status).toBe(200);
  way?.proxy.cut();
  const me = await cutOff.request(person, 'GET', '/api/me');
  expect([me.status, me.body, me.headers['retry-after']]).toMatchObject([503, { code: 'unavailable' }, '5']);
  const payload = { email: person.email, password };
  const signIn = await cutOff.server.inject({ method: 'POST', url: '/api/auth/sign-in/email', payload });
  expect([signIn.statusCode, signIn.json().code]).toEqual([503, 'unavailable']);
  way?.proxy.mend();
  expect((await cutOff.request(person, 'GET', '/api/me')).status).toBe(200);
  await way?.database.close();
  await way?.proxy.stop();
  await cutOff.close();
});
