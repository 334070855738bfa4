import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../test/books.ts';
import { SmtpPeer, type SmtpPeerOptions } from '../../../test/smtp-peer.ts';
import type { Channel } from '../answer.ts';
import { Evidence } from '../evidence.ts';
import { createEmailChannel, type EmailChannelOptions, type OutgoingEmail } from './channel.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function startPeer(options: SmtpPeerOptions = {}): Promise<SmtpPeer> {
  const peer = await SmtpPeer.start(options);
  cleanUp.push(() => peer.stop());
  return peer;
}

function openChannel(url: string, options: Partial<EmailChannelOptions> = {}): Channel<OutgoingEmail> {
  const channel = createEmailChannel({ url, timeouts: { connectMs: 2_000, replyMs: 2_000 }, ...options });
  cleanUp.push(() => channel.close());
  return channel;
}

function email(to: string, body = 'hello'): OutgoingEmail {
  return { from: 'coupon@market.example', to, raw: Buffer.from(`Subject: coupon\r\n\r\n${body}\r\n`) };
}

describe('an e-mail', () => {
  it('arrives byte for byte, also with lines that begin with a dot', async () => {
    const peer = await startPeer();
    const message = email('hana@example.com', '.\r\n..dots\r\n.end');
    expect(await openChannel(peer.url).send(message)).toEqual({ kind: 'sent' });
    expect(peer.received).toMatchObject([{ from: 'coupon@market.example', to: 'hana@example.com', answered: true }]);
    expect(peer.received[0]?.raw.equals(message.raw)).toBe(true);
  });

  it('goes over connections that are kept, and opened anew after so many messages', async () => {
    const peer = await startPeer();
    // One connection: of several, each may have carried any share of the messages when the last one is sent.
    const channel = openChannel(peer.url, { connections: 1, messagesPerConnection: 10 });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => channel.send(email(`c${index}@example.com`))),
    );
    expect(answers.filter(({ kind }) => kind === 'sent')).toHaveLength(40);
    expect(peer.connections).toBe(4);
    expect(new Set(peer.received.map(({ to }) => to)).size).toBe(40);
  });

  it('is tried again after a temporary refusal, and the connection stays usable', async () => {
    const peer = await startPeer();
    const channel = openChannel(peer.url, { connections: 1 });
    peer.behave('full@example.com', { at: 'rcpt', code: 450, text: '4.2.1 later' });
    expect(await channel.send(email('full@example.com'))).toEqual({
      kind: 'retry',
      reason: '450 4.2.1 later',
      inDoubt: false,
    });
    expect(await channel.send(email('hana@example.com'))).toEqual({ kind: 'sent' });
    expect(peer.connections).toBe(1);
  });

  it('has failed for good, and suppresses the address, when there is no such user', async () => {
    const peer = await startPeer();
    const channel = openChannel(peer.url, { connections: 1 });
    peer.behave('gone@example.com', { at: 'rcpt', code: 550, text: '5.1.1 no such user' });
    expect(await channel.send(email('gone@example.com'))).toMatchObject({ kind: 'failed', hardBounce: true });
    expect(await channel.send(email('hana@example.com'))).toEqual({ kind: 'sent' });
  });

  it('refused over who we are is about us', async () => {
    const peer = await startPeer();
    peer.otherwise = { at: 'message', code: 550, text: '5.7.1 not from you' };
    expect(await openChannel(peer.url).send(email('hana@example.com'))).toMatchObject({ kind: 'ours' });
  });

  it('is tried again without doubt after 421, and the next one goes over a new connection', async () => {
    const peer = await startPeer();
    const channel = openChannel(peer.url, { connections: 1 });
    peer.behave('hana@example.com', { at: 'message', code: 421, text: '4.3.2 closing' }, 1);
    expect(await channel.send(email('hana@example.com'))).toMatchObject({ kind: 'retry', inDoubt: false });
    expect(await channel.send(email('hana@example.com'))).toEqual({ kind: 'sent' });
    expect(peer.connections).toBe(2);
  });

  it('is in doubt when the connection is lost after the message, and not before', async () => {
    const peer = await startPeer();
    const channel = openChannel(peer.url, { connections: 1 });
    peer.behave('after@example.com', 'drop_after_message', 1);
    peer.behave('before@example.com', 'drop_at_rcpt', 1);
    expect(await channel.send(email('before@example.com'))).toMatchObject({ kind: 'retry', inDoubt: false });
    expect(await channel.send(email('after@example.com'))).toMatchObject({ kind: 'retry', inDoubt: true });
    expect(peer.received).toMatchObject([{ to: 'after@example.com', answered: false }]);
    expect(await channel.send(email('after@example.com'))).toEqual({ kind: 'sent' });
  });

  it('is in doubt when the server never answers the message', async () => {
    const peer = await startPeer();
    peer.behave('mute@example.com', 'mute');
    const channel = openChannel(peer.url, { timeouts: { replyMs: 200 } });
    expect(await channel.send(email('mute@example.com'))).toMatchObject({ kind: 'retry', inDoubt: true });
  });

  it('goes over a new connection at once when the server had closed an idle one', async () => {
    const peer = await startPeer();
    const channel = openChannel(peer.url, { connections: 1 });
    await channel.send(email('one@example.com'));
    peer.behave('two@example.com', 'drop_at_rcpt', 1);
    expect(await channel.send(email('two@example.com'))).toEqual({ kind: 'sent' });
    peer.dropConnections();
    expect(await channel.send(email('three@example.com'))).toEqual({ kind: 'sent' });
    expect(peer.received.map(({ to }) => to)).toEqual(['one@example.com', 'two@example.com', 'three@example.com']);
  });

  it('to what is no address is refused without the server', async () => {
    const channel = openChannel('smtp://127.0.0.1:1');
    expect(await channel.send(email('a@b.example>\r\nRCPT TO:<c@d.example'))).toMatchObject({
      kind: 'failed',
      hardBounce: true,
    });
    expect(await channel.send({ ...email('a@b.example'), from: 'nobody' })).toMatchObject({ kind: 'ours' });
  });
});

