import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FcmService } from '../../test/fcm-service.ts';
import { PushService } from '../../test/push-service.ts';
import { SmtpPeer } from '../../test/smtp-peer.ts';
import type { Answer, Channel } from './answer.ts';
import { createEmailChannel } from './email/channel.ts';
import { createFcmChannel } from './fcm/channel.ts';
import type { Adjustable, Permits } from './permits.ts';
import { createWebPushChannel, generateVapidKeys } from './web-push/channel.ts';

let smtp: SmtpPeer;
let browsers: PushService;
let apps: FcmService;
const vapid = { ...generateVapidKeys(), subject: 'mailto:coupon@market.example' };

beforeAll(async () => {
  smtp = await SmtpPeer.start();
  browsers = await new PushService().start();
  apps = await new FcmService().start();
  return async () => {
    await Promise.all([smtp.stop(), browsers.stop(), apps.stop()]);
  };
});

interface UnderTest {
  channel: Channel<never> & Adjustable;
  send: () => Promise<Answer>;
  arrived: () => number;
}

const message = { title: 'モール', body: 'クーポン', url: 'https://mall.example/box' };
const manner = { ttlSeconds: 60, urgency: 'normal' as const };

const channels: Record<string, (permits: Permits) => UnderTest> = {
  'e-mail': (permits) => {
    const channel = createEmailChannel({ url: smtp.url, permits });
    const raw = Buffer.from('Subject: coupon\r\n\r\nhello\r\n');
    const send = () => channel.send({ from: 'shop@example.com', to: 'a@example.com', raw });
    return { channel, send, arrived: () => smtp.received.length };
  },
  'web push': (permits) => {
    const channel = createWebPushChannel({ vapid, allowPrivateNetworks: true, permits });
    const subscription = browsers.subscribe(vapid.publicKey);
    const send = () => channel.send({ customerId: 1, subscription, payload: '{}', topic: 'push-1', ...manner });
    return { channel, send, arrived: () => browsers.received.length };
  },
  fcm: (permits) => {
    const channel = createFcmChannel({ account: apps.account, server: apps.server, permits });
    const send = () => channel.send({ customerId: 1, token: 'device:APA91b', message, tag: 'push-1', ...manner });
    return { channel, send, arrived: () => apps.received.length };
  },
};

describe.each(Object.entries(channels))('%s', (_name, open) => {
  const opened: UnderTest[] = [];
  const use = (permits: Permits) => {
    const made = open(permits);
    opened.push(made);
    return made;
  };
  afterAll(async () => {
    await Promise.all(opened.map(({ channel }) => channel.close()));
  });

  it('leaves by leave alone; without it nothing was tried', async () => {
    const { send, arrived } = use({ take: () => Promise.resolve(false) });
    const before = arrived();
    expect(await send()).toMatchObject({ kind: 'retry', inDoubt: false, untried: true });
    expect(arrived()).toBe(before);
  });

  it('waits while it may use no connection, and goes when it may', async () => {
    const { channel, send, arrived } = use({ take: () => Promise.resolve(true) });
    expect(await send()).toEqual({ kind: 'sent' });
    await channel.allow({ connections: 0 });
    const before = arrived();
    const sending = Promise.all([send(), send(), send()]);
    await channel.allow({ connections: 0 });
    expect(arrived()).toBe(before);
    await channel.allow({ connections: 1 });
    expect((await sending).map(({ kind }) => kind)).toEqual(['sent', 'sent', 'sent']);
    await channel.allow(channel.usual);
    expect(await send()).toEqual({ kind: 'sent' });
  });

  it('that waits for a connection when the process stops was not tried', async () => {
    const { channel, send } = open({ take: () => Promise.resolve(true) });
    await channel.allow({ connections: 0 });
    const sending = send();
    await channel.close();
    expect(await sending).toMatchObject({ kind: 'retry', untried: true });
  });
});
