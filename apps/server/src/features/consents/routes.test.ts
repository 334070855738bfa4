import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { createShop } from '../../../test/marketplace.ts';
import { createWaitingPush } from '../../../test/waiting-push.ts';
import { createHttpServer, type HttpServer } from '../../http/server.ts';
import { registerConsentRoutes } from './routes.ts';
import { unsubscribeToken } from './rules.ts';

const secret = 'the secret of these tests';
const now = new Date('2026-11-25T03:00:00Z');
const link = (customerId: number) => `/u/${unsubscribeToken(secret, customerId, 10001)}`;
const form = { 'content-type': 'application/x-www-form-urlencoded' };

let database: TestDatabase;
let app: HttpServer;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createHttpServer({
    logger: pino({ level: 'silent' }),
    trustedOrigins: ['https://push.example'],
    maxUploadBytes: 1000,
  });
  registerConsentRoutes(app, { db: database.db, clock: { now: () => now }, unsubscribeSecret: secret });
  await insertMarketplace();
});
afterAll(async () => {
  await app.close();
  await database.drop();
});
beforeEach(async () => {
  const { db } = database;
  await db.deleteFrom('consent_record').execute();
  await db.deleteFrom('fellow').execute();
  await db.deleteFrom('customer').execute();
  await insertCustomer(7, 'ja');
  await insertCustomer(8, 'ko');
});

describe('the refusal link of an e-mail', () => {
  it('only asks when it is opened, in the customer’s language, and shows a masked address', async () => {
    const page = await app.inject({ url: link(7), headers: { 'accept-language': 'en' } });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('<html lang="ja">');
    expect(page.body).toContain('ハルマーケットのショップクーポンのメールを停止しますか？');
    expect(page.body).toContain('han******@example.com');
    expect(page.body).not.toContain('hanako7');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect((await app.inject({ url: link(8) })).body).toContain('<html lang="ko">');
    expect(await refuses(7)).toBe(false);
  });

  it('refuses by the mail program’s one click: no cookie, no origin of ours, no redirect', async () => {
    const payload = 'List-Unsubscribe=One-Click';
    const headers = { ...form, origin: 'https://mail.example' };
    const answer = await app.inject({ method: 'POST', url: link(7), headers, payload });
    expect(answer.statusCode).toBe(200);
    expect(await refuses(7)).toBe(true);
    expect(await refuses(8)).toBe(false);
    expect(await records()).toEqual([
      { customer_id: 7, kind: 'coupon_mail', given: false, how: 'one_click', source: 'push 10001', recorded_at: now },
    ]);
  });

  it('refuses by one click as multipart/form-data too, which RFC 8058 prefers', async () => {
    const payload = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n';
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    expect((await app.inject({ method: 'POST', url: link(7), headers, payload })).statusCode).toBe(200);
    expect(await records()).toMatchObject([{ how: 'one_click' }]);
  });

  it('refuses by the page’s button, and holds the customer back from then on', async () => {
    await database.db
      .insertInto('shop')
      .values({ shop_no: 's1', name: 'さくら' })
      .onConflict((on) => on.doNothing())
      .execute();
    const shop = await database.db.selectFrom('shop').select('id').executeTakeFirstOrThrow();
    await database.db.insertInto('fellow').values({ customer_id: 7, shop_id: shop.id, registered_at: now }).execute();
    const answer = await app.inject({ method: 'POST', url: link(7), headers: form, payload: 'confirm=yes' });
    expect(answer.body).toContain('配信を停止しました');
    expect(await records()).toMatchObject([{ how: 'page' }]);
    expect(await database.db.selectFrom('fellow').select('held_back').execute()).toEqual([{ held_back: 'refused' }]);
  });

  it('refuses without a body at all', async () => {
    expect((await app.inject({ method: 'POST', url: link(7) })).statusCode).toBe(200);
    expect(await refuses(7)).toBe(true);
  });

  it('refuses once, however often and however much at once it is used', async () => {
    const post = () =>
      app.inject({ method: 'POST', url: link(7), headers: form, payload: 'List-Unsubscribe=One-Click' });
    const answers = await Promise.all(Array.from({ length: 8 }, post));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(8).fill(200));
    expect(await records()).toHaveLength(1);
    expect((await post()).body).toContain('すでに停止されています');
    expect((await app.inject({ url: link(7) })).body).toContain('すでに停止されています');
  });

  it('that was cut off or altered says what to do, in the reader’s language', async () => {
    for (const url of [link(7).slice(0, -3), `${link(7)}A`, '/u/x', link(999)]) {
      const page = await app.inject({ url, headers: { 'accept-language': 'fr, ko;q=0.8, en;q=0.5' } });
      expect(page.statusCode).toBe(404);
      expect(page.body).toContain('사용할 수 없는 링크입니다');
      expect(page.body).toContain('https://market.example/help');
      expect((await app.inject({ method: 'POST', url, headers: form, payload: 'confirm=yes' })).statusCode).toBe(404);
    }
    expect(await records()).toEqual([]);
  });

  it('takes no large bodies', async () => {
    const answer = await app.inject({ method: 'POST', url: link(7), headers: form, payload: 'x'.repeat(20_000) });
    expect(answer.statusCode).toBe(413);
  });
});

