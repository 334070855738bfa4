import { beforeAll, describe, expect, it } from 'vitest';
import { address, expectOneEach, FaultyMail } from '../../test/faulty-mail.ts';
import { Evidence } from '../channels/evidence.ts';

let mail: FaultyMail;
beforeAll(async () => {
  mail = await FaultyMail.start();
  return () => mail.stop();
});

describe('a mail server that says never', () => {
  it('550 to some fails them alone, and suppresses those alone whose address does not exist (5.1.x)', async () => {
    await mail.withServer(async (smtp) => {
      const push = await mail.startPush(10);
      const [unknown = 0, disabled = 0, silent = 0, strange = 0] = push.people;
      smtp.behave(address(unknown), { at: 'rcpt', code: 550, text: '5.1.1 no such user' });
      smtp.behave(address(disabled), { at: 'rcpt', code: 550, text: '5.2.1 disabled' });
      smtp.behave(address(silent), { at: 'rcpt', code: 550, text: 'mailbox unavailable' });
      // What no database keeps must not have the others of its window sent to again.
      smtp.behave(address(strange), { at: 'message', code: 550, text: '5.2.1 no\0no' });
      await mail.expectEnd('partly_sent', push);
      expect(await mail.progress(push)).toMatchObject({ sent: 6, failed: 4, in_doubt: 0 });
      expect(await mail.suppressed(push)).toEqual([unknown]);
      expectOneEach(smtp.received, push.people.slice(4));
    });
  });

  const forEveryone = [
    { at: 'mail', code: 554, text: '5.7.1 not from you' },
    { at: 'rcpt', code: 554, text: 'transaction failed' },
    { at: 'message', code: 554, text: '5.6.0 no' },
  ] as const;
  it.each(forEveryone)(
    '$code $text to everybody, at $at, means us: paused, the operator is told, nobody fails',
    async (refusal) => {
      // Its clock runs fast: what it has to see takes five seconds of it.
      const evidence = new Evidence(() => performance.now() * 50);
      await mail.withServer(
        async (smtp) => {
          smtp.otherwise = refusal;
          const push = await mail.startPush(30);
          expect(await mail.untilPaused(push)).toContain(refusal.text);
          await mail.untilAllButEmail(push);
          expect(await mail.progress(push)).toMatchObject({ sent: 0, failed: 0, in_doubt: 0 });
          expect(await mail.suppressed(push)).toEqual([]);
          smtp.otherwise = 'accept';
          await mail.resume(push);
          await mail.expectEnd('sent', push);
          expectOneEach(smtp.received, push.people);
        },
        { mail: { evidence } },
      );
    },
  );

  const oneAlone = [
    { at: 'rcpt', code: 550, text: '5.7.1 access denied' },
    { at: 'message', code: 554, text: '5.7.1 refused by policy' },
  ] as const;
  it.each(oneAlone)(
    '$code $text, at $at, to one alone pauses, but holds nobody up once the operator has looked',
    async (refusal) => {
      await mail.withServer(async (smtp) => {
        const push = await mail.startPush(30);
        const [, , , strict = 0] = push.people;
        smtp.behave(address(strict), refusal);
        expect(await mail.untilPaused(push)).toContain(refusal.text);
        await mail.resume(push);
        await mail.expectEnd('partly_sent', push);
        expect(await mail.progress(push)).toMatchObject({ sent: 29, failed: 1, in_doubt: 0 });
        expect(await mail.suppressed(push)).toEqual([]);
        expectOneEach(
          smtp.received,
          push.people.filter((customerId) => customerId !== strict),
        );
      });
    },
  );

  it('in more words than are kept, cut in the middle of a letter, pauses once and sends nobody two', async () => {
    await mail.withServer(async (smtp) => {
      const push = await mail.startPush(30);
      const [, , , strict = 0] = push.people;
      smtp.behave(address(strict), { at: 'rcpt', code: 554, text: `5.7.1 ${'no '.repeat(96)}n\u{1f600}` });
      expect(await mail.untilPaused(push)).toContain('5.7.1 no no');
      await mail.resume(push);
      await mail.expectEnd('partly_sent', push);
      expect(await mail.progress(push)).toMatchObject({ sent: 29, failed: 1, in_doubt: 0 });
    });
  });

  it('to one, and the operator lets it go on while others are under way: nobody gets two', async () => {
    await mail.withServer(async (smtp) => {
      smtp.manners = { slowMs: 50 };
      const push = await mail.startPush(80);
      const [, , , strict = 0] = push.people;
      smtp.behave(address(strict), { at: 'rcpt', code: 550, text: '5.7.1 access denied' });
      await mail.untilPaused(push);
      await mail.resume(push);
      await mail.expectEnd('partly_sent', push);
      expect(await mail.progress(push)).toMatchObject({ sent: 79, failed: 1, in_doubt: 0, pauses: 1 });
      expectOneEach(
        smtp.received,
        push.people.filter((customerId) => customerId !== strict),
      );
    });
  });

  it('about us again, though the operator let it go on, fails nobody', async () => {
    const evidence = new Evidence(() => performance.now() * 50);
    await mail.withServer(
      async (smtp) => {
        smtp.otherwise = { at: 'message', code: 554, text: '5.7.1 looks like spam' };
        const push = await mail.startPush(30);
        await mail.untilPaused(push);
        await mail.resume(push);
        await mail.untilPaused(push, 2);
        expect(await mail.progress(push)).toMatchObject({ sent: 0, failed: 0 });
        smtp.otherwise = 'accept';
        await mail.resume(push);
        await mail.expectEnd('sent', push);
        expectOneEach(smtp.received, push.people);
      },
      { mail: { evidence } },
    );
  });
});