describe('what says nothing about the recipient', () => {
  it('fails one recipient among others, and means us when everybody is refused like that', async () => {
    const peer = await startPeer();
    let now = 0;
    const evidence = new Evidence(() => (now += 1000));
    const channel = openChannel(peer.url, { evidence });
    peer.behave('odd@example.com', { at: 'message', code: 554, text: 'transaction failed' });
    expect(await channel.send(email('hana@example.com'))).toEqual({ kind: 'sent' });
    expect(await channel.send(email('odd@example.com'))).toMatchObject({ kind: 'failed' });
    // What was taken long ago proves nothing any more.
    now += 3_600_000;
    peer.otherwise = { at: 'message', code: 554, text: 'transaction failed' };
    const answers = await Promise.all([1, 2, 3, 4].map((index) => channel.send(email(`c${index}@example.com`))));
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['ours']));
  });
});

describe.each([{ pipelining: true }, { pipelining: false }])('of many e-mails (pipelining: $pipelining)', (offer) => {
  it('each arrives whole and once, and a refused one changes nothing for the others', async () => {
    const peer = await startPeer(offer);
    const channel = openChannel(peer.url, { connections: 2, messagesPerConnection: 50 });
    const to = (index: number) => `c${index}@example.com`;
    for (let index = 0; index < 200; index += 10) {
      peer.behave(to(index), { at: index % 20 === 0 ? 'rcpt' : 'message', code: 550, text: '5.1.1 no such user' });
    }
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => channel.send(email(to(index), `.${index}\r\n.`))),
    );
    expect(answers.map(({ kind }) => kind)).toEqual(
      Array.from({ length: 200 }, (_, index) => (index % 10 === 0 ? 'failed' : 'sent')),
    );
    expect(peer.received).toHaveLength(180);
    for (const { to: address, raw } of peer.received) {
      expect(raw.toString()).toBe(`Subject: coupon\r\n\r\n.${address.slice(1, -12)}\r\n.\r\n`);
    }
  });
});

