import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { samplePushContent } from '../../test/push-content.ts';
import type { Channel } from '../channels/answer.ts';
import { createEmailChannel, type OutgoingEmail } from '../channels/email/channel.ts';
import { createHttpServer, type HttpServer } from '../http/server.ts';
import { silentLog } from '../lib/plain-log.ts';
import { type EmailTemplate, prepareEmail } from '../messages/email-template.ts';
import { renderMessage } from '../messages/render.ts';
import { type CapturedMailServer, startCapturedMail } from './captured-mail.ts';
import { registerMailbox } from './mailbox-routes.ts';

let database: TestDatabase;
let server: CapturedMailServer;
let channel: Channel<OutgoingEmail>;
let app: HttpServer;
let template: EmailTemplate;

beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database;
  server = await startCapturedMail({ pool, log: silentLog, keep: 100 });
  channel = createEmailChannel({ url: server.url, connections: 8 });
  app = await createHttpServer({ logger: pino({ level: 'silent' }), trustedOrigins: [], maxUploadBytes: 1000 });
  registerMailbox(app, { pool });
  const options = { publicUrl: 'https://push.market.example', messageIdDomain: 'push.market.example' };
  template = prepareEmail(await renderMessage(samplePushContent('ja'), 'ja'), options);
});
afterAll(async () => {
  await app.close();
  await channel.close();
  await server.close();
  await database.drop();
});
beforeEach(() => database.pool.query('truncate captured_mail restart identity'));

const date = new Date('2026-11-25T01:00:00Z');
const sendTo = (to: string, customerId = 7) =>
  channel.send({
    from: template.from,
    to,
    raw: template.build({ to, customerId, pushId: 10001, token: 'A'.repeat(40), date }),
  });

describe('captured mail', () => {
  it('is kept as it was sent, at the time that the mail says', async () => {
    expect(await sendTo('hana@example.com')).toEqual({ kind: 'sent' });
    const { rows } = await database.pool.query('select * from captured_mail');
    expect(rows).toMatchObject([
      {
        to_address: 'hana@example.com',
        from_address: 'coupon@market.example',
        subject: '[ハルマーケット] ショップクーポンが発行されました！',
        received_at: date,
      },
    ]);
    const sent = template.build({ to: 'hana@example.com', customerId: 7, pushId: 10001, token: 'A'.repeat(40), date });
    expect(sent.equals(rows[0].raw)).toBe(true);
  });

  it('is said to be taken only when it is committed, and never lost or doubled', async () => {
    const answers = await Promise.all(Array.from({ length: 90 }, (_, index) => sendTo(`c${index}@example.com`, index)));
    expect(answers.filter(({ kind }) => kind === 'sent')).toHaveLength(90);
    const { rows } = await database.pool.query(
      'select count(distinct to_address) as people, count(*) as mails from captured_mail',
    );
    expect(rows).toEqual([{ people: 90, mails: 90 }]);
  });

  it('is capped: the newest stay', async () => {
    for (const round of [1, 2, 3]) {
      await Promise.all(Array.from({ length: 60 }, (_, index) => sendTo(`c${round}-${index}@example.com`)));
    }
    const { rows } = await database.pool.query('select count(*) as mails, max(id) as newest from captured_mail');
    expect(rows[0].mails).toBeGreaterThanOrEqual(100);
    expect(rows[0].mails).toBeLessThanOrEqual(110);
    expect(rows[0].newest).toBe(180);
  });
});

describe('the mailbox', () => {
  it('says that there is nothing yet, in the reader’s language', async () => {
    expect((await app.inject({ url: '/mailbox', headers: { 'accept-language': 'ko-KR' } })).body).toContain(
      '아직 메일이 없습니다',
    );
    expect((await app.inject({ url: '/mailbox?lang=en', headers: { 'accept-language': 'ko' } })).body).toContain(
      'No mail yet',
    );
  });

  it('lists the newest first, finds by recipient, and turns pages', async () => {
    for (let index = 0; index < 60; index += 1) await sendTo(`c${index}@example.com`);
    const first = (await app.inject('/mailbox?lang=en')).body;
    expect(listed(first)).toHaveLength(50);
    expect(listed(first)[0]).toBe('c59@example.com');
    const older = /href="(\/mailbox\?before=\d+[^"]*)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const second = (await app.inject(older)).body;
    expect(listed(second)).toHaveLength(10);
    const newer = /href="(\/mailbox\?after=\d+[^"]*)"/.exec(second)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(listed((await app.inject(newer)).body)).toEqual(listed(first));
    expect(listed((await app.inject('/mailbox?to=C7%40')).body)).toEqual(['c7@example.com']);
    expect(listed((await app.inject('/mailbox?to=%25')).body)).toEqual([]);
    expect((await app.inject('/mailbox.json?to=c7%40example.com')).json()).toMatchObject({
      entries: [{ to: 'c7@example.com', receivedAt: date.toISOString() }],
    });
  });

  it('shows a mail, its HTML locked up in a frame', async () => {
    await sendTo('hana@example.com');
    const [{ id }] = (await app.inject('/mailbox.json')).json().entries;
    const page = await app.inject(`/mailbox/${id}?lang=en`);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).toContain(`src="/mailbox/${id}/html" sandbox=`);
    expect(page.body).toContain('List-Unsubscribe-Post');
    expect(page.body).toContain('2,000円以上購入時');
    const html = await app.inject(`/mailbox/${id}/html`);
    expect(html.headers['content-security-policy']).toMatch(/^sandbox /);
    expect(html.body).toContain('さくら雑貨店 BEST ITEM');
    const source = await app.inject(`/mailbox/${id}/source`);
    expect(source.rawPayload.toString('latin1')).toContain('Message-ID: <push.10001.7@push.market.example>');
  });

  it('never runs what a mail brings with it', async () => {
    const raw = Buffer.from(
      'Subject: <script>alert(1)</script>\r\nX-Y: "><img src=x>\r\n\r\n</pre><script>alert(2)</script>\r\n',
    );
    await channel.send({ from: 'a@b.example', to: 'hana@example.com', raw });
    const pages = await Promise.all([app.inject('/mailbox'), app.inject('/mailbox/1')]);
    for (const { body } of pages) {
      expect(body).not.toContain('<script>');
      expect(body).not.toContain('<img');
    }
  });

  it('says so when there is no such mail', async () => {
    for (const url of [
      '/mailbox/1',
      '/mailbox/1/html',
      '/mailbox/1/source',
      '/mailbox/nonsense',
      '/mailbox/99999999999999999999',
    ]) {
      expect((await app.inject(url)).statusCode, url).toBe(404);
    }
  });

  function listed(html: string): string[] {
    return [...html.matchAll(/<td class="to"><a [^>]*>([^<]*)</g)].map(([, to = '']) => to);
  }
});
