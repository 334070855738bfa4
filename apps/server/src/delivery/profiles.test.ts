import { qpostMessageSchema } from '@coupon-push/contract/my-page.ts';
import { sql } from 'kysely';
import postalMime, { type Email } from 'postal-mime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestApi } from '../../test/api.ts';
import { until, untilEnded } from '../../test/books.ts';
import { startTestEngine, type TestEngine } from '../../test/engine.ts';
import { createFellows, type TestShop } from '../../test/marketplace.ts';
import { signInCustomer } from '../../test/my-page.ts';
import { PushService, type TestSubscription } from '../../test/push-service.ts';
import { SettableClock } from '../../test/settable-clock.ts';
import { SmtpPeer } from '../../test/smtp-peer.ts';
import { createWaitingPush, dispatchNow, remindNow } from '../../test/waiting-push.ts';
import type { Channel } from '../channels/answer.ts';
import { createWebPushChannel, generateVapidKeys, type OutgoingPush } from '../channels/web-push/channel.ts';
import { dispatchPush } from './dispatch.ts';

// What the laws of the two countries want of messages, read off what is really sent, in each language of a customer.

const vapid = { subject: 'mailto:tests@example.com', ...generateVapidKeys() };
/** Long: what is to be tried again is so when a test says so. */
const retryDelaysMs = [600_000, 600_000];

let api: TestApi;
let smtp: SmtpPeer;
let pushService: PushService;
let webPush: Channel<OutgoingPush>;
let engine: TestEngine;
let shop: TestShop;

beforeAll(async () => {
  api = await TestApi.create();
  pushService = await new PushService().start();
  smtp = await SmtpPeer.start();
  webPush = createWebPushChannel({ vapid, allowPrivateNetworks: true });
  const { database, clock } = api;
  const peers = { smtpUrl: smtp.url, webPush, vapidPublicKey: vapid.publicKey };
  engine = await startTestEngine({ database, clock, ...peers, retryDelaysMs });
});
afterAll(async () => {
  await engine.stop();
  await webPush.close();
  await Promise.all([smtp.stop(), pushService.stop()]);
  await api.close();
});
beforeEach(async () => {
  smtp.received.length = 0;
  shop = await api.shop('서울블룸');
});

interface Reader {
  customerId: number;
  device: TestSubscription;
}

/** Who reads Japanese, Korean and English, each with a browser. */
async function readers(): Promise<Reader[]> {
  const { reachable = [] } = await createFellows(api.database.db, shop.shopId, { reachable: 3 });
  const made = reachable.map((customerId) => ({ customerId, device: pushService.subscribe(vapid.publicKey) }));
  for (const { customerId, device } of made) {
    await sql`
      insert into subscription (customer_id, transport, endpoint, p256dh, auth, vapid_key, created_at)
      values (${customerId}, 'web_push', ${device.endpoint}, ${device.p256dh}, ${device.auth}, ${vapid.publicKey}, now())
    `.execute(api.database.db);
  }
  return made;
}

async function dispatchAt(slot: Date, options: { remindDays?: number } = {}): Promise<number> {
  api.clock.set(slot);
  const { pushId } = await createWaitingPush(api.database.db, shop, { slot, ...options });
  await dispatchNow(api.database.db, pushId);
  return pushId;
}

async function sendAt(slot: Date, options: { remindDays?: number } = {}): Promise<number> {
  const pushId = await dispatchAt(slot, options);
  expect(await untilEnded(api.database.db, pushId)).toBe('sent');
  return pushId;
}

async function emails(): Promise<Email[]> {
  return await Promise.all(smtp.received.map((mail) => postalMime.parse(mail.raw)));
}

/** The text of a page, and the links in it, from first to last. */
function read(html = ''): { text: string; links: string[] } {
  const body = html.slice(html.indexOf('<body'));
  return {
    text: body
      .replace(/<[^>]+>/g, ' ')
      .replaceAll('&gt;', '>')
      .replace(/\s+/g, ' '),
    links: [...body.matchAll(/href="([^"]+)"/g)].map(([, link = '']) => link),
  };
}

async function qpost(customerId: number, message: string) {
  const customer = await signInCustomer(api, customerId);
  return qpostMessageSchema.parse((await customer.request('GET', `/api/my/qpost/${message}`)).body);
}

const appPush = (device: TestSubscription, tag: string): { title: string; body: string } => {
  const payloads = pushService.receivedBy(device).map(({ payload }) => JSON.parse(payload));
  return payloads.find((payload) => payload.tag === tag);
};

const refusalLink = /^http:\/\/localhost:3000\/u\/[\w-]{40}$/;

