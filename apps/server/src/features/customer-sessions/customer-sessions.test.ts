import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, TestApi } from '../../../test/api.ts';
import { createFellows, type TestShop } from '../../../test/marketplace.ts';
import { forgetOldSessions } from './service.ts';
import { customerTokens, type ReadCustomerToken } from './token.ts';

const secret = 'shared with the marketplace, 32 characters and more';
const bytes = new TextEncoder().encode(secret);
const issuer = 'https://mall.example.com';
const audience = 'coupon-push';
const settings = { key: { secret }, issuer, audience };
const now = new Date('2026-11-25T03:00:00Z');

let api: TestApi;
let shop: TestShop;
let customerNo: string;
let leftNo: string;
let serial = 0;

beforeAll(async () => {
  api = await TestApi.create({ customerTokens: settings });
  api.clock.freeze(now);
  shop = await api.shop('さくら');
  const kinds = await createFellows(api.database.db, shop.shopId, { reachable: 1, left: 1 });
  customerNo = `c${kinds.reachable?.[0]}`;
  leftNo = `c${kinds.left?.[0]}`;
});
afterAll(() => api.close());

const seconds = (date: Date, more = 0) => Math.floor(date.getTime() / 1000) + more;
const fresh = (changes: JWTPayload = {}): JWTPayload => {
  serial += 1;
  const from = seconds(api.clock.now());
  return { iss: issuer, aud: audience, sub: customerNo, iat: from, exp: from + 300, jti: `t${serial}`, ...changes };
};
const sign = (payload: JWTPayload, key: Uint8Array = bytes, alg = 'HS256') =>
  new SignJWT(payload).setProtectedHeader({ alg }).sign(key);
const open = (token: string): Promise<Answer> => api.request(null, 'POST', '/api/my/session', { body: { token } });
const codeOf = ({ status, body }: Answer) => [status, (body as { code?: string }).code];
const cookieOf = ({ headers }: Answer) => String(headers['set-cookie']).split(';')[0] ?? '';

