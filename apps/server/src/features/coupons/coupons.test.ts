import { couponPage, couponSchema } from '@coupon-push/contract/coupons.ts';
import { problemSchema } from '@coupon-push/contract/problem.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import type { TestShop } from '../../../test/marketplace.ts';

let api: TestApi;
let mine: TestShop;
let other: TestShop;

beforeAll(async () => {
  api = await TestApi.create();
  mine = await api.shop('はなみどり');
  other = await api.shop('よその店');
});
afterAll(() => api.close());

const terms = {
  name: '500円引き',
  discount: { kind: 'amount', amountMinor: 500 },
  minPurchaseMinor: 1700,
  validity: { kind: 'days', days: 30 },
  qstoreOnly: false,
};

const coupons = (shop: TestShop) => `/api/shops/${shop.shopId}/coupons`;

async function created(shop: TestShop, more: object = {}) {
  const answer = await api.request(shop, 'POST', coupons(shop), { body: { ...terms, ...more } });
  expect(answer.status).toBe(200);
  return couponSchema.parse(answer.body);
}

describe('a shop coupon', () => {
  it('that is created can be read and listed with its terms, newest first', async () => {
    const first = await created(mine);
    const percent = { kind: 'percent', percent: 10, maxAmountMinor: 1000 };
    const period = { kind: 'period', from: '2026-12-01', until: '2026-12-31' };
    const second = await created(mine, { discount: percent, validity: period });
    expect(second).toMatchObject({ discount: percent, validity: period, state: 'active', notSendable: null });
    const read = await api.request(mine, 'GET', `${coupons(mine)}/${first.id}`);
    expect(couponSchema.parse(read.body)).toEqual(first);
    const page = couponPage.parse((await api.request(mine, 'GET', coupons(mine))).body);
    expect(page.entries.map((coupon) => coupon.id)).toEqual([second.id, first.id]);
  });

  it('list is paged without losing or repeating any', async () => {
    const shop = await api.shop('数の多い店');
    const ids = [];
    for (let i = 0; i < 5; i += 1) ids.unshift((await created(shop)).id);
    const seen: number[] = [];
    let after = '';
    do {
      const page = couponPage.parse((await api.request(shop, 'GET', `${coupons(shop)}?limit=2${after}`)).body);
      seen.push(...page.entries.map((coupon) => coupon.id));
      after = page.next === null ? '' : `&after=${page.next}`;
    } while (after !== '');
    expect(seen).toEqual(ids);
  });

  it('list begins at its beginning for a place that is none', async () => {
    const shop = await api.shop('間違いの多い店');
    const { id } = await created(shop);
    for (const after of ['1.5', '1e300', 'Infinity', '9'.repeat(30), '-1', '%00']) {
      const page = await api.request(shop, 'GET', `${coupons(shop)}?after=${after}`);
      expect([after, couponPage.parse(page.body).entries.map((coupon) => coupon.id)]).toEqual([after, [id]]);
      expect([
        after,
        (await api.request(shop, 'GET', `/api/shops/${shop.shopId}/pushes?after=${after}`)).status,
      ]).toEqual([after, 200]);
    }
  });

  it('is named by one line of text, whatever was pasted into it', async () => {
    for (const name of ['10%\0引き', '10%\r\n引き', '10%\u202e\u2028引き', ' 10%\t引き\ufeff ']) {
      expect((await created(mine, { name })).name).toBe('10% 引き');
    }
    const nothing = await api.request(mine, 'POST', coupons(mine), { body: { ...terms, name: '\0 \u202e' } });
    expect(nothing.body).toMatchObject({ fields: [{ field: 'name', code: 'too_small' }] });
  });

  it('has no day of the year 0, which the database does not know', async () => {
    const validity = { kind: 'period', from: '0000-01-01', until: '2026-12-31' };
    const answer = await api.request(mine, 'POST', coupons(mine), { body: { ...terms, validity } });
    expect(answer.body).toMatchObject({ fields: [{ field: 'validity.from', code: 'invalid_format' }] });
  });

  it('may have a limit of uses and a budget, which are shown with how far they have come', async () => {
    expect((await created(mine)).limits).toBeNull();
    const { id, limits } = await created(mine, { useLimit: 100, budgetMinor: 50_000 });
    expect(limits).toEqual({ useLimit: 100, budgetMinor: 50_000, issued: 0, used: 0, spentMinor: 0 });
    await api.database.db.updateTable('coupon').set({ issued_count: 100 }).where('id', '=', id).execute();
    const read = couponSchema.parse((await api.request(mine, 'GET', `${coupons(mine)}/${id}`)).body);
    expect([read.limits?.issued, read.notSendable]).toEqual([100, 'used_up']);
  });

  it('that is stopped once cannot be stopped again, and says since when it is', async () => {
    const coupon = await created(mine);
    const stop = `${coupons(mine)}/${coupon.id}/stop`;
    const stopped = couponSchema.parse((await api.request(mine, 'POST', stop)).body);
    expect(stopped).toMatchObject({ state: 'stopped', notSendable: 'not_active' });
    expect(stopped.stoppedAt).not.toBeNull();
    const again = await api.request(mine, 'POST', stop);
    expect(again.status).toBe(409);
    expect(problemSchema.parse(again.body).code).toBe('coupon_already_stopped');
  });

  it('of another shop is not found, neither to read nor to stop, and its shop neither', async () => {
    const coupon = await created(other);
    for (const [method, url] of [
      ['GET', `${coupons(mine)}/${coupon.id}`],
      ['POST', `${coupons(mine)}/${coupon.id}/stop`],
      ['GET', `${coupons(other)}/${coupon.id}`],
      ['GET', coupons(other)],
      ['POST', `${coupons(other)}/${coupon.id}/stop`],
    ] as const) {
      const answer = await api.request(mine, method, url);
      expect([url, answer.status]).toEqual([url, 404]);
    }
    const foreign = await api.request(mine, 'POST', coupons(other), { body: terms });
    expect(foreign.status).toBe(404);
    const still = await api.request(other, 'GET', `${coupons(other)}/${coupon.id}`);
    expect(couponSchema.parse(still.body).state).toBe('active');
  });

  it('is for nobody who is not signed in', async () => {
    const answer = await api.request(null, 'GET', coupons(mine));
    expect(answer.status).toBe(401);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(problemSchema.parse(answer.body).code).toBe('not_signed_in');
  });

  it.each([
    [{ name: '' }, 'name', 'too_small'],
    [{ name: undefined }, 'name', 'required'],
    [{ useLimit: 0 }, 'useLimit', 'too_small'],
    [{ useLimit: 1.5 }, 'useLimit', 'invalid_type'],
    [{ budgetMinor: 0 }, 'budgetMinor', 'too_small'],
    [{ budgetMinor: 1_000_000_000_001 }, 'budgetMinor', 'too_big'],
    [{ discount: { kind: 'amount', amountMinor: 0 } }, 'discount.amountMinor', 'too_small'],
    [{ discount: { kind: 'amount', amountMinor: 10.5 } }, 'discount.amountMinor', 'invalid_type'],
    [{ discount: { kind: 'percent', percent: 101, maxAmountMinor: null } }, 'discount.percent', 'too_big'],
    [{ discount: { kind: 'gift' } }, 'discount.kind', 'invalid_union'],
    [{ minPurchaseMinor: -1 }, 'minPurchaseMinor', 'too_small'],
    [{ minPurchaseMinor: 400 }, 'minPurchaseMinor', 'condition_below_discount'],
    [{ validity: { kind: 'days', days: 0 } }, 'validity.days', 'too_small'],
    [{ validity: { kind: 'period', from: '2026-12-02', until: '2026-12-01' } }, 'validity.until', 'until_before_from'],
    [{ validity: { kind: 'period', from: '2026-02-30', until: '2026-12-01' } }, 'validity.from', 'invalid_format'],
  ])('with %j is refused at the field %s as %s', async (wrong, field, code) => {
    const answer = await api.request(mine, 'POST', coupons(mine), { body: { ...terms, ...wrong } });
    expect(answer.status).toBe(400);
    const problem = problemSchema.parse(answer.body);
    expect(problem.fields).toContainEqual(expect.objectContaining({ field, code }));
  });

  it('is created once when the same request comes twice with an Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'coupon-of-today' };
    const [one, two] = await Promise.all([
      api.request(mine, 'POST', coupons(mine), { body: terms, headers }),
      api.request(mine, 'POST', coupons(mine), { body: terms, headers }),
    ]);
    expect([one?.status, two?.status]).toEqual([200, 200]);
    expect(two?.body).toEqual(one?.body);
    const other = { ...terms, name: '別のクーポン' };
    const reused = await api.request(mine, 'POST', coupons(mine), { body: other, headers });
    expect(reused.status).toBe(422);
    expect(problemSchema.parse(reused.body).code).toBe('idempotency_key_reused');
  });

  it('with an Idempotency-Key that is none is refused at that header', async () => {
    const headers = { 'idempotency-key': 'k'.repeat(256) };
    const answer = await api.request(mine, 'POST', coupons(mine), { body: terms, headers });
    expect(answer.status).toBe(400);
    expect(problemSchema.parse(answer.body).fields).toEqual([
      expect.objectContaining({ field: 'idempotency-key', code: 'too_big' }),
    ]);
  });

  it('cannot be created by a foreign page in a signed-in browser', async () => {
    const headers = { origin: 'https://evil.example.com' };
    const answer = await api.request(mine, 'POST', coupons(mine), { body: terms, headers });
    expect(answer.status).toBe(403);
  });
});
