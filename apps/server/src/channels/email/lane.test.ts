import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../test/books.ts';
import { SmtpPeer } from '../../../test/smtp-peer.ts';
import { createEmailChannel, type EmailChannelOptions, type OutgoingEmail } from './channel.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function startPeer(): Promise<SmtpPeer> {
  const peer = await SmtpPeer.start();
  cleanUp.push(() => peer.stop());
  return peer;
}

/** One connection, to a server that may be silent for a minute. */
function openChannel(url: string, options: Partial<EmailChannelOptions> = {}) {
  const timeouts = { connectMs: 2_000, replyMs: 60_000 };
  const channel = createEmailChannel({ url, connections: 1, timeouts, ...options });
  cleanUp.push(() => channel.close());
  return channel;
}

function email(to: string): OutgoingEmail {
  return { from: 'coupon@market.example', to, raw: Buffer.from('Subject: coupon\r\n\r\nhello\r\n') };
}

const three = [email('a@example.com'), email('b@example.com'), email('c@example.com')] as const;

describe('the messages of a connection', () => {
  it('are as few as is said also when they come together', async () => {
    const peer = await startPeer();
    const channel = openChannel(peer.url, { messagesPerConnection: 1 });
    const answers = await Promise.all(three.map((message) => channel.send(message)));
    expect(answers.map(({ kind }) => kind)).toEqual(['sent', 'sent', 'sent']);
    expect({ connections: peer.connections, atOnce: peer.mostOpen }).toEqual({ connections: 3, atOnce: 1 });
  });

  it('may become fewer than it has had: the next one goes over a new connection, and waits for nothing', async () => {
    const peer = await startPeer();
    const channel = openChannel(peer.url);
    for (const message of three) expect(await channel.send(message)).toEqual({ kind: 'sent' });
    await channel.allow({ connections: 1, messagesPerConnection: 2 });
    expect(await channel.send(email('d@example.com'))).toEqual({ kind: 'sent' });
    expect({ connections: peer.connections, atOnce: peer.mostOpen }).toEqual({ connections: 2, atOnce: 1 });
  });
});

describe('a connection that is ended in the middle', () => {
  it('is followed by no other: whoever waited for a new one hears that it stops', async () => {
    const peer = await startPeer();
    const channel = openChannel(peer.url, { messagesPerConnection: 2 });
    const [first, second, third] = three;
    expect(await channel.send(first)).toEqual({ kind: 'sent' });
    peer.otherwise = 'mute';
    const sending = [second, third].map((message) => channel.send(message));
    await until(() => peer.received[1], 10_000, 'the second message');
    await channel.close(100);
    expect(await Promise.all(sending)).toMatchObject([
      { kind: 'retry', inDoubt: true },
      { kind: 'retry', untried: true },
    ]);
    expect(peer.connections).toBe(1);
  });

  it('leaves those untried who were not begun with, as nobody’s attempt', async () => {
    const peer = await startPeer();
    const channel = openChannel(peer.url);
    await peer.stop();
    expect(await channel.send(email('a@example.com'))).toMatchObject({ kind: 'retry', inDoubt: false });
    const waiting = channel.send(email('b@example.com'));
    await channel.close(100);
    expect(await waiting).toMatchObject({ kind: 'retry', untried: true });
  });
});
