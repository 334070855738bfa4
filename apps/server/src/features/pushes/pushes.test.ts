import { couponSchema } from '@coupon-push/contract/coupons.ts';
import { previewResponse, pushPage, pushSchema } from '@coupon-push/contract/pushes.ts';
import { slotsSchema } from '@coupon-push/contract/slots.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import type { TestShop } from '../../../test/marketplace.ts';

let api: TestApi;
let shop: TestShop;
let other: TestShop;
let couponId: number;

/** Monday noon in Tokyo: slots are offered from Tuesday 24 to Thursday 26. */
const monday = new Date('2026-11-23T12:00:00+09:00');
const slot = '2026-11-26T10:00:00+09:00';

beforeAll(async () => {
  api = await TestApi.create();
  other = await api.shop('よその店');
});
afterAll(() => api.close());

beforeEach(async () => {
  api.clock.freeze(monday);
  shop = await api.shop('はなみどり');
  couponId = await createCoupon(shop);
});

async function createCoupon(of: TestShop, more: object = {}): Promise<number> {
  const body = {
    name: '500円引き',
    discount: { kind: 'amount', amountMinor: 500 },
    minPurchaseMinor: 1700,
    validity: { kind: 'days', days: 30 },
    qstoreOnly: false,
    ...more,
  };
  return couponSchema.parse((await api.request(of, 'POST', `/api/shops/${of.shopId}/coupons`, { body })).body).id;
}

const application = (more: object = {}) => ({
  type: 'promotion',
  couponId,
  items: { mode: 'rank', count: 4 },
  registered: null,
  slot,
  banner: null,
  ...more,
});

const url = (of: TestShop, path = '') => `/api/shops/${of.shopId}/pushes${path}`;
const apply = (more: object = {}, headers = {}) =>
  api.request(shop, 'POST', url(shop), { body: application(more), headers });
const applied = async (more: object = {}) => pushSchema.parse((await apply(more)).body);
const slots = async () => slotsSchema.parse((await api.request(shop, 'GET', `/api/shops/${shop.shopId}/slots`)).body);