describe('the page of all choices that every e-mail leads to', () => {
  const post = (url: string, payload: string) =>
    app.inject({ method: 'POST', url, headers: { ...form, origin: 'null' }, payload });
  let url: string;

  beforeEach(async () => {
    const { db } = database;
    const shop = await createShop(db, 'さくら & <b>');
    const { pushId } = await createWaitingPush(db, shop, { slot: now });
    await db.insertInto('fellow').values({ customer_id: 7, shop_id: shop.shopId, registered_at: now }).execute();
    url = `/u/${unsubscribeToken(secret, 7, pushId)}/choices`;
  });

  it('is linked from the refusal, shows how things stand, and changes nothing by being opened', async () => {
    const refusal = await app.inject({ url: url.replace('/choices', '') });
    expect(refusal.body).toContain(`<a href="${url}">受け取る内容を選ぶ</a>`);
    const page = await app.inject({ url });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('<html lang="ja">');
    expect(page.body).toContain('name="couponMail" checked');
    expect(page.body).toContain('さくら &amp; &lt;b&gt;からのお知らせ');
    expect(page.body).not.toContain('nightMessages');
    expect(await records()).toEqual([]);
  });

  it('mutes the one shop, or all mail, and takes it back, each with its proof', async () => {
    expect((await post(url, 'couponMail=on&appPush=on&shopShown=yes')).body).toContain('保存しました');
    expect(await database.db.selectFrom('fellow').select('held_back').execute()).toEqual([{ held_back: 'muted' }]);
    expect(await refuses(7)).toBe(false);
    await post(url, 'shop=on&shopShown=yes');
    const page = await post(url, 'couponMail=on');
    expect(page.body).toContain('name="couponMail" checked');
    expect(page.body).toContain('name="appPush">');
    expect((await records()).map(({ kind, given, how }) => [kind, given, how])).toEqual([
      ['shop', false, 'page'],
      ['coupon_mail', false, 'page'],
      ['app_push', false, 'page'],
      ['shop', true, 'page'],
      ['coupon_mail', true, 'page'],
    ]);
  });

  it('offers the night where there are quiet hours, and no shop to who follows none', async () => {
    const { db } = database;
    await db.updateTable('marketplace').set({ policy_profile: 'kr' }).execute();
    const page = await app.inject({ url: `${link(8)}/choices` });
    expect(page.body).toContain('name="nightMessages">');
    expect(page.body).not.toContain('name="shop"');
    await post(`${link(8)}/choices`, 'couponMail=on&appPush=on&nightMessages=on&shop=on');
    expect(await records()).toMatchObject([{ customer_id: 8, kind: 'night_messages', given: true }]);
    await db.updateTable('marketplace').set({ policy_profile: 'jp' }).execute();
  });

  it('is nobody’s by guessing', async () => {
    for (const bad of [url.replace(/.\/choices$/, '/choices'), '/u/x/choices', `${link(999)}/choices`]) {
      expect((await app.inject({ url: bad })).statusCode).toBe(404);
      expect((await post(bad, '')).statusCode).toBe(404);
    }
    expect(await records()).toEqual([]);
  });
});

async function refuses(customerId: number): Promise<boolean | undefined> {
  const row = await database.db
    .selectFrom('customer')
    .select('refuses_coupon_mail')
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
  return row?.refuses_coupon_mail;
}

async function records() {
  const columns = ['customer_id', 'kind', 'given', 'how', 'source', 'recorded_at'] as const;
  return await database.db.selectFrom('consent_record').select(columns).orderBy('id').execute();
}

async function insertCustomer(customerId: number, language: 'ja' | 'ko'): Promise<void> {
  const email = `hanako${customerId}@example.com`;
  const values = { customer_id: customerId, customer_no: `c${customerId}`, email, email_verified_at: now, language };
  await database.db.insertInto('customer').values(values).execute();
}

async function insertMarketplace(): Promise<void> {
  await database.db
    .insertInto('marketplace')
    .values({
      name: 'ハルマーケット',
      sender_name: 'ハルマーケット株式会社',
      sender_postal_address: '東京都',
      sender_email: 'coupon@market.example',
      contact_url: 'https://market.example/help',
      shop_url_template: 'https://market.example/{shop}',
      item_url_template: 'https://market.example/{item}',
      feature_url_template: 'https://market.example/{feature}',
      coupon_box_url: 'https://market.example/coupons',
      qpost_url: 'https://market.example/qpost',
    })
    .execute();
}
