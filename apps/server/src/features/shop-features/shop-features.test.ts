import { couponSchema } from '@coupon-push/contract/coupons.ts';
import { featureDetail, featureList } from '@coupon-push/contract/features.ts';
import { pushSchema } from '@coupon-push/contract/pushes.ts';
import { sql } from 'kysely';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import type { TestShop } from '../../../test/marketplace.ts';
import { terms } from '../../../test/waiting-push.ts';

let api: TestApi;
let shop: TestShop;
let other: TestShop;

/** A slot on Thursday 26 November. */
const slot = '2026-11-26T10:00:00+09:00';

beforeAll(async () => {
  api = await TestApi.create();
  other = await api.shop('よその店');
});
afterAll(() => api.close());
beforeEach(async () => {
  api.clock.freeze(new Date('2026-11-23T12:00:00+09:00'));
  shop = await api.shop('はなみどり');
});

const url = (path = '') => `/api/shops/${shop.shopId}/features${path}`;
const written = (more: object = {}) => ({
  title: '冬のギフト',
  startsOn: null,
  endsOn: null,
  itemIds: shop.itemIds.slice(0, 3),
  ...more,
});
const create = (more: object = {}) => api.request(shop, 'POST', url(), { body: written(more) });
const created = async (more: object = {}) => featureDetail.parse((await create(more)).body);
const list = async () => featureList.parse((await api.request(shop, 'GET', url())).body).features;

/** Applies for a push whose banner links to the feature. */
async function apply(featureId: number) {
  const coupon = await api.request(shop, 'POST', `/api/shops/${shop.shopId}/coupons`, { body: terms });
  const picture = await sharp({ create: { width: 1860, height: 240, channels: 3, background: '#c84' } })
    .png()
    .toBuffer();
  const { rows } = await sql<{ id: number }>`
    with picture as (
      insert into image (hash, content_type, width, height, bytes)
      values (encode(sha256(${picture}), 'hex'), 'image/png', 1860, 240, ${picture})
      on conflict do nothing)
    insert into banner (shop_id, image_hash, uploaded_by, uploaded_at)
    values (${shop.shopId}, encode(sha256(${picture}), 'hex'), ${shop.userId}, now())
    on conflict (shop_id, image_hash) do update set uploaded_at = now()
    returning id`.execute(api.database.db);
  return await api.request(shop, 'POST', `/api/shops/${shop.shopId}/pushes`, {
    body: {
      type: 'promotion',
      couponId: couponSchema.parse(coupon.body).id,
      items: { mode: 'rank', count: 4 },
      registered: null,
      slot,
      banner: { bannerId: rows[0]?.id, link: { kind: 'feature', featureId } },
    },
  });
}