describe('applying for a push', () => {
  it('makes it wait for its slot, with the coupon’s terms frozen', async () => {
    const push = await applied();
    expect(push).toMatchObject({ state: 'waiting', slot: new Date(slot).toISOString(), cancellable: true, couponId });
    expect(push.terms).toMatchObject({ discount: { kind: 'amount', amountMinor: 500 }, minPurchaseMinor: 1700 });
    const { rows } = await sql<{ run_at: Date }>`
      select run_at from graphile_worker.jobs where key = ${`dispatch:${push.id}`}`.execute(api.database.db);
    expect(rows).toEqual([{ run_at: api.clock.machineTime(new Date(slot)) }]);
  });

  it('uses up the calendar week of the slot, and the form says so', async () => {
    expect((await slots()).nextFree).toBe('2026-11-24T01:00:00.000Z');
    const push = await applied();
    const after = await slots();
    expect(after.dates.every((date) => date.weekFull)).toBe(true);
    expect(after.thisWeek).toMatchObject({ weekFrom: '2026-11-23', weekUntil: '2026-11-29', used: 1, allowed: 1 });
    expect(after.thisWeek.pushes).toEqual([{ id: push.id, slot: push.slot }]);
    expect(after).toMatchObject({ nextFree: null, nextFreeFrom: '2026-11-27' });
    const second = await apply({ slot: '2026-11-25T22:00:00+09:00' });
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({ code: 'quota_taken', fields: [{ field: 'slot', code: 'quota_taken' }] });
  });

  it('twice for the same week at the same moment: exactly one wins', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => apply()));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(11);
  });

  it('with a quota of two a week, exactly two of many that race win', async () => {
    await sql`insert into policy (key, value) values ('pushesPerWeek', '2')`.execute(api.database.db);
    const answers = await Promise.all(Array.from({ length: 8 }, () => apply()));
    await sql`delete from policy`.execute(api.database.db);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(2);
  });

  it('twice with the same Idempotency-Key applies once, and answers the same', async () => {
    const headers = { 'idempotency-key': 'a-double-click' };
    const [one, two] = await Promise.all([apply({}, headers), apply({}, headers)]);
    expect([one?.status, two?.status]).toEqual([200, 200]);
    expect(two?.body).toEqual(one?.body);
  });

  it('for a slot under 24 hours away asks for a confirmation that it cannot be cancelled', async () => {
    const soon = { slot: '2026-11-24T10:00:00+09:00' };
    const asked = await apply(soon);
    expect(asked.status).toBe(409);
    expect(asked.body).toMatchObject({ code: 'uncancellable_not_confirmed', fields: [{ field: 'slot' }] });
    const push = await applied({ ...soon, confirmedUncancellable: true });
    expect(push).toMatchObject({ cancellable: false, warnings: ['uncancellable'] });
  });

  it.each([
    ['the past', '2026-11-22T10:00:00+09:00'],
    ['today', '2026-11-23T15:00:00+09:00'],
    ['four days ahead', '2026-11-27T10:00:00+09:00'],
    ['before ten', '2026-11-25T09:30:00+09:00'],
    ['after ten at night', '2026-11-25T22:30:00+09:00'],
    ['between two slots', '2026-11-25T10:15:00+09:00'],
  ])('for %s is refused at the send time', async (_, wrong) => {
    const answer = await apply({ slot: wrong });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'slot_not_offered', fields: [{ field: 'slot' }] });
  });

  it('needs a coupon that can be sent', async () => {
    const stopped = await createCoupon(shop);
    await api.request(shop, 'POST', `/api/shops/${shop.shopId}/coupons/${stopped}/stop`);
    const qstore = await createCoupon(shop, { qstoreOnly: true });
    const ended = await createCoupon(shop, { validity: { kind: 'period', from: '2026-11-01', until: '2026-11-25' } });
    const later = await createCoupon(shop, { validity: { kind: 'period', from: '2026-11-27', until: '2026-12-25' } });
    const codes = [];
    for (const id of [stopped, qstore, ended, later, await createCoupon(other), 999_999_999]) {
      const { body } = await apply({ couponId: id });
      expect(body).toMatchObject({ fields: [{ field: 'couponId' }] });
      codes.push((body as { code: string }).code);
    }
    const valid = 'coupon_not_valid_at_slot';
    expect(codes).toEqual(['coupon_not_active', 'coupon_qstore_only', valid, valid, 'not_found', 'not_found']);
  });

  it('warns when less than three days of validity remain after the slot', async () => {
    const short = await createCoupon(shop, { validity: { kind: 'period', from: '2026-11-01', until: '2026-11-27' } });
    expect((await applied({ couponId: short })).warnings).toEqual(['validity_short']);
  });

  it.each([
    [{ items: { mode: 'rank', count: 3 } }, 'items.count', 'too_small'],
    [{ items: { mode: 'rank', count: 17 } }, 'items.count', 'too_big'],
    [{ items: { mode: 'chosen', itemIds: [] } }, 'items.itemIds', 'too_small'],
    [{ items: { mode: 'chosen', itemIds: [1, 1] } }, 'items.itemIds', 'item_twice'],
    [{ items: { mode: 'chosen', itemIds: [999_999] } }, 'items.itemIds', 'item_not_found'],
    [{ banner: { bannerId: 999_999, link: { kind: 'shop' } } }, 'banner.bannerId', 'banner_not_found'],
    [{ registered: { from: '2026-02-02', until: '2026-02-01' } }, 'registered.until', 'until_before_from'],
    [{ slot: 'tomorrow' }, 'slot', 'invalid_format'],
    [{ couponId: undefined }, 'couponId', 'required'],
    [{ type: 'compensation', uploadId: 'x', selection: { mode: 'all', except: [] } }, 'uploadId', 'invalid_format'],
    [{ type: 'gift' }, 'type', 'invalid_union'],
  ])('with %j is refused at the field %s as %s', async (wrong, field, code) => {
    const answer = await apply(wrong);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).toMatchObject({ fields: [expect.objectContaining({ field, code })] });
  });

  it('with another shop’s item or banner is refused as if they did not exist', async () => {
    const { rows } = await sql<{ id: number }>`
      with picture as (
        insert into image (hash, content_type, width, height, bytes)
        values (repeat('a', 64), 'image/png', 800, 100, '') on conflict (hash) do update set width = 800 returning hash)
      insert into banner (shop_id, image_hash, uploaded_by, uploaded_at)
      select ${other.shopId}, hash, '', now() from picture returning id`.execute(api.database.db);
    const banner = { bannerId: rows[0]?.id, link: { kind: 'shop' } };
    expect((await apply({ banner })).body).toMatchObject({ code: 'banner_not_found' });
    const items = { mode: 'chosen', itemIds: [shop.itemIds[0], other.itemIds[0]] };
    expect((await apply({ items })).body).toMatchObject({ code: 'item_not_found' });
    expect((await api.request(shop, 'POST', url(other), { body: application() })).status).toBe(404);
  });
});

