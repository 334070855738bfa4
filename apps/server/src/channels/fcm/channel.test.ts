import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../test/books.ts';
import { type FcmAnswer, FcmService } from '../../../test/fcm-service.ts';
import type { Channel } from '../answer.ts';
import { Evidence } from '../evidence.ts';
import { createFcmChannel, type FcmChannelOptions } from './channel.ts';
import type { OutgoingFcm } from './message.ts';

let service: FcmService;
const opened: Channel<OutgoingFcm>[] = [];

beforeAll(async () => {
  service = await new FcmService().start();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((channel) => channel.close()));
  service.tokenAnswer = undefined;
});
afterAll(() => service.stop());

function open(options: Partial<FcmChannelOptions> = {}): Channel<OutgoingFcm> {
  const channel = createFcmChannel({ account: service.account, server: service.server, timeoutMs: 10_000, ...options });
  opened.push(channel);
  return channel;
}

let devices = 0;
function device(answer?: FcmAnswer, times?: number): string {
  devices += 1;
  const token = `device-${devices}:APA91b`;
  if (answer !== undefined) service.answer(token, answer, times);
  return token;
}

function push(token: string, more: Partial<OutgoingFcm> = {}): OutgoingFcm {
  const message = {
    title: 'テストモール',
    body: '[クーポン] ショップクーポンが発行されました。',
    url: 'https://mall.example/box',
  };
  return { customerId: devices, token, message, tag: 'push-1', ttlSeconds: 86_400, urgency: 'normal', ...more };
}

/** Weighs refusals as if each came three seconds after the one before. */
function slowly(): Evidence {
  let now = 0;
  return new Evidence(() => {
    now += 3000;
    return now;
  });
}

const refusal = (status: number, errorCode: string, more: object = {}): FcmAnswer => ({ status, errorCode, ...more });

describe('an app push to a native app', () => {
  it('arrives with what the app needs to show it and to open the coupon box', async () => {
    const token = device();
    expect(await open().send(push(token))).toEqual({ kind: 'sent' });
    const [received] = service.receivedBy(token);
    expect(received).toMatchObject({
      notification: { title: 'テストモール', body: '[クーポン] ショップクーポンが発行されました。' },
      data: { url: 'https://mall.example/box', tag: 'push-1' },
      android: { collapse_key: 'push-1', ttl: '86400s', notification: { channel_id: 'coupons', tag: 'push-1' } },
      apns: {
        headers: { 'apns-collapse-id': 'push-1', 'apns-priority': '5' },
        payload: { aps: { category: 'COUPONS', sound: 'default' } },
      },
    });
    const expires = Number(received?.apns.headers['apns-expiration']) - Date.now() / 1000;
    expect(expires).toBeGreaterThan(86_000);
    expect(expires).toBeLessThanOrEqual(86_400);
  });

  it('that reminds makes no sound', async () => {
    const token = device();
    const message = { ...push(token).message, silent: true };
    await open().send(push(token, { message, urgency: 'low' }));
    const [received] = service.receivedBy(token);
    expect(received?.apns.payload.aps).not.toHaveProperty('sound');
    expect(received?.apns.headers['apns-priority']).toBe('1');
    expect(received?.android.notification.notification_priority).toBe('PRIORITY_LOW');
  });

  it('that is too long is shortened between letters, and still ends with how to refuse', async () => {
    const token = device();
    const body = `${'👨‍👩‍👧‍👦가'.repeat(400)}\n무료수신거부`;
    const message = { title: '(광고) 테스트몰', body, url: 'https://mall.example/box' };
    expect(await open().send(push(token, { message }))).toEqual({ kind: 'sent' });
    const shown = service.receivedBy(token)[0]?.notification.body ?? '';
    expect(shown).toMatch(/^(👨‍👩‍👧‍👦가)+(👨‍👩‍👧‍👦)?…\n무료수신거부$/u);
    expect(shown.length).toBeGreaterThan(1000);
  });

  it('whose title and link alone are too long has failed', async () => {
    const message = { title: 'x'.repeat(4000), body: 'y', url: 'https://mall.example/box' };
    expect((await open().send(push(device(), { message }))).kind).toBe('failed');
  });

  it('goes over a few connections, however many there are', async () => {
    const before = service.connections;
    const channel = open();
    const tokens = Array.from({ length: 500 }, () => device());
    const answers = await Promise.all(tokens.map((token) => channel.send(push(token))));
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['sent']));
    for (const token of tokens) expect(service.receivedBy(token)).toHaveLength(1);
    // Two for messages, one for the access token.
    expect(service.connections - before).toBeLessThanOrEqual(3);
  });
});

