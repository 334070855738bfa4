import { policyResponse } from '@coupon-push/contract/operator.ts';
import { slotsSchema } from '@coupon-push/contract/slots.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { createOperator, type TestShop } from '../../../test/marketplace.ts';
import { createWaitingPush } from '../../../test/waiting-push.ts';

let api: TestApi;
let shop: TestShop;
let operator: { email: string; userId: string };

beforeAll(async () => {
  api = await TestApi.create();
  shop = await api.shop('はなみどり');
  operator = await createOperator(api.database.db);
});
afterAll(() => api.close());

const change = (key: string, value: unknown, by: { email: string } = operator) =>
  api.request(by, 'PUT', `/api/operator/policy/${key}`, { body: { value } });

describe('the operator', () => {
  it('changes a figure of the policy: it holds from then on, and who changed it when is kept', async () => {
    const answer = await change('lastDayAhead', 5);
    expect(answer.status).toBe(200);
    expect(policyResponse.parse(answer.body).policy).toMatchObject({ lastDayAhead: 5, cancelHours: 24 });
    const slots = await api.request(shop, 'GET', `/api/shops/${shop.shopId}/slots`);
    expect(slotsSchema.parse(slots.body).dates).toHaveLength(5);
    const history = await api.database.db.selectFrom('policy_change').selectAll().execute();
    expect(history).toEqual([
      expect.objectContaining({ key: 'lastDayAhead', old_value: 3, new_value: 5, changed_by: operator.userId }),
    ]);
  });

  it('keeps of a figure what the policy knows of it', async () => {
    expect((await change('bannerSizes', [{ width: 800, height: 100, note: 'a\0' }])).status).toBe(200);
    const kept = api.database.db.selectFrom('policy').where('key', '=', 'bannerSizes').select('value');
    expect(await kept.executeTakeFirstOrThrow()).toEqual({ value: [{ width: 800, height: 100 }] });
  });

  it.each([
    ['lastDayAhead', 'soon', 'value'],
    ['pushesPerWeek', 0, 'value'],
    ['quietHours', { from: '25:00', until: '08:00' }, 'value'],
    ['colour', 'red', 'key'],
    ['constructor', 'red', 'key'],
  ])('cannot set %s to %j', async (key, value, field) => {
    const answer = await change(key, value);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ fields: [{ field }] });
  });

  it.each([
    ['firstTime', '22:30'],
    ['lastTime', '09:30'],
    ['firstDayAhead', 10],
    ['bestItemsMin', 5],
    ['bestItemsDefault', 3],
    ['bestItemsMax', 3],
  ])('cannot set %s to %j, with which nobody could apply for a push', async (key, value) => {
    const answer = await change(key, value);
    expect(answer.body).toMatchObject({ fields: [{ field: 'value', code: 'invalid_value' }] });
  });

  it('releases a push that was held because it is late, once', async () => {
    const { pushId } = await createWaitingPush(api.database.db, shop);
    await sql`update push set paused_reason = 'late' where id = ${pushId}`.execute(api.database.db);
    const release = () => api.request(operator, 'POST', `/api/operator/pushes/${pushId}/release`);
    expect((await release()).status).toBe(200);
    expect((await release()).body).toMatchObject({ code: 'push_not_waiting' });
  });

  it('cannot resume what is not paused', async () => {
    const body = { channel: 'email' };
    expect((await api.request(operator, 'POST', '/api/operator/pushes/1/resume', { body })).status).toBe(404);
  });

  it('is nobody else: a seller is refused everywhere', async () => {
    expect((await change('cancelHours', 1, shop)).status).toBe(403);
    for (const [method, url, body] of [
      ['GET', '/api/operator/policy', undefined],
      ['POST', '/api/operator/pushes/1/release', undefined],
      ['POST', '/api/operator/pushes/1/resume', { channel: 'email' }],
    ] as const) {
      expect((await api.request(shop, method, url, body ? { body } : {})).status).toBe(403);
      expect((await api.request(null, method, url, body ? { body } : {})).status).toBe(401);
    }
  });
});
