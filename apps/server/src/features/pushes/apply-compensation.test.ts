import { compensationUploadSchema, type Selection } from '@coupon-push/contract/compensation.ts';
import { couponSchema } from '@coupon-push/contract/coupons.ts';
import { pushPage, pushSchema } from '@coupon-push/contract/pushes.ts';
import { slotsSchema } from '@coupon-push/contract/slots.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { createFellows, createOrders, type TestShop } from '../../../test/marketplace.ts';
import { forgetOldUploads, uploadOrders } from '../compensation/service.ts';

let api: TestApi;
let shop: TestShop;
let other: TestShop;
let couponId: number;
let reachable: number[];
let refused: number[];
let uploadId: string;

const monday = new Date('2026-11-23T12:00:00+09:00');
const slot = '2026-11-26T10:00:00+09:00';
const everybody: Selection = { mode: 'all', except: [] };

beforeAll(async () => {
  api = await TestApi.create();
  other = await api.shop('よその店');
});
afterAll(() => api.close());

beforeEach(async () => {
  api.clock.freeze(monday);
  shop = await api.shop('はなみどり');
  const body = {
    name: 'お詫び',
    discount: { kind: 'amount', amountMinor: 500 },
    minPurchaseMinor: 1700,
    validity: { kind: 'days', days: 30 },
    qstoreOnly: false,
  };
  couponId = couponSchema.parse(
    (await api.request(shop, 'POST', `/api/shops/${shop.shopId}/coupons`, { body })).body,
  ).id;
  const people = await createFellows(api.database.db, other.shopId, { reachable: 5, refused: 2 });
  reachable = people.reachable ?? [];
  refused = people.refused ?? [];
  uploadId = await uploadOf([...reachable, ...refused]);
});

/** In that order: the first is number 1. */
async function uploadOf(customers: readonly number[], of: TestShop = shop): Promise<string> {
  const prefix = `${of.shopId}-${Math.random()}-`;
  await createOrders(api.database.db, of.shopId, customers, { prefix });
  const orderNos = customers.map((customer) => `${prefix}${customer}`);
  const scope = { userId: of.userId, shopId: of.shopId };
  return compensationUploadSchema.parse(await uploadOrders(api.database.db, scope, orderNos, api.clock.now())).id;
}

const url = (path = '') => `/api/shops/${shop.shopId}/pushes${path}`;
const apply = (more: object = {}) =>
  api.request(shop, 'POST', url(), {
    body: {
      type: 'compensation',
      couponId,
      items: { mode: 'rank', count: 4 },
      uploadId,
      selection: everybody,
      slot,
      banner: null,
      ...more,
    },
  });
const applied = async (more: object = {}) => pushSchema.parse((await apply(more)).body);

async function targets(pushId: number): Promise<number[]> {
  const rows = await api.database.db
    .selectFrom('push_target')
    .where('push_id', '=', pushId)
    .select('customer_id')
    .orderBy('customer_id')
    .execute();
  return rows.map((row) => row.customer_id);
}

describe('applying for a compensation', () => {
  it('freezes everybody who is ticked and can be reached, and says how many orders they stand for', async () => {
    const push = await applied();
    expect(push).toMatchObject({ type: 'compensation', state: 'waiting', registered: null });
    expect(push.targets).toEqual({ customers: 5, orders: 5 });
    expect(await targets(push.id)).toEqual(reachable);
    const listed = await api.request(shop, 'GET', url('?type=compensation'));
    expect(pushPage.parse(listed.body).entries.map((entry) => entry.id)).toEqual([push.id]);
  });

  it('leaves out those who are not ticked', async () => {
    expect(await targets((await applied({ selection: { mode: 'all', except: [1, 4] } })).id)).toEqual([
      reachable[1],
      reachable[2],
      reachable[4],
    ]);
  });

  it('takes only those who are ticked, and of them only those who can be reached', async () => {
    // Numbers 6 and 7 refuse coupon mail, 99 is nobody.
    const push = await applied({ selection: { mode: 'only', only: [2, 3, 6, 99] } });
    expect(await targets(push.id)).toEqual([reachable[1], reachable[2]]);
    expect(push.targets).toEqual({ customers: 2, orders: 2 });
  });

  it('keeps its targets when orders are cancelled or the upload is forgotten', async () => {
    const push = await applied();
    await sql`update customer_order set state = 'cancelled' where shop_id = ${shop.shopId}`.execute(api.database.db);
    await forgetOldUploads(api.database.db, new Date('2027-01-01T00:00:00Z'));
    expect(await targets(push.id)).toEqual(reachable);
  });

  it.each([
    ['nobody', { mode: 'only', only: [] }],
    ['nobody but those who cannot be reached', { mode: 'only', only: [6, 7] }],
    ['everybody but all', { mode: 'all', except: [1, 2, 3, 4, 5] }],
  ])('for %s is refused at the recipients, and leaves the week free', async (_, selection) => {
    const answer = await apply({ selection });
    const refusal = { code: 'nobody_ticked', fields: [{ field: 'selection', code: 'nobody_ticked' }] };
    expect([answer.status, answer.body]).toMatchObject([409, refusal]);
    expect((await apply()).status).toBe(200);
  });

  it('with another shop’s upload, an expired one or none is refused at the upload', async () => {
    const foreign = await uploadOf(reachable, other);
    const refusal = { code: 'upload_not_found', fields: [{ field: 'uploadId', code: 'upload_not_found' }] };
    for (const wrong of [foreign, '0b0b7e4c-6c7f-4b0e-8a43-0e1c6a3d7f11']) {
      const answer = await apply({ uploadId: wrong });
      expect([answer.status, answer.body]).toMatchObject([404, refusal]);
    }
    const wednesday = '2026-12-02T10:00:00+09:00';
    api.clock.freeze(new Date('2026-11-30T12:00:00+09:00'));
    expect((await apply({ slot: wednesday })).body).toMatchObject(refusal);
  });

  it('keeps the upload a week longer, so that a cancelled push can be applied for again', async () => {
    api.clock.freeze(new Date('2026-11-24T12:00:00+09:00'));
    const push = await applied();
    await api.request(shop, 'POST', url(`/${push.id}/cancel`));
    api.clock.freeze(new Date('2026-12-01T11:59:00+09:00'));
    expect((await apply({ slot: '2026-12-04T10:00:00+09:00' })).status).toBe(200);
  });

  it('uses up the week of both types: of many that race, exactly one wins', async () => {
    const promotion = () =>
      api.request(shop, 'POST', url(), {
        body: { type: 'promotion', couponId, items: { mode: 'rank', count: 4 }, registered: null, slot, banner: null },
      });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? apply() : promotion())),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
    const { thisWeek } = slotsSchema.parse((await api.request(shop, 'GET', `/api/shops/${shop.shopId}/slots`)).body);
    expect(thisWeek).toMatchObject({ used: 1, allowed: 1 });
    const [won] = answers.filter((answer) => answer.status === 200);
    const push = pushSchema.parse(won?.body);
    expect(await targets(push.id)).toEqual(push.type === 'compensation' ? reachable : []);
  });
});
