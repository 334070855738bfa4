import { parse } from 'csv-parse/sync';
import { readXlsx } from 'hucre/xlsx';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { createFellows, type TestShop } from '../../../test/marketplace.ts';
import { redeemCoupon } from '../../../test/redeem.ts';
import { type Sending, startSending } from '../../../test/sent-push.ts';
import { createWaitingPush, terms } from '../../../test/waiting-push.ts';
import { contentDisposition } from '../../http/download.ts';
import { cancelPush } from '../pushes/service.ts';

let api: TestApi;
let sending: Sending;
let shop: TestShop;
let other: TestShop;
let pushId: number;
let couponId: number;

const slot = new Date('2026-11-25T10:00:00+09:00');

beforeAll(async () => {
  api = await TestApi.create();
  sending = await startSending(api.database, api.clock);
  shop = await api.shop('はなみどり "花/緑"');
  other = await api.shop('よその店');
  const { db } = api.database;
  const { reachable: customers = [] } = await createFellows(db, shop.shopId, { reachable: 5 });
  await sql`update customer set login_id = '=cmd|calc' where customer_id = ${customers[0]}`.execute(db);
  ({ pushId, couponId } = await sending.send(shop, { slot, terms: { ...terms, name: '=1+1' } }));
  const redemption = { pushId, customerId: customers[1] ?? 0, orderNo: '00123', cartMinor: 4000, discountMinor: 500 };
  await redeemCoupon(db, { ...redemption, redeemedAt: new Date('2026-11-26T09:30:00+09:00') });
  const cancelled = await createWaitingPush(db, shop, { slot: new Date('2026-12-02T10:00:00+09:00') });
  const scope = { userId: shop.userId, shopId: shop.shopId };
  await db.transaction().execute((trx) => cancelPush(trx, scope, cancelled.pushId, api.clock.now()));
});
afterAll(async () => {
  await sending.stop();
  await api.close();
});

async function download(person: TestShop, path: string, of = person) {
  const cookie = await api.cookieOf(person.email);
  const url = `/api/shops/${of.shopId}/exports/${path}`;
  return await api.server.inject({ method: 'GET', url, headers: { cookie } });
}

async function csv(path: string): Promise<string[][]> {
  const answer = await download(shop, path);
  expect(answer.statusCode).toBe(200);
  return parse(answer.rawPayload, { bom: true });
}

async function xlsx(path: string): Promise<unknown[][]> {
  const answer = await download(shop, path);
  expect(answer.statusCode).toBe(200);
  return (await readXlsx(answer.rawPayload)).sheets[0]?.rows ?? [];
}