describe('cancelling', () => {
  it('is possible until exactly 24 hours before the slot, and gives the week back', async () => {
    const push = await applied();
    api.clock.freeze(new Date('2026-11-25T10:00:00+09:00'));
    const answer = await api.request(shop, 'POST', url(shop, `/${push.id}/cancel`));
    expect(answer.status).toBe(200);
    expect(pushSchema.parse(answer.body)).toMatchObject({ state: 'cancelled', cancellable: false });
    expect((await slots()).thisWeek.used).toBe(0);
    expect((await apply()).status).toBe(200);
  });

  it('is refused one millisecond later, with the deadline', async () => {
    const push = await applied();
    api.clock.freeze(new Date('2026-11-25T10:00:00.001+09:00'));
    const answer = await api.request(shop, 'POST', url(shop, `/${push.id}/cancel`));
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      code: 'push_too_late_to_cancel',
      params: { deadline: '2026-11-25T01:00:00.000Z' },
    });
  });

  it('is refused when it is cancelled already, and for another shop’s push as not found', async () => {
    const push = await applied();
    const cancel = () => api.request(shop, 'POST', url(shop, `/${push.id}/cancel`));
    const answers = await Promise.all([cancel(), cancel(), cancel()]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409]);
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/events'],
      ['POST', '/cancel'],
    ] as const) {
      expect((await api.request(other, method, url(other, `/${push.id}${path}`))).status).toBe(404);
      expect((await api.request(other, method, url(shop, `/${push.id}${path}`))).status).toBe(404);
    }
  });
});

describe('the history', () => {
  it('is filtered by state, day of application and coupon number, newest first', async () => {
    const first = await applied();
    await api.request(shop, 'POST', url(shop, `/${first.id}/cancel`));
    api.clock.freeze(new Date('2026-11-24T00:00:00+09:00'));
    const secondCoupon = await createCoupon(shop);
    const second = await applied({ couponId: secondCoupon });
    const ids = async (query: string) => {
      const answer = await api.request(shop, 'GET', url(shop, query));
      return pushPage.parse(answer.body).entries.map((push) => push.id);
    };
    expect(await ids('')).toEqual([second.id, first.id]);
    expect(await ids('?state=waiting')).toEqual([second.id]);
    expect(await ids(`?couponId=${couponId}`)).toEqual([first.id]);
    expect(await ids('?from=2026-11-23&until=2026-11-23')).toEqual([first.id]);
    expect(await ids('?from=2026-11-24')).toEqual([second.id]);
    expect(await ids('?type=compensation')).toEqual([]);
  });
});

describe('the preview', () => {
  it('shows e-mail, Qpost and app push in the three languages', async () => {
    const itemIds = [shop.itemIds[4], shop.itemIds[1]];
    const body = { couponId, items: { mode: 'chosen', itemIds }, banner: null };
    const answer = await api.request(shop, 'POST', `/api/shops/${shop.shopId}/previews`, { body });
    const { previews } = previewResponse.parse(answer.body);
    expect(previews.map((preview) => preview.language)).toEqual(['ja', 'ko', 'en']);
    expect(previews.map((preview) => preview.email.subject)).toEqual([
      '[テストモール] ショップクーポンが発行されました！',
      '[テストモール] SHOP 쿠폰이 발행되었습니다!',
      '[テストモール] A shop coupon has been issued!',
    ]);
    const [ja] = previews;
    expect(ja?.qpost.items.map((item) => item.price)).toEqual(['500円', '200円']);
    expect(ja?.email.html).toContain('はなみどり');
    expect(ja?.appPush.body).toBe('[クーポン] ショップクーポンが発行されました。');
  });
});
