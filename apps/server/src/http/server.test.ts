import { sql } from 'kysely';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../../test/database.ts';
import { DatabaseProxy } from '../../test/database-proxy.ts';
import { openDatabase } from '../db/database.ts';
import { createHttpServer } from './server.ts';

/** What the server takes for the client's address when this peer connects and claims to speak for somebody else. */
async function clientAddress(peer: string, trustProxy?: string): Promise<string> {
  const logger = pino({ level: 'silent' });
  const proxy = trustProxy === undefined ? {} : { trustProxy };
  const server = await createHttpServer({ logger, trustedOrigins: [], maxUploadBytes: 1, ...proxy });
  server.get('/address', (request) => ({ address: request.ip }));
  const headers = { 'x-forwarded-for': '203.0.113.9' };
  const answer = await server.inject({ url: '/address', remoteAddress: peer, headers });
  await server.close();
  return answer.json<{ address: string }>().address;
}

it('believes X-Forwarded-For of the proxies it was told of, and of nobody else', async () => {
  expect(await clientAddress('198.51.100.7')).toBe('198.51.100.7');
  expect(await clientAddress('198.51.100.7', '127.0.0.1, 10.0.0.0/8')).toBe('198.51.100.7');
  expect(await clientAddress('10.1.2.3', '127.0.0.1, 10.0.0.0/8')).toBe('203.0.113.9');
});

it('answers an address that does not exist, and a body that is no JSON, with problem details', async () => {
  const server = await createHttpServer({ logger: pino({ level: 'silent' }), trustedOrigins: [], maxUploadBytes: 1 });
  server.post('/echo', (request) => request.body);
  const missing = await server.inject({ url: '/nowhere' });
  expect([missing.statusCode, missing.headers['content-type'], missing.json().code]).toEqual([
    404,
    'application/problem+json',
    'not_found',
  ]);
  const headers = { 'content-type': 'application/json' };
  const broken = await server.inject({ method: 'POST', url: '/echo', headers, payload: '{"a":' });
  expect([broken.statusCode, broken.json().code]).toEqual([400, 'invalid_request']);
  await server.close();
});

it('refuses a text that the database cannot keep, and calls it no failure of its own', async () => {
  const direct = await createTestDatabase();
  const server = await createHttpServer({ logger: pino({ level: 'silent' }), trustedOrigins: [], maxUploadBytes: 1 });
  server.post('/text', async (request) => (await sql`select ${request.body}::text as text`.execute(direct.db)).rows[0]);
  server.post(
    '/json',
    async (request) => (await sql`select ${request.body}::jsonb as json`.execute(direct.db)).rows[0],
  );
  const headers = { 'content-type': 'text/plain' };
  for (const [url, payload] of [
    ['/text', 'a\u0000b'],
    ['/json', '"a\\u0000b"'],
  ] as const) {
    const answer = await server.inject({ method: 'POST', url, headers, payload });
    expect([url, answer.statusCode, answer.json().code]).toEqual([url, 400, 'invalid_request']);
  }
  await server.close();
  await direct.drop();
});

it('says that it is unavailable, and when to come again, while the database is away, and answers when it is back', async () => {
  const direct = await createTestDatabase();
  const proxy = await DatabaseProxy.start(direct.url);
  const through = openDatabase(proxy.url, { max: 1 });
  const server = await createHttpServer({ logger: pino({ level: 'silent' }), trustedOrigins: [], maxUploadBytes: 1 });
  server.get('/one', async () => (await sql`select 1 as one`.execute(through.db)).rows[0]);
  const ask = () => server.inject({ url: '/one' });
  expect((await ask()).json()).toEqual({ one: 1 });
  proxy.cut();
  const away = await ask();
  expect([away.statusCode, away.json().code, away.headers['retry-after']]).toEqual([503, 'unavailable', '5']);
  proxy.mend();
  expect((await ask()).json()).toEqual({ one: 1 });
  await server.close();
  await through.close();
  await proxy.stop();
  await direct.drop();
});