describe('profile kr', () => {
  beforeAll(async () => {
    await sql`
      update marketplace set policy_profile = 'kr', zone = 'Asia/Seoul', currency = 'KRW', language = 'ko',
             name = '테스트마켓', sender_name = '테스트마켓 주식회사', sender_postal_address = '서울특별시 강남구 1-1'
    `.execute(api.database.db);
  });

  it('labels, names the sender and ends with the free way out: e-mail, Qpost, app push, and the reminder of both', async () => {
    const [ja, ko, en] = (await readers()) as [Reader, Reader, Reader];
    const pushId = await sendAt(new Date('2026-12-01T10:30:00+09:00'), { remindDays: 3 });
    api.clock.set(new Date('2026-12-28T10:31:00+09:00'));
    await remindNow(api.database.db, pushId);
    const all = [ja, ko, en];
    await until(
      () => all.every(({ device }) => appPush(device, `reminder-${pushId}`)) || undefined,
      20_000,
      'reminders',
    );
    const label = /^\(광고\) \S/;

    const mails = await emails();
    expect(mails).toHaveLength(3);
    for (const { subject, text = '', html } of mails) {
      expect(subject).toMatch(label);
      const page = read(html);
      const lines = text.trimEnd().split('\n');
      expect(lines.at(-1)).toMatch(refusalLink);
      expect(page.links.at(-1)).toBe(lines.at(-1));
      for (const part of [page.text, text]) {
        expect(part).toContain('테스트마켓 주식회사');
        expect(part).toContain('no-reply@mall.example.com');
        expect(part.slice(-400)).toMatch(/무료|無料|free/);
      }
    }

    for (const { customerId, device } of all) {
      for (const kind of ['push', 'reminder']) {
        const { title, footer } = await qpost(customerId, `${kind}.${pushId}`);
        expect(title).toMatch(label);
        expect(footer).toMatch(/테스트마켓 주식회사.*no-reply@mall\.example\.com.*\n.*(무료|無料|free).*$/);
        const { title: shown, body } = appPush(device, `${kind}-${pushId}`);
        expect(shown).toMatch(label);
        expect(body.split('\n').at(-1)).toMatch(
          /테스트마켓 주식회사.*no-reply@mall\.example\.com.*(무료|無料|free).*$/,
        );
      }
    }
  });

  it('gives the reminder that was frozen with the push, in the reader’s language', async () => {
    const [, ko] = (await readers()) as [Reader, Reader];
    const pushId = await sendAt(new Date('2026-12-01T10:30:00+09:00'), { remindDays: 3 });
    api.clock.set(new Date('2026-12-28T10:31:00+09:00'));
    await remindNow(api.database.db, pushId);
    await until(() => appPush(ko.device, `reminder-${pushId}`), 20_000, 'the reminder');
    const { rows } = await sql<{ kept: Record<string, unknown> }>`
      select message->'reminder'->'qpost' as kept from push_message
       where push_id = ${pushId} and language = 'ko'`.execute(api.database.db);
    const { shop: _, ...kept } = rows[0]?.kept ?? {};
    expect(kept).toMatchObject({ title: '(광고) [쿠폰] 샵쿠폰의 사용기간이 곧 끝납니다' });
    expect(await qpost(ko.customerId, `reminder.${pushId}`)).toMatchObject(kept);
  });

  it.each([
    ['20:30', true],
    ['21:00', false],
    ['22:00', false],
  ])('at %s sends e-mail to all; app push and Qpost also to who did not agree to the night: %s', async (time, day) => {
    const [awake, ...others] = await readers();
    await sql`
      update customer set accepts_night_messages = true where customer_id = ${awake?.customerId}`.execute(
      api.database.db,
    );
    const pushId = await sendAt(new Date(`2026-12-01T${time}:00+09:00`));
    expect(smtp.received).toHaveLength(3);
    expect(appPush(awake?.device as TestSubscription, `push-${pushId}`)).toBeDefined();
    for (const { customerId, device } of others) {
      expect(appPush(device, `push-${pushId}`) !== undefined).toBe(day);
      const { rows } = await sql`
        select from qpost_message where customer_id = ${customerId} and source_id = ${pushId}`.execute(api.database.db);
      expect(rows).toHaveLength(day ? 1 : 0);
    }
  });

  it('writes no Qpost of an evening’s push to whom it is issued at night only, unless they agreed', async () => {
    const { database } = api;
    const { reachable = [] } = await createFellows(database.db, shop.shopId, { reachable: 6 });
    const [awake] = reachable;
    await sql`update customer set accepts_night_messages = true where customer_id = ${awake}`.execute(database.db);
    const evening = new SettableClock();
    evening.set(new Date('2026-12-01T20:59:00+09:00'));
    const { pushId } = await createWaitingPush(database.db, shop, { slot: evening.now() });
    api.clock.set(new Date('2026-12-01T21:00:00+09:00'));
    await dispatchPush({ ...engine.deps, rangeSize: 1, clock: evening }, pushId);
    expect(await untilEnded(database.db, pushId)).toBe('sent');
    const { rows } = await sql`select customer_id from qpost_message where source_id = ${pushId}`.execute(database.db);
    expect(rows).toEqual([{ customer_id: awake }]);
    expect(smtp.received).toHaveLength(6);
  });

  it('keeps an app push of the evening that is still owed at night until the morning, but not for who agreed', async () => {
    const [awake, asleep] = (await readers()) as [Reader, Reader];
    await sql`
      update customer set accepts_night_messages = true where customer_id = ${awake.customerId}`.execute(
      api.database.db,
    );
    for (const { device } of [awake, asleep]) pushService.answer(device, { status: 503 }, 1);
    const pushId = await dispatchAt(new Date('2026-12-01T20:30:00+09:00'));
    const arrived = ({ device }: Reader) => pushService.receivedBy(device).some(({ status }) => status === 201);
    /** When the batch is sent again, by the machine's clock; its job is there, and nobody works on it. */
    const nextAttempt = async () => {
      const { rows } = await sql<{ run_at: Date }>`
        select run_at from graphile_worker.jobs
         where key like ${`send:${pushId}:app_push:%`} and locked_at is null and run_at > now()`.execute(
        api.database.db,
      );
      return rows[0]?.run_at;
    };
    const tryNow = () =>
      sql`select graphile_worker.reschedule_jobs(
            array(select id from graphile_worker.jobs where key like ${`send:${pushId}:app_push:%`}), run_at => now())`.execute(
        api.database.db,
      );
    await until(nextAttempt, 20_000, 'the first attempt');
    expect([awake, asleep].map(arrived)).toEqual([false, false]);

    api.clock.set(new Date('2026-12-01T21:10:00+09:00'));
    const morning = new Date('2026-12-02T08:00:00+09:00');
    const atEight = api.clock.machineTime(morning).getTime();
    await tryNow();
    await until(
      async () => ((await nextAttempt())?.getTime() ?? 0) > atEight - 60_000 || undefined,
      20_000,
      'the wait',
    );
    expect([awake, asleep].map(arrived)).toEqual([true, false]);
    expect(pushService.receivedBy(asleep.device)).toHaveLength(1);

    api.clock.set(morning);
    await tryNow();
    expect(await untilEnded(api.database.db, pushId)).toBe('sent');
    expect([awake, asleep].map(arrived)).toEqual([true, true]);
  });
});