describe('a download', () => {
  it('has a name with the shop and the day, in any language', async () => {
    const { headers } = await download(shop, 'pushes?format=xlsx');
    expect(headers['content-type']).toBe('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
    expect(headers['cache-control']).toBe('no-store');
    const name = encodeURIComponent('はなみどり _花_緑_-申請履歴-2026-11-25.xlsx');
    expect(headers['content-disposition']).toBe(
      `attachment; filename="_ _____-_-2026-11-25.xlsx"; filename*=UTF-8''${name}`,
    );
    expect(contentDisposition(`a'(b)\r\nx: y".csv`)).toBe(
      `attachment; filename="a'(b)__x_ y_.csv"; filename*=UTF-8''a%27%28b%29__x_%20y_.csv`,
    );
  });

  it('is another shop’s secret, and nobody’s who is not signed in', async () => {
    for (const list of ['pushes?', 'issued-coupons?', `recipients?pushId=${pushId}&`]) {
      expect((await download(other, `${list}format=csv`, shop)).statusCode).toBe(404);
      const nobody = await api.server.inject({ url: `/api/shops/${shop.shopId}/exports/${list}format=csv` });
      expect(nobody.statusCode).toBe(401);
    }
    expect((await download(other, `recipients?format=csv&pushId=${pushId}`)).statusCode).toBe(404);
    const none = await download(other, `issued-coupons?format=csv&pushId=${pushId}`);
    expect(parse(none.rawPayload, { bom: true })).toHaveLength(1);
  });

  it('is refused in a format that there is not', async () => {
    expect((await download(shop, 'pushes?format=pdf')).statusCode).toBe(400);
    expect((await download(shop, 'recipients?format=csv')).statusCode).toBe(400);
  });
});

describe('the list of applications', () => {
  it('is the same in csv and xlsx, with headings, states and reasons in the seller’s language', async () => {
    const [headings, cancelled, sent] = await csv('pushes?format=csv');
    expect(headings).toEqual([
      '申請番号',
      'タイプ',
      'クーポンコード',
      'クーポン名',
      '割引金額',
      '使用条件（最低購入金額）',
      '登録日 (JST)',
      '予想伝送日時 (JST)',
      '状態',
      '未送信の理由',
      'キャンセル日時 (JST)',
      '送信対象',
      'メール送信',
    ]);
    expect(cancelled?.[8]).toBe('キャンセル');
    expect(cancelled?.[10]).toMatch(/^2026\/11\/25 10:00:\d\d$/);
    expect(sent).toMatchObject({
      0: String(pushId),
      1: 'プロモーション',
      2: String(couponId),
      3: "'=1+1",
      4: '500円',
      5: '1,700円以上購入時',
      6: '2026/11/23 10:00:00',
      7: '2026/11/25 10:00:00',
      8: '送信完了',
      11: '5',
      12: '5',
    });
    const rows = await xlsx('pushes?format=xlsx');
    expect(rows[0]).toEqual(headings);
    expect(rows[2]).toMatchObject({ 0: pushId, 3: '=1+1', 7: new Date('2026-11-25T10:00:00Z'), 11: 5 });
  });

  it('is filtered as the page is', async () => {
    expect(await csv('pushes?format=csv&state=cancelled')).toHaveLength(2);
    expect(await csv(`pushes?format=csv&couponId=${couponId}`)).toHaveLength(2);
    expect(await csv('pushes?format=csv&type=compensation')).toHaveLength(1);
    expect(await csv('pushes?format=csv&from=2026-11-23&until=2026-11-23')).toHaveLength(2);
  });
});

describe('the list of issue and use', () => {
  it('has everyone masked, money as numbers, order numbers as text and nothing that runs', async () => {
    const rows = await xlsx('issued-coupons?format=xlsx');
    expect(rows).toHaveLength(6);
    expect(rows[0]).toMatchObject({ 2: 'ID or E-mail', 7: '注文番号', 8: '割引額 (JPY)', 9: '売上 (JPY)' });
    expect(rows[1]).toMatchObject({ 2: '=cm******', 5: '未使用', 6: null, 7: null });
    const used = { 5: '使用済み', 6: new Date('2026-11-26T09:30:00Z'), 7: '00123', 8: 500, 9: 4000 };
    expect(rows[2]).toMatchObject(used);
    const [, first] = await csv('issued-coupons?format=csv');
    expect(first?.[2]).toBe("'=cm******");
    expect(await csv('issued-coupons?format=csv&use=used')).toHaveLength(2);
    expect(await csv('issued-coupons?format=csv&search=log')).toHaveLength(5);
  });
});

describe('the list of recipients', () => {
  it('tells of each channel, in the account’s language', async () => {
    const rows = await csv(`recipients?format=csv&pushId=${pushId}`);
    expect(rows).toHaveLength(6);
    expect(rows[0]?.slice(0, 3)).toEqual(['ID or E-mail', 'メール: 送信結果', 'メール: 送信日時 (JST)']);
    expect(rows[3]).toMatchObject({ 1: '送信済み', 3: '1', 4: '', 5: '対象外' });
    expect(await csv(`recipients?format=csv&pushId=${pushId}&channel=email&state=failed`)).toHaveLength(1);
    await api.request(shop, 'PATCH', '/api/me', { body: { language: 'en' } });
    const english = await csv(`recipients?format=csv&pushId=${pushId}`);
    expect(english[3]).toMatchObject({ 1: 'Sent', 5: 'Not on this channel' });
    for (const list of ['pushes?', 'issued-coupons?', `recipients?pushId=${pushId}&`]) {
      expect((await xlsx(`${list}format=xlsx`)).length).toBeGreaterThan(1);
    }
    await api.request(shop, 'PATCH', '/api/me', { body: { language: 'ja' } });
  });
});