describe('what FCM answers', () => {
  it('UNREGISTERED: the device is gone', async () => {
    const token = device(refusal(404, 'UNREGISTERED', { googleStatus: 'NOT_FOUND' }));
    expect(await open().send(push(token))).toMatchObject({
      kind: 'gone',
      reason: expect.stringContaining('UNREGISTERED'),
    });
  });

  it('429 and 5xx: again, not before Retry-After; without one after a minute when it is the quota', async () => {
    const channel = open();
    const quota = device(refusal(429, 'QUOTA_EXCEEDED', { headers: { 'retry-after': '37' } }), 1);
    expect(await channel.send(push(quota))).toMatchObject({ kind: 'retry', afterMs: 37_000, inDoubt: false });
    expect(await channel.send(push(quota))).toEqual({ kind: 'sent' });
    expect(await channel.send(push(device(refusal(429, 'QUOTA_EXCEEDED'))))).toMatchObject({ afterMs: 60_000 });
    const later = device(refusal(503, 'UNAVAILABLE', { headers: { 'retry-after': '120' } }));
    expect(await channel.send(push(later))).toMatchObject({ kind: 'retry', afterMs: 120_000, inDoubt: false });
    const broken = await channel.send(push(device(refusal(500, 'INTERNAL'))));
    expect(broken).toMatchObject({ kind: 'retry', inDoubt: false });
    expect(broken).not.toHaveProperty('afterMs');
    expect(await channel.send(push(device({ status: 502, text: '<html>Bad Gateway</html>' })))).toMatchObject({
      kind: 'retry',
    });
  });

  it('INVALID_ARGUMENT: the token is dead when another has taken the same payload', async () => {
    const channel = open();
    await channel.send(push(device()));
    const wrong = device(refusal(400, 'INVALID_ARGUMENT'));
    expect(await channel.send(push(wrong))).toMatchObject({ kind: 'gone' });
    // Of another payload nothing is known yet.
    expect(await channel.send(push(wrong, { tag: 'push-2' }))).toMatchObject({ kind: 'retry', inDoubt: false });
  });

  it('INVALID_ARGUMENT to several customers and success to none: the payload is ours to mend', async () => {
    const channel = open({ evidence: slowly() });
    const answers = [];
    for (let customerId = 1; customerId <= 3; customerId += 1) {
      answers.push(await channel.send(push(device(refusal(400, 'INVALID_ARGUMENT')), { customerId, tag: 'push-3' })));
    }
    expect(answers.map(({ kind }) => kind)).toEqual(['retry', 'retry', 'ours']);
  });

  it('SENDER_ID_MISMATCH: another app’s token, or our account is another project’s', async () => {
    const mismatch = refusal(403, 'SENDER_ID_MISMATCH', { googleStatus: 'PERMISSION_DENIED' });
    const channel = open();
    // One customer with many such devices is one voice.
    for (let n = 0; n < 5; n += 1) {
      expect(await channel.send(push(device(mismatch), { customerId: 1 }))).toMatchObject({ kind: 'retry' });
    }
    await channel.send(push(device()));
    expect(await channel.send(push(device(mismatch)))).toMatchObject({ kind: 'gone' });
    const wrongAccount = open({ evidence: slowly() });
    const answers = [];
    for (let n = 0; n < 3; n += 1) answers.push(await wrongAccount.send(push(device(mismatch))));
    expect(answers.at(-1)).toMatchObject({ kind: 'ours' });
  });

  it.each([
    [401, 'THIRD_PARTY_AUTH_ERROR'],
    [403, 'PERMISSION_DENIED'],
    [404, 'NOT_FOUND'],
  ])('%i %s is about us', async (status, errorCode) => {
    expect(await open().send(push(device(refusal(status, errorCode))))).toMatchObject({ kind: 'ours' });
  });
});

