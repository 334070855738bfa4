import { createECDH } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { decrypt, PushService, type TestSubscription } from '../../../test/push-service.ts';
import type { Channel } from '../answer.ts';
import { Evidence } from '../evidence.ts';
import { createWebPushChannel, generateVapidKeys, type OutgoingPush } from './channel.ts';
import { classifyStatus, parseRetryAfter } from './classify.ts';
import { isPrivateAddress, publicLookup } from './private-networks.ts';

const keys = generateVapidKeys();
const vapid = { ...keys, subject: 'mailto:coupon@market.example' };
let service: PushService;
/** To which the service is a stranger's, and to which it is one of the known ones. */
let channel: Channel<OutgoingPush>;
let known: Channel<OutgoingPush>;
/** By the clock of what weighs refusals, ms. */
let now = 0;

beforeAll(async () => {
  service = await new PushService().start();
  channel = createWebPushChannel({ vapid, allowPrivateNetworks: true, timeoutMs: 2_000 });
  known = createWebPushChannel({
    vapid,
    allowPrivateNetworks: true,
    timeoutMs: 2_000,
    trustedServices: ['127.0.0.1'],
    evidence: new Evidence(() => now),
  });
});
afterAll(async () => {
  await channel.close();
  await known.close();
  await service.stop();
});

function push(subscription: TestSubscription, payload = '{"title":"ハルマーケット"}', customerId = 1): OutgoingPush {
  return { customerId, subscription, payload, topic: 'push-10001', ttlSeconds: 86_400, urgency: 'normal' };
}