describe('a server', () => {
  it('that asks for the message of a refused recipient gets an empty one, and the next message as it is', async () => {
    const heard: string[] = [];
    let recipients = 0;
    const server: Server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('220 hello\r\n');
      let text = '';
      let inMessage = false;
      socket.on('data', (chunk) => {
        text += chunk.toString();
        const lines = text.split('\r\n');
        text = lines.pop() ?? '';
        for (const line of lines) {
          heard.push(line);
          if (inMessage && line !== '.') continue;
          if (line.startsWith('EHLO')) socket.write('250-here\r\n250 PIPELINING\r\n');
          else if (line.startsWith('RCPT')) socket.write(recipients++ === 0 ? '550 5.1.1 nobody\r\n' : '250 ok\r\n');
          else if (line === 'DATA') socket.write('354 go on\r\n');
          else socket.write('250 ok\r\n');
          inMessage = line === 'DATA';
        }
      });
    }).listen(0, '127.0.0.1');
    cleanUp.push(async () => server.close());
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const channel = openChannel(`smtp://127.0.0.1:${address.port}`, { connections: 1 });
    const answers = [channel.send(email('gone@example.com')), channel.send(email('hana@example.com'))];
    expect(await Promise.all(answers)).toMatchObject([{ kind: 'failed', hardBounce: true }, { kind: 'sent' }]);
    expect(heard.slice(1)).toEqual([
      'MAIL FROM:<coupon@market.example>',
      'RCPT TO:<gone@example.com>',
      'DATA',
      '.',
      'RSET',
      'MAIL FROM:<coupon@market.example>',
      'RCPT TO:<hana@example.com>',
      'DATA',
      'Subject: coupon',
      '',
      'hello',
      '.',
    ]);
  });

  it('that cannot be reached is tried less and less often, and used as soon as it is back', async () => {
    const peer = await startPeer();
    const { url, port } = peer;
    await peer.stop();
    const channel = openChannel(url, { connections: 3 });
    const began = performance.now();
    const answers = await Promise.all([1, 2, 3].map(() => channel.send(email('hana@example.com'))));
    expect(answers).toEqual(Array(3).fill(expect.objectContaining({ kind: 'retry', inDoubt: false })));
    await startPeer({ port });
    expect(await channel.send(email('hana@example.com'))).toEqual({ kind: 'sent' });
    expect(performance.now() - began).toBeGreaterThan(400);
  });

  it('that is gone when a connection has to be opened anew is waited for, too', async () => {
    const peer = await startPeer();
    const channel = openChannel(peer.url, { connections: 1, messagesPerConnection: 1 });
    expect(await channel.send(email('hana@example.com'))).toEqual({ kind: 'sent' });
    await peer.stop();
    const began = performance.now();
    expect(await channel.send(email('hana@example.com'))).toMatchObject({ kind: 'retry', inDoubt: false });
    expect(await channel.send(email('hana@example.com'))).toMatchObject({ kind: 'retry', inDoubt: false });
    expect(performance.now() - began).toBeGreaterThan(400);
  });

  it('that never greets costs its timeout and no more', async () => {
    const server: Server = createServer(() => {}).listen(0, '127.0.0.1');
    cleanUp.push(async () => server.close());
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const channel = openChannel(`smtp://127.0.0.1:${address.port}`, { timeouts: { connectMs: 200 } });
    expect(await channel.send(email('hana@example.com'))).toMatchObject({ kind: 'retry', inDoubt: false });
  });

  it('is signed in to with the name and password of the URL, over STARTTLS', async () => {
    const peer = await startPeer({ users: { 'push@market': 'p w:/@' }, tls: true });
    const login = `${encodeURIComponent('push@market')}:${encodeURIComponent('p w:/@')}`;
    const url = peer.url.replace('smtp://', `smtp://${login}@`);
    expect(await openChannel(`${url}?tls.rejectUnauthorized=false`).send(email('hana@example.com'))).toEqual({
      kind: 'sent',
    });
    // The certificate of the peer is nobody's: without saying so, no password is sent.
    expect(await openChannel(url).send(email('hana@example.com'))).toMatchObject({ kind: 'ours' });
  });

  it('that offers no TLS is told no password, unless the operator says so', async () => {
    const peer = await startPeer({ users: { push: 'secret' } });
    const url = peer.url.replace('smtp://', 'smtp://push:secret@');
    expect(await openChannel(url).send(email('hana@example.com'))).toMatchObject({ kind: 'ours' });
    expect(await openChannel(`${url}?ignoreTLS=true`).send(email('hana@example.com'))).toEqual({ kind: 'sent' });
    const wrong = url.replace('secret', 'wrong');
    expect(await openChannel(`${wrong}?ignoreTLS=true`).send(email('hana@example.com'))).toMatchObject({
      kind: 'ours',
    });
  });

  it('is given as a URL', () => {
    for (const url of ['', 'localhost:25', 'http://localhost', 'smtp://']) {
      expect(() => createEmailChannel({ url })).toThrow(RangeError);
    }
  });
});

describe('closing', () => {
  it('lets what is under way end, and leaves no connection', async () => {
    const peer = await startPeer();
    const channel = openChannel(peer.url, { connections: 2 });
    const sending = Array.from({ length: 20 }, (_, index) => channel.send(email(`c${index}@example.com`)));
    await until(() => peer.received[0], 10_000, 'the first message');
    await channel.close();
    const kinds = (await Promise.all(sending)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'sent')).toHaveLength(peer.received.length);
  });

  it('does not wait for a silent server for ever: what was on its way is in doubt, what was not is not', async () => {
    const peer = await startPeer();
    peer.otherwise = 'mute';
    const channel = openChannel(peer.url, { connections: 1, timeouts: { replyMs: 60_000 } });
    const sending = ['on-its-way@example.com', 'behind-it@example.com'].map((to) => channel.send(email(to)));
    await until(() => peer.received[0], 10_000, 'the first message');
    await channel.close(100);
    expect(await Promise.all(sending)).toMatchObject([
      { kind: 'retry', inDoubt: true },
      { kind: 'retry', inDoubt: false },
    ]);
    expect(peer.received.map(({ to }) => to)).toEqual(['on-its-way@example.com']);
  });
});