describe('a token of the marketplace', () => {
  it('opens a session that scripts cannot read, for the customer it names', async () => {
    const answer = await open(await sign(fresh()));
    expect(answer).toMatchObject({ status: 200, body: { customerNo, language: 'ja' } });
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^coupon-push\.customer=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/,
    );
    const me = await api.request(null, 'GET', '/api/my/session', { headers: { cookie: cookieOf(answer) } });
    expect(me).toMatchObject({ status: 200, body: { customerNo } });
    expect(me.body).not.toHaveProperty('customerId');
  });

  it('is good once, however many show it at the same moment', async () => {
    const token = await sign(fresh());
    const answers = await Promise.all(Array.from({ length: 12 }, () => open(token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.map(codeOf)).toEqual(refused.map(() => [401, 'token_used']));
  });

  it('is refused when it is not the marketplace’s, altered, for somebody else or without what it needs', async () => {
    const whole = await sign(fresh());
    const [head = '', , signature = ''] = whole.split('.');
    const forged = Buffer.from(JSON.stringify(fresh({ sub: 'someone' }))).toString('base64url');
    const { publicKey } = await generateKeyPair('RS256', { extractable: true });
    const tokens = [
      'x',
      `${head}.${forged}.${signature}`,
      new UnsecuredJWT(fresh()).encode(),
      await sign(fresh(), new TextEncoder().encode(`${secret}!`)),
      await sign(fresh(), bytes, 'HS384'),
      // Alg confusion: a public key as the secret.
      await sign(fresh(), new TextEncoder().encode(JSON.stringify(await exportJWK(publicKey)))),
      await sign(fresh({ iss: 'https://elsewhere.example.com' })),
      await sign(fresh({ aud: 'another service' })),
      ...(await Promise.all(
        ['iss', 'aud', 'sub', 'exp', 'iat', 'jti'].map((claim) => sign({ ...fresh(), [claim]: undefined })),
      )),
      await sign(fresh({ sub: 'a\u0000b' })),
      await sign(fresh({ jti: 'x'.repeat(256) })),
      await sign(fresh({ nbf: seconds(now, 60) })),
    ];
    const answers = await Promise.all(tokens.map(open));
    expect(answers.map(codeOf)).toEqual(tokens.map(() => [401, 'token_invalid']));
  });

  it('lives ten minutes at most, give or take what clocks differ by', async () => {
    const at = (iat: number, exp: number) => ({ iat: seconds(now, iat), exp: seconds(now, exp) });
    const codes = async (times: { iat: number; exp: number }[]) =>
      (await Promise.all(times.map(async (time) => open(await sign(fresh(time)))))).map(codeOf);
    expect(await codes([at(-10, 629), at(29, 300), at(-300, -29), at(-600, 10)])).toEqual(
      Array(4).fill([200, undefined]),
    );
    expect(await codes([at(-300, -30), at(-3600, 60)])).toEqual(Array(2).fill([401, 'token_expired']));
    expect(await codes([at(-10, 631), at(31, 300)])).toEqual(Array(2).fill([401, 'token_invalid']));
  });

  it('names a customer who is there, and is not used up when it does not', async () => {
    for (const sub of ['nobody', leftNo]) {
      const token = await sign(fresh({ sub }));
      expect(codeOf(await open(token))).toEqual([404, 'customer_unknown']);
      expect(codeOf(await open(token))).toEqual([404, 'customer_unknown']);
    }
  });
});

describe('the way from the marketplace', () => {
  const enter = (query: Record<string, string>) =>
    api.server.inject({ url: '/my/enter', query, headers: { 'accept-language': 'ko' } });

  it('leads on to the page that was asked for, and the token is in no address any more', async () => {
    const answer = await enter({ token: await sign(fresh()), next: '/my/coupons?state=used' });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/my/coupons?state=used']);
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
    expect(String(answer.headers['set-cookie'])).toContain('HttpOnly');
    const elsewhere = await enter({ token: await sign(fresh()), next: '//evil.example/' });
    expect(elsewhere.headers.location).toBe('/my/');
  });

  it('says on a page, in the browser’s language, why it did not work', async () => {
    const token = await sign(fresh({ exp: seconds(now, -100) }));
    const answer = await enter({ token });
    expect(answer.statusCode).toBe(401);
    expect(answer.body).toContain('<html lang="ko">');
    expect(answer.body).toContain('유효 기간이 지났습니다');
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect((await enter({})).statusCode).toBe(401);
    const tooLong = await enter({ token: 'x'.repeat(5000) });
    expect([tooLong.statusCode, tooLong.headers['content-type']]).toEqual([401, 'text/html; charset=utf-8']);
    const far = await enter({ token: await sign(fresh()), next: `/my/${'x'.repeat(3000)}` });
    expect([far.statusCode, far.headers.location]).toEqual([303, '/my/']);
    const unknown = await enter({ token: await sign(fresh({ sub: 'nobody' })) });
    expect(unknown.body).toContain('회원 정보가 아직 등록되지 않았습니다');
  });
});

describe('a session', () => {
  const me = (cookie: string) => api.request(null, 'GET', '/api/my/session', { headers: { cookie } });
  const day = 86_400_000;

  it('ends 30 days after it was last used, and by signing out', async () => {
    const cookie = cookieOf(await open(await sign(fresh())));
    const after = (days: number) => api.clock.freeze(new Date(now.getTime() + days * day));
    after(0.9);
    expect((await me(cookie)).headers['set-cookie']).toBeUndefined();
    after(29);
    expect(cookieOf(await me(cookie))).toBe(cookie);
    after(58);
    expect((await me(cookie)).status).toBe(200);
    await forgetOldSessions(api.database.db, api.clock.now());
    expect((await me(cookie)).status).toBe(200);
    after(88);
    expect(codeOf(await me(cookie))).toEqual([401, 'not_signed_in']);
    after(0);
    const other = cookieOf(await open(await sign(fresh())));
    const out = await api.request(null, 'DELETE', '/api/my/session', { headers: { cookie: other } });
    expect(String(out.headers['set-cookie'])).toContain('Max-Age=0');
    expect((await me(other)).status).toBe(401);
  });

  it('is not opened or closed by a foreign page, nor by guessing', async () => {
    const headers = { origin: 'https://evil.example' };
    const answer = await api.request(null, 'POST', '/api/my/session', {
      headers,
      body: { token: await sign(fresh()) },
    });
    expect(codeOf(answer)).toEqual([403, 'not_allowed']);
    expect((await me(`coupon-push.customer=${'A'.repeat(43)}`)).status).toBe(401);
  });

  it('is not a seller’s, and a seller’s is not a customer’s', async () => {
    expect((await api.request(shop, 'GET', '/api/my/session')).status).toBe(401);
    const cookie = cookieOf(await open(await sign(fresh())));
    expect((await api.request(null, 'GET', '/api/me', { headers: { cookie } })).status).toBe(401);
  });

  it('cannot be had by acting as somebody outside of the demo', async () => {
    const answer = await api.request(null, 'POST', '/api/demo/act-as', { body: { customerNo } });
    expect(answer.status).toBe(404);
  });
});

describe('published keys', () => {
  let server: Server;
  let url: string;
  let keys: unknown[] = [];
  let working = true;
  let asked = 0;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(working ? 200 : 503, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const reader = () => customerTokens({ key: { jwksUrl: url }, issuer, audience });
  const refusal = (read: ReadCustomerToken, token: string) =>
    read(token, now).then(
      () => 'taken',
      (error: { code?: string }) => error.code,
    );

  it('are told apart by kid, and RSA, elliptic curves and EdDSA may sign', async () => {
    working = true;
    const pairs = await Promise.all(
      ['RS256', 'ES256', 'EdDSA'].map(async (alg) => ({ alg, ...(await generateKeyPair(alg, { extractable: true })) })),
    );
    keys = await Promise.all(
      pairs.map(async ({ alg, publicKey }) => ({ ...(await exportJWK(publicKey)), kid: alg, alg })),
    );
    const read = reader();
    for (const { alg, privateKey } of pairs) {
      const token = await new SignJWT(fresh()).setProtectedHeader({ alg, kid: alg }).sign(privateKey);
      expect(await read(token, now)).toMatchObject({ customerNo });
      const unknown = await new SignJWT(fresh()).setProtectedHeader({ alg, kid: 'another' }).sign(privateKey);
      expect(await refusal(read, unknown)).toBe('token_invalid');
    }
    const [rsa] = pairs;
    if (rsa === undefined) throw new Error('no pair');
    const stranger = await generateKeyPair('RS256');
    const forged = await new SignJWT(fresh())
      .setProtectedHeader({ alg: 'RS256', kid: 'RS256' })
      .sign(stranger.privateKey);
    expect(await refusal(read, forged)).toBe('token_invalid');
    const publicBytes = new TextEncoder().encode(JSON.stringify(await exportJWK(rsa.publicKey)));
    const confused = await new SignJWT(fresh()).setProtectedHeader({ alg: 'HS256', kid: 'RS256' }).sign(publicBytes);
    expect(await refusal(read, confused)).toBe('token_invalid');
    expect(await refusal(read, new UnsecuredJWT(fresh()).encode())).toBe('token_invalid');
  });

  it('may be two of a kind, as while the marketplace goes over to a new one, also for tokens that name none', async () => {
    working = true;
    const [before, after, stranger] = await Promise.all(
      [1, 2, 3].map(() => generateKeyPair('RS256', { extractable: true })),
    );
    if (before === undefined || after === undefined || stranger === undefined) throw new Error('no pair');
    keys = await Promise.all([before, after].map(async ({ publicKey }) => await exportJWK(publicKey)));
    const read = reader();
    const signed = async (by: typeof before, claims = fresh()) =>
      await new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(by.privateKey);
    expect(await refusal(read, await signed(before))).toBe('taken');
    expect(await refusal(read, await signed(after))).toBe('taken');
    expect(await refusal(read, await signed(stranger))).toBe('token_invalid');
    expect(await refusal(read, await signed(after, fresh({ exp: seconds(now, -60) })))).toBe('token_expired');
  });

  it('that cannot be had are no reason to let anybody in; once had, they are kept', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    keys = [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }];
    const token = await new SignJWT(fresh()).setProtectedHeader({ alg: 'ES256', kid: 'k' }).sign(privateKey);
    working = false;
    const read = reader();
    expect(await refusal(read, token)).toBe('customer_keys_unreachable');
    working = true;
    expect(await refusal(read, token)).toBe('taken');
    const before = asked;
    working = false;
    expect(await refusal(read, token)).toBe('taken');
    expect(asked).toBe(before);
  });

  it('or a secret have to be set, or nobody gets in', async () => {
    expect(await refusal(customerTokens(undefined), await sign(fresh()))).toBe('customer_sign_in_off');
  });
});
