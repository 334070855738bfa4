import { once } from 'node:events';
import { createServer } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../test/books.ts';
import { address, expectOneEach, FaultyMail, messageIds } from '../../test/faulty-mail.ts';
import { SmtpPeer } from '../../test/smtp-peer.ts';

let mail: FaultyMail;
beforeAll(async () => {
  mail = await FaultyMail.start();
  return () => mail.stop();
});

describe('a mail server that does not get on', () => {
  it('slow, a message a second, holds up e-mail alone; faster again, it has everybody’s once', async () => {
    await mail.withServer(
      async (smtp) => {
        smtp.manners = { slowMs: 1000 };
        // More batches than may be sent at once.
        const first = await mail.startPush(240);
        const pushes = [first, await mail.startPush(10)];
        await mail.untilAllButEmail(...pushes);
        expect((await mail.progress(first))?.sent).toBeLessThan(240);
        smtp.manners = {};
        await mail.expectEnd('sent', ...pushes);
        expectOneEach(
          smtp.received,
          pushes.flatMap(({ people }) => people),
        );
        for (const push of pushes) expect(await mail.progress(push)).toMatchObject({ in_doubt: 0, failed: 0 });
      },
      { mail: { timeouts: { replyMs: 60_000 } } },
    );
  });

  it('mute after the message, holds up e-mail alone; whoever was not answered is in doubt, counted, and sent to again', async () => {
    await mail.withServer(
      async (smtp) => {
        smtp.otherwise = 'mute';
        const first = await mail.startPush(6);
        const pushes = [first, await mail.startPush(4)];
        await mail.untilAllButEmail(...pushes);
        await until(() => (smtp.received.length > 10 ? true : undefined), 20_000, 'repeats');
        smtp.otherwise = 'accept';
        await mail.expectEnd('sent', ...pushes);
        const counters = await Promise.all(pushes.map((push) => mail.progress(push)));
        const inDoubt = counters.reduce((sum, counter) => sum + (counter?.in_doubt ?? 0), 0);
        expect(smtp.received.length - 10).toBeLessThanOrEqual(inDoubt);
        expect(new Set(messageIds(smtp.received)).size).toBe(10);
      },
      { mail: { timeouts: { replyMs: 300 } } },
    );
  });

  it('that takes connections and says nothing, not even hello, delays e-mail and puts nobody in doubt', async () => {
    await mail.withServer(
      async (smtp) => {
        const { port } = smtp;
        await smtp.stop();
        const silent = createServer((socket) => socket.on('error', () => {})).listen(port, '127.0.0.1');
        await once(silent, 'listening');
        const first = await mail.startPush(20);
        const pushes = [first, await mail.startPush(10)];
        await mail.untilAllButEmail(...pushes);
        await mail.untilRetried(first);
        silent.close();
        const back = await SmtpPeer.start({ port });
        await mail.expectEnd('sent', ...pushes);
        expectOneEach(
          back.received,
          pushes.flatMap(({ people }) => people),
        );
        for (const push of pushes) expect(await mail.progress(push)).toMatchObject({ in_doubt: 0, failed: 0 });
        await back.stop();
      },
      { mail: { timeouts: { connectMs: 300 } } },
    );
  });

  it('that drops the connection after each message for a while: each repeat has the same Message-ID, and is counted', async () => {
    await mail.withServer(async (smtp) => {
      const push = await mail.startPush(12);
      for (const id of push.people) smtp.behave(address(id), 'drop_after_message', 1);
      await mail.expectEnd('sent', push);
      for (const id of push.people) expect(new Set(messageIds(smtp.receivedBy(address(id)))).size).toBe(1);
      const got = push.people.flatMap((id) => smtp.receivedBy(address(id)));
      expect(got.length - 12).toBeLessThanOrEqual((await mail.progress(push))?.in_doubt ?? 0);
    });
  });

  it('that takes every message and never says so is paused before it has everybody’s many times', async () => {
    await mail.withServer(async (smtp) => {
      smtp.otherwise = 'drop_after_message';
      const push = await mail.startPush(200);
      expect(await mail.untilPaused(push)).toMatch(/without saying so/);
      await mail.untilAllButEmail(push);
      smtp.otherwise = 'accept';
      await mail.resume(push);
      await mail.expectEnd('sent', push);
      expect(await mail.suppressed(push)).toEqual([]);
    });
  });
});

describe('a mail server that says later', () => {
  it('421 after each 100 messages over a connection, gets the rest over another: each once, nobody in doubt', async () => {
    await mail.withServer(async (smtp) => {
      smtp.manners = { messagesPerConnection: 100 };
      const push = await mail.startPush(450);
      await mail.expectEnd('sent', push);
      expectOneEach(smtp.received, push.people);
      expect(await mail.progress(push)).toMatchObject({ sent: 450, failed: 0, in_doubt: 0 });
    });
  });

  it('450 to everybody’s first attempt (greylisting), takes the second: each once, nobody fails', async () => {
    await mail.withServer(async (smtp) => {
      smtp.manners = { greylist: { code: 450, text: '4.7.1 greylisted, come back' } };
      const push = await mail.startPush(60);
      await mail.expectEnd('sent', push);
      expectOneEach(smtp.received, push.people);
      expect(await mail.progress(push)).toMatchObject({ sent: 60, failed: 0, in_doubt: 0, retries: 60 });
      expect(await mail.suppressed(push)).toEqual([]);
    });
  });

  it('452 (no space) to everybody, is asked again until it has some, and delays e-mail alone', async () => {
    await mail.withServer(async (smtp) => {
      smtp.otherwise = { at: 'rcpt', code: 452, text: '4.3.1 insufficient system storage' };
      const first = await mail.startPush(20);
      const pushes = [first, await mail.startPush(10)];
      await mail.untilAllButEmail(...pushes);
      await mail.untilRetried(first);
      smtp.otherwise = 'accept';
      await mail.expectEnd('sent', ...pushes);
      expectOneEach(
        smtp.received,
        pushes.flatMap(({ people }) => people),
      );
      for (const push of pushes) expect(await mail.suppressed(push)).toEqual([]);
    });
  });
});
