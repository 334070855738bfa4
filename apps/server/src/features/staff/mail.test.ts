import { invitationMade } from '@coupon-push/contract/people.ts';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { until } from '../../../test/books.ts';
import { startTestEngine, type TestEngine } from '../../../test/engine.ts';
import type { TestShop } from '../../../test/marketplace.ts';
import { SmtpPeer } from '../../../test/smtp-peer.ts';
import { createWebPushChannel, generateVapidKeys } from '../../channels/web-push/channel.ts';

let api: TestApi;
let shop: TestShop;
let smtp: SmtpPeer;
let engine: TestEngine;

beforeAll(async () => {
  api = await TestApi.create();
  shop = await api.shop('はなみどり & Co');
  smtp = await SmtpPeer.start();
  const vapid = generateVapidKeys();
  const webPush = createWebPushChannel({ vapid: { subject: 'mailto:no-reply@mall.example.com', ...vapid } });
  engine = await startTestEngine({
    database: api.database,
    clock: api.clock,
    smtpUrl: smtp.url,
    webPush,
    vapidPublicKey: vapid.publicKey,
  });
});
afterAll(async () => {
  await engine.stop();
  await smtp.stop();
  await api.close();
});

async function invite(email: string) {
  const body = { email, role: 'staff' };
  const answer = await api.request(shop, 'POST', `/api/shops/${shop.shopId}/invitations`, { body });
  return invitationMade.parse(answer.body);
}

const mailState = async (invitationId: number) =>
  (
    await api.database.db
      .selectFrom('shop_invitation')
      .where('id', '=', invitationId)
      .select('mail_state')
      .executeTakeFirstOrThrow()
  ).mail_state;
const untilMailIs = (state: string, invitationId: number) =>
  until(async () => ((await mailState(invitationId)) === state ? true : undefined), 15_000, `the mail to be ${state}`);

describe('the e-mail of an invitation', () => {
  it('is in the inviter’s language and leads to the shop by a link of its own, which only it holds', async () => {
    const { invitation, link } = await invite('ken@people.example.com');
    await untilMailIs('sent', invitation.id);
    const [received] = smtp.receivedBy('ken@people.example.com');
    const mail = await PostalMime.parse(received?.raw ?? Buffer.alloc(0));
    expect(mail.subject).toBe('[テストモール] はなみどり & Coへの招待');
    expect(mail.from).toMatchObject({ name: 'テストモール株式会社', address: 'no-reply@mall.example.com' });
    expect(mail.html).toContain('はなみどり &amp; Co');
    const mailed = /http:\/\/localhost:3000\/join\/(\S+)/.exec(mail.text ?? '')?.[1] ?? '';
    expect(mail.html).toContain(`/join/${mailed}`);
    expect(link.endsWith(mailed)).toBe(false);
    for (const table of ['shop_invitation', 'shop_invitation_token', 'graphile_worker._private_jobs']) {
      const { rows } = await api.database.pool.query(`select row_to_json(t)::text as text from ${table} t`);
      expect(rows.map((row) => row.text).join()).not.toContain(mailed);
    }
    const accepted = await api.request(null, 'POST', `/api/invitations/${mailed}/accept`, {
      body: { account: { name: '高橋 健', password: 'a-password-of-my-own', language: 'ja' } },
    });
    expect(accepted.status).toBe(200);
    const late = await api.request(null, 'GET', link.replace('http://localhost:3000/join/', '/api/invitations/'));
    expect(late.body).toMatchObject({ code: 'invitation_used' });
  });

  it('that is refused is told, so that the owner hands over the link', async () => {
    smtp.behave('nobody@people.example.com', { at: 'rcpt', code: 550, text: '5.1.1 no such user' });
    const { invitation } = await invite('nobody@people.example.com');
    await untilMailIs('failed', invitation.id);
  });
});