describe('an app push', () => {
  it('reaches the browser as it was written, signed by the key it subscribed with', async () => {
    const browser = service.subscribe(keys.publicKey);
    expect(await channel.send(push(browser))).toEqual({ kind: 'sent' });
    expect(service.receivedBy(browser)).toMatchObject([
      {
        payload: '{"title":"ハルマーケット"}',
        topic: 'push-10001',
        ttl: 86_400,
        urgency: 'normal',
        vapid: { aud: service.origin, sub: 'mailto:coupon@market.example', publicKey: keys.publicKey },
      },
    ]);
    expect(service.refused).toEqual([]);
  });

  it('is signed once per push service and 12 hours, and encrypted every time', async () => {
    const browsers = [service.subscribe(), service.subscribe(), service.subscribe()];
    await Promise.all(browsers.map((browser) => channel.send(push(browser))));
    const headers = browsers.map((browser) => service.receivedBy(browser)[0]?.authorization);
    expect(new Set(headers).size).toBe(1);
    const expires = service.receivedBy(browsers[0] as TestSubscription)[0]?.vapid.exp ?? 0;
    expect(expires).toBeLessThanOrEqual(Date.now() / 1000 + 12 * 3600);
  });

  it('is signed anew when the clock was set back: a service takes no signature of tomorrow', async () => {
    const tomorrow = createWebPushChannel({ vapid, allowPrivateNetworks: true, timeoutMs: 2_000 });
    const browser = service.subscribe();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 86_400_000 });
    const before = await tomorrow.send(push(browser));
    vi.useRealTimers();
    const answers = [before, await tomorrow.send(push(browser))];
    await tomorrow.close();
    expect(answers).toEqual([{ kind: 'sent' }, { kind: 'sent' }]);
  });

  it('to a subscription that has ended is gone', async () => {
    for (const status of [404, 410]) {
      const browser = service.subscribe();
      service.answer(browser, { status });
      expect(await channel.send(push(browser))).toEqual({ kind: 'gone', reason: String(status) });
    }
  });

  it('is tried again when the service says so, not before it says so', async () => {
    const browser = service.subscribe();
    service.answer(browser, { status: 429, headers: { 'retry-after': '120' }, text: 'slow  down' }, 1);
    expect(await channel.send(push(browser))).toEqual({
      kind: 'retry',
      reason: '429 slow down',
      inDoubt: false,
      afterMs: 120_000,
    });
    expect(await channel.send(push(browser))).toEqual({ kind: 'sent' });
  });

  it('that a known service refuses to three customers, and takes from nobody, is about us', async () => {
    const answers = [];
    for (let customerId = 1; customerId <= 3; customerId += 1) {
      now += 3000;
      const browser = service.subscribe(generateVapidKeys().publicKey);
      answers.push(await known.send(push(browser, 'x', customerId)));
    }
    expect(answers.map(({ kind }) => kind)).toEqual(['retry', 'retry', 'ours']);
    expect(await known.send(push(service.subscribe()))).toEqual({ kind: 'sent' });
    // From now on it is known that we are set up well.
    const browser = service.subscribe(generateVapidKeys().publicKey);
    expect(await known.send(push(browser, 'x', 4))).toMatchObject({ kind: 'failed' });
  });

  it('that a host of no browser refuses has failed, however often, and says nothing about us', async () => {
    for (const [customerId, status] of [400, 401, 403, 403, 403].entries()) {
      const browser = service.subscribe();
      service.answer(browser, { status });
      expect(await channel.send(push(browser, 'x', customerId))).toMatchObject({ kind: 'failed' });
    }
  });

  it('that a stranger wants to keep waiting for days comes again in minutes', async () => {
    const browser = service.subscribe();
    service.answer(browser, { status: 503, headers: { 'retry-after': '600000' } });
    expect(await channel.send(push(browser))).toMatchObject({ kind: 'retry', afterMs: 600_000 });
  });

  it('whose answer has no end is answered all the same', async () => {
    const browser = service.subscribe();
    service.answer(browser, { status: 403, endless: 'no! ' });
    expect(await channel.send(push(browser))).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('no! '),
    });
  });

  it('is in doubt when the service took it and did not answer', async () => {
    const browser = service.subscribe();
    service.answer(browser, 'drop', 1);
    expect(await channel.send(push(browser))).toMatchObject({ kind: 'retry', inDoubt: true });
  });

  it('is no doubt when the service cannot be reached', async () => {
    const subscription = { ...service.subscribe(), endpoint: 'http://127.0.0.1:1/push' };
    expect(await channel.send(push(subscription))).toMatchObject({ kind: 'retry', inDoubt: false });
  });

  it('to keys that are none is gone; one that is too big has failed', async () => {
    const browser = service.subscribe();
    expect((await channel.send(push({ ...browser, p256dh: 'AAAA' }))).kind).toBe('gone');
    expect((await channel.send(push({ ...browser, p256dh: Buffer.alloc(65, 4).toString('base64url') }))).kind).toBe(
      'gone',
    );
    expect((await channel.send(push(browser, 'x'.repeat(3994)))).kind).toBe('failed');
    expect(await channel.send(push(browser, 'x'.repeat(3993)))).toEqual({ kind: 'sent' });
  });

  it('goes nowhere but to https services on the internet', async () => {
    const strict = createWebPushChannel({ vapid });
    const { p256dh, auth } = service.subscribe();
    const endpoints = [
      service.subscribe().endpoint,
      'http://updates.push.example/x',
      'https://127.0.0.1/x',
      'https://[::ffff:10.0.0.1]/x',
      'https://localhost/x',
      'https://localhost./x',
      'https://2130706433/x',
      'https://0x7f.1/x',
      'https://[::127.0.0.1]/x',
      'file:///etc/passwd',
      'nonsense',
    ];
    for (const endpoint of endpoints) {
      expect((await strict.send(push({ endpoint, p256dh, auth }))).kind, endpoint).toBe('failed');
    }
    await strict.close();
  });
});