describe('the access token', () => {
  it('is asked for once, however many messages there are', async () => {
    const before = service.grants;
    const channel = open();
    await Promise.all(Array.from({ length: 50 }, () => channel.send(push(device()))));
    await channel.send(push(device()));
    expect(service.grants - before).toBe(1);
  });

  it('is made anew when it is refused, once for all who were', async () => {
    const channel = open();
    await channel.send(push(device()));
    service.forgetTokens();
    const before = service.grants;
    const answers = await Promise.all(Array.from({ length: 20 }, () => channel.send(push(device()))));
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['sent']));
    expect(service.grants - before).toBe(1);
  });

  it('that is refused again and again is about us', async () => {
    const token = device(refusal(401, 'UNAUTHENTICATED'));
    expect(await open().send(push(token))).toMatchObject({ kind: 'ours', reason: expect.stringContaining('401') });
  });

  it('is made anew before it ends', async () => {
    service.tokenLife = 0.2;
    try {
      const before = service.grants;
      const channel = open();
      await until(
        async () => {
          expect(await channel.send(push(device()))).toEqual({ kind: 'sent' });
          return service.grants - before > 1 ? true : undefined;
        },
        10_000,
        'a second access token',
      );
    } finally {
      service.tokenLife = 3599;
    }
  });

  it('of a key that Google has withdrawn is about us; when Google is busy, it is tried again', async () => {
    service.tokenAnswer = {
      status: 400,
      text: '{"error":"invalid_grant","error_description":"Invalid JWT Signature."}',
    };
    const before = service.attempts;
    const channel = open();
    const answers = await Promise.all([1, 2, 3].map(() => channel.send(push(device()))));
    for (const answer of answers) {
      expect(answer).toMatchObject({ kind: 'ours', reason: expect.stringContaining('invalid_grant') });
    }
    service.tokenAnswer = { status: 503, text: 'busy', headers: { 'retry-after': '7' } };
    expect(await open().send(push(device()))).toMatchObject({ kind: 'retry', inDoubt: false, afterMs: 7000 });
    expect(service.attempts).toBe(before);
    service.tokenAnswer = undefined;
    await until(
      async () => ((await channel.send(push(device()))).kind === 'sent' ? true : undefined),
      10_000,
      'the channel to ask again',
    );
  });
});

describe('a connection', () => {
  it('that FCM closes in good order costs nothing: what it did not take goes over another', async () => {
    const token = device('goaway', 1);
    const channel = open();
    const around = Array.from({ length: 20 }, () => device());
    const answers = await Promise.all([...around, token].map((one) => channel.send(push(one))));
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['sent']));
    expect(service.receivedBy(token)).toHaveLength(1);
    expect(await channel.send(push(device()))).toEqual({ kind: 'sent' });
  });

  it('on which one message is refused before it was taken sends it again, once', async () => {
    const channel = open();
    const once = device('refuse', 1);
    expect(await channel.send(push(once))).toEqual({ kind: 'sent' });
    expect(await channel.send(push(device('refuse')))).toMatchObject({ kind: 'retry', inDoubt: false });
  });

  it.each(['drop', 'lost', 'silent'] as const)('that ends as "%s" leaves its message in doubt', async (answer) => {
    const channel = open({ timeoutMs: 1000 });
    const token = device(answer, 1);
    expect(await channel.send(push(token))).toMatchObject({ kind: 'retry', inDoubt: true });
    expect(service.receivedBy(token)).toHaveLength(1);
    expect(await channel.send(push(device()))).toEqual({ kind: 'sent' });
  });

  it('that cannot be made is no doubt', async () => {
    const nowhere = { ...service.server, origin: 'https://127.0.0.1:1' };
    const answers = await Promise.all([1, 2, 3].map(() => open({ server: nowhere }).send(push(device()))));
    for (const answer of answers) expect(answer).toMatchObject({ kind: 'retry', inDoubt: false });
  });

  it('to a server with a certificate that nobody vouches for is not used', async () => {
    const before = service.attempts;
    const other = await new FcmService().start();
    const channel = open({ server: { origin: other.server.origin, ca: service.server.ca } });
    expect(await channel.send(push(device()))).toMatchObject({ kind: 'retry', inDoubt: false });
    expect([other.attempts, service.attempts]).toEqual([0, before]);
    await other.stop();
  });
});
