import { constants } from 'node:http2';
import { setTimeout as waitFor } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { until } from '../../test/books.ts';
import { FcmService } from '../../test/fcm-service.ts';
import type { Answer } from './answer.ts';
import { createFcmChannel } from './fcm/channel.ts';

let service: FcmService;
afterEach(() => service.stop());

/** A channel with one message, to a service that took it and says nothing. */
async function sendIntoSilence(timeoutMs = 60_000) {
  service = await new FcmService().start();
  const channel = createFcmChannel({ account: service.account, server: service.server, timeoutMs, connections: 1 });
  const push = { customerId: 1, tag: 'push-1', ttlSeconds: 60, urgency: 'normal' as const };
  const message = { title: 'モール', body: 'クーポン', url: 'https://mall.example/box' };
  service.answer('device', 'silent');
  const send = (token: string): Promise<Answer> => channel.send({ ...push, token, message });
  const answer = send('device');
  await until(() => service.received[0], 10_000, 'the message');
  return { channel, send, answer };
}

it('a silent service is left when patience is over: its message is in doubt, and no connection stays', async () => {
  const { channel, answer } = await sendIntoSilence();
  await channel.close(100);
  expect(await answer).toMatchObject({ kind: 'retry', inDoubt: true });
  await until(() => (service.open === 0 ? true : undefined), 5_000, 'the connection to be closed');
});

it('a connection that breaks while it is given back is given back', async () => {
  const { channel, answer } = await sendIntoSilence();
  const givenBack = channel.allow({ connections: 0 });
  service.sayGoAway();
  await givenBack;
  expect(await answer).toMatchObject({ kind: 'retry', inDoubt: true });
  await channel.close();
});

it('a connection that the service closes has none beside it until it is at nothing any more', async () => {
  const { channel, send, answer } = await sendIntoSilence(500);
  service.answer('late', 'goaway', 1);
  expect(await send('late')).toEqual({ kind: 'sent' });
  expect(await answer).toMatchObject({ kind: 'retry', inDoubt: true });
  // One more is where access tokens come from.
  expect(service.mostOpen).toBe(2);
  await channel.close();
});

it('a connection on which nothing new is to come, while it is at nothing, makes room for another at once', async () => {
  const { channel, send, answer } = await sendIntoSilence(300);
  await answer;
  expect(await send('first')).toEqual({ kind: 'sent' });
  service.sayGoAway(constants.NGHTTP2_NO_ERROR);
  // What is under way as it is heard may have to go over another one, too.
  await waitFor(100);
  expect(await send('second')).toEqual({ kind: 'sent' });
  await channel.close();
});