describe('a known service that speaks HTTP/2', () => {
  const hosts = ['127.0.0.1'];
  let http2: PushService;
  let overHttp2: Channel<OutgoingPush>;

  beforeAll(async () => {
    http2 = await new PushService({ tls: true }).start();
    const known = { hosts, ...(http2.certificate === undefined ? {} : { ca: http2.certificate }) };
    const options = { vapid, allowPrivateNetworks: true, timeoutMs: 2_000 };
    overHttp2 = createWebPushChannel({ ...options, trustedServices: hosts, http2Services: known });
    return async () => {
      await overHttp2.close();
      await http2.stop();
    };
  });

  it('gets many messages over few connections, each for its browser', async () => {
    const browsers = Array.from({ length: 200 }, () => http2.subscribe(keys.publicKey));
    const answers = await Promise.all(browsers.map((browser, n) => overHttp2.send(push(browser, `message ${n}`))));
    expect(answers).toEqual(browsers.map(() => ({ kind: 'sent' })));
    expect(browsers.map((browser) => http2.receivedBy(browser).map(({ payload }) => payload))).toEqual(
      browsers.map((_, n) => [`message ${n}`]),
    );
    expect(http2.sessions).toBeLessThanOrEqual(16);
  });

  it('is believed when it says that a subscription is gone, or when to come again', async () => {
    const [gone, busy] = [http2.subscribe(), http2.subscribe()];
    http2.answer(gone, { status: 410 });
    http2.answer(busy, { status: 429, headers: { 'retry-after': '7' } });
    expect(await overHttp2.send(push(gone))).toMatchObject({ kind: 'gone' });
    expect(await overHttp2.send(push(busy))).toMatchObject({ kind: 'retry', inDoubt: false, afterMs: 7000 });
  });

  it('that is not there leaves no doubt', async () => {
    const away = await new PushService({ tls: true }).start();
    const browser = away.subscribe();
    await away.stop();
    expect(await overHttp2.send(push(browser))).toMatchObject({ kind: 'retry', inDoubt: false });
  });
});

describe('a status', () => {
  const now = new Date('2026-11-25T01:00:00Z');
  const classify = (status: number) => classifyStatus({ status, retryAfter: undefined, text: '' }, now).kind;

  it.each([
    ['sent', [200, 201, 202, 204]],
    ['gone', [404, 410]],
    ['retry', [408, 429, 500, 502, 503, 504]],
    ['ours', [400, 401, 403]],
    ['failed', [301, 413, 405, 418]],
  ])('means %s: %j', (kind, statuses) => {
    expect(statuses.map(classify)).toEqual(statuses.map(() => kind));
  });

  it('may say when to come again, in seconds or as a date', () => {
    expect(parseRetryAfter('30', now)).toBe(30_000);
    expect(parseRetryAfter('Wed, 25 Nov 2026 01:02:00 GMT', now)).toBe(120_000);
    expect(parseRetryAfter('Wed, 25 Nov 2020 01:02:00 GMT', now)).toBe(0);
    expect([parseRetryAfter(undefined, now), parseRetryAfter('', now), parseRetryAfter('soon', now)]).toEqual([
      null,
      null,
      null,
    ]);
    fc.assert(
      fc.property(fc.string(), (text) => {
        const wait = parseRetryAfter(text, now);
        expect(wait === null || (wait >= 0 && wait <= 7 * 86_400_000)).toBe(true);
      }),
    );
  });
});

describe('private networks', () => {
  it('are recognised', () => {
    for (const address of [
      '10.1.2.3',
      '172.31.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '::1',
      'fd00::1',
      '::ffff:127.0.0.1',
      '::127.0.0.1',
      '2002:7f00:1::',
      '64:ff9b::a00:1',
    ]) {
      expect(isPrivateAddress(address), address).toBe(true);
    }
    for (const address of ['8.8.8.8', '172.32.0.1', '2606:4700::1111'])
      expect(isPrivateAddress(address), address).toBe(false);
  });
});

describe('a name', () => {
  it('that leads into a private network has no address for us', async () => {
    const looked = (all: boolean) =>
      new Promise((resolve) => publicLookup('localhost', { all }, (error) => resolve(error?.code)));
    expect(await Promise.all([looked(true), looked(false)])).toEqual(['EPRIVATE', 'EPRIVATE']);
  });
});

describe('the push service of these tests', () => {
  it('decrypts the example of RFC 8291, appendix A', () => {
    const receiver = createECDH('prime256v1');
    receiver.setPrivateKey('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94', 'base64url');
    const body = Buffer.from(
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_y' +
        'l95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
      'base64url',
    );
    const auth = Buffer.from('BTBZMqHH6r4Tts7J_aSIgg', 'base64url');
    expect(decrypt(body, receiver, auth).toString()).toBe('When I grow up, I want to be a watermelon');
  });

  it('refuses what is not signed', async () => {
    const { endpoint } = service.subscribe();
    const headers = { TTL: '60', 'content-encoding': 'aes128gcm' };
    const response = await fetch(endpoint, { method: 'POST', headers, body: 'x' });
    expect(response.status).toBe(403);
  });
});