describe('profile jp', () => {
  beforeAll(async () => {
    await sql`
      update marketplace set policy_profile = 'jp', zone = 'Asia/Tokyo', currency = 'JPY', language = 'ja',
             name = 'テストモール', sender_name = 'テストモール株式会社', sender_postal_address = '〒100-0001 東京都千代田区1-1'
    `.execute(api.database.db);
  });

  it('has in each e-mail, as HTML and as text, the sender’s name and address, how to refuse, and a contact', async () => {
    await readers();
    await sendAt(new Date('2026-12-01T10:30:00+09:00'));
    const mails = await emails();
    expect(mails).toHaveLength(3);
    for (const { subject, from, text = '', html } of mails) {
      expect(subject).not.toContain('광고');
      expect(from).toMatchObject({ name: 'テストモール株式会社', address: 'no-reply@mall.example.com' });
      const page = read(html);
      for (const part of [page.text, text]) {
        for (const wanted of ['テストモール株式会社', '〒100-0001 東京都千代田区1-1']) expect(part).toContain(wanted);
        expect(part).toMatch(/配信を停止|수신을 거부|수신거부|[Uu]nsubscribe|[Ss]top/);
      }
      expect(page.links).toContain('https://mall.example.com/contact');
      expect(text).toContain('https://mall.example.com/contact');
      expect(page.links.at(-1)).toMatch(refusalLink);
      expect(text).toContain(page.links.at(-1));
    }
  });

  it('knows no quiet hours: at 22:00 everybody gets everything', async () => {
    const all = await readers();
    const pushId = await sendAt(new Date('2026-12-01T22:00:00+09:00'));
    expect(all.filter(({ device }) => appPush(device, `push-${pushId}`) === undefined)).toEqual([]);
    expect((await qpost(all[0]?.customerId ?? 0, `push.${pushId}`)).title).toMatch(/^\[クーポン\]/);
  });
});