describe('a shop feature', () => {
  it('is a title with items in the seller’s order, and a page of the marketplace', async () => {
    const itemIds = [2, 0, 1].map((index) => shop.itemIds[index]);
    const feature = await created({ itemIds });
    expect(feature.chosenItems.map(({ id }) => id)).toEqual(itemIds);
    expect(feature.url).toMatch(new RegExp(`/feature/${feature.id}$`));
    expect(await list()).toEqual([
      { id: feature.id, title: '冬のギフト', startsOn: null, endsOn: null, state: 'current', items: 3 },
    ]);
  });

  it('has a title of one line', async () => {
    const body = { title: '冬の\0\n鍋\u202e', startsOn: null, endsOn: null, itemIds: shop.itemIds.slice(0, 1) };
    const answer = await api.request(shop, 'POST', `/api/shops/${shop.shopId}/features`, { body });
    expect(answer.body).toMatchObject({ title: '冬の 鍋' });
  });

  it('is shown within its period, both days inclusive, in the marketplace’s zone', async () => {
    await created({ title: 'ended', endsOn: '2026-11-22' });
    await created({ title: 'last day', startsOn: '2026-11-01', endsOn: '2026-11-23' });
    await created({ title: 'tomorrow', startsOn: '2026-11-24' });
    expect((await list()).map(({ title, state }) => [title, state])).toEqual([
      ['tomorrow', 'upcoming'],
      ['last day', 'current'],
      ['ended', 'ended'],
    ]);
  });

  it('can be changed: title, period, items and their order', async () => {
    const feature = await created();
    const body = written({ title: '春', startsOn: '2026-12-01', itemIds: shop.itemIds.slice(3, 5).reverse() });
    const answer = await api.request(shop, 'PUT', url(`/${feature.id}`), { body });
    const after = featureDetail.parse(answer.body);
    expect(after).toMatchObject({ title: '春', startsOn: '2026-12-01', state: 'upcoming', items: 2 });
    expect(after.chosenItems.map(({ id }) => id)).toEqual(body.itemIds);
  });

  it.each([
    ['an empty title', { title: ' ' }, 'title'],
    ['no items', { itemIds: [] }, 'itemIds'],
    ['a period that ends before it begins', { startsOn: '2026-12-02', endsOn: '2026-12-01' }, 'endsOn'],
  ])('with %s is refused at that field', async (_, more, field) => {
    const answer = await create(more);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ fields: [{ field }] });
  });

  it('does not take items twice, nor another shop’s, nor such as are not on sale', async () => {
    const [first = 0] = shop.itemIds;
    expect((await create({ itemIds: [first, first] })).body).toMatchObject({ fields: [{ code: 'item_twice' }] });
    for (const itemIds of [other.itemIds.slice(0, 1), [999_999]]) {
      expect((await create({ itemIds })).body).toMatchObject({
        code: 'item_not_found',
        fields: [{ field: 'itemIds' }],
      });
    }
  });

  it('leaves out an item that is no longer on sale, and can be changed all the same', async () => {
    const feature = await created();
    const [first] = shop.itemIds;
    await sql`update item set on_sale = false where id = ${first}`.execute(api.database.db);
    expect(await list()).toMatchObject([{ items: 2 }]);
    const answer = await api.request(shop, 'PUT', url(`/${feature.id}`), { body: written({ title: '夏' }) });
    expect(answer.status).toBe(200);
    expect((await create()).body).toMatchObject({ code: 'item_not_found' });
  });

  it('that is deleted is gone; another shop’s does not exist', async () => {
    const feature = await created();
    for (const method of ['GET', 'DELETE'] as const) {
      expect((await api.request(other, method, url(`/${feature.id}`))).status).toBe(404);
      const elsewhere = `/api/shops/${other.shopId}/features/${feature.id}`;
      expect((await api.request(other, method, elsewhere)).status).toBe(404);
    }
    expect((await api.request(shop, 'DELETE', url(`/${feature.id}`))).status).toBe(200);
    expect(await list()).toEqual([]);
    expect((await api.request(shop, 'GET', url(`/${feature.id}`))).status).toBe(404);
    expect((await api.request(shop, 'DELETE', url(`/${feature.id}`))).status).toBe(404);
  });
});

describe('a banner that links to a feature', () => {
  it('asks for one that is shown on the day of the slot', async () => {
    for (const [period, status] of [
      [{ endsOn: '2026-11-25' }, 409],
      [{ startsOn: '2026-11-27' }, 409],
      [{ startsOn: '2026-11-26', endsOn: '2026-11-26' }, 200],
    ] as const) {
      const { id } = await created(period);
      const answer = await apply(id);
      expect([period, answer.status]).toEqual([period, status]);
      if (status === 200) continue;
      expect(answer.body).toMatchObject({ code: 'feature_not_shown', fields: [{ field: 'banner.link.featureId' }] });
    }
  });

  it('keeps it from being deleted, and on its day from being hidden, as long as the push waits', async () => {
    const { id } = await created();
    const push = pushSchema.parse((await apply(id)).body);
    const drop = () => api.request(shop, 'DELETE', url(`/${id}`));
    expect((await drop()).body).toMatchObject({ code: 'feature_in_use', params: { push: push.id } });
    const change = (more: object) => api.request(shop, 'PUT', url(`/${id}`), { body: written(more) });
    expect((await change({ endsOn: '2026-11-25' })).body).toMatchObject({ fields: [{ field: 'endsOn' }] });
    expect((await change({ endsOn: '2026-11-26', title: '今週' })).status).toBe(200);
    await api.request(shop, 'POST', `/api/shops/${shop.shopId}/pushes/${push.id}/cancel`);
    expect((await drop()).status).toBe(200);
    expect((await api.request(shop, 'GET', `/api/shops/${shop.shopId}/pushes/${push.id}`)).status).toBe(200);
  });

  it('and its deletion do not pass each other: either the push is refused or the feature stays', async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      shop = await api.shop('はなみどり');
      const { id } = await created();
      const [applied, deleted] = await Promise.all([apply(id), api.request(shop, 'DELETE', url(`/${id}`))]);
      expect([
        [200, 409],
        [409, 200],
      ]).toContainEqual([applied.status, deleted.status]);
    }
  });
});
