import { limitsResponse } from '@coupon-push/contract/operator.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { createOperator, type TestShop } from '../../../test/marketplace.ts';

let api: TestApi;
let shop: TestShop;
let operator: { email: string; userId: string };

beforeAll(async () => {
  api = await TestApi.create();
  shop = await api.shop('はなみどり');
  operator = await createOperator(api.database.db);
});
afterAll(() => api.close());

const none = { messagesPerSecond: null, connections: null, messagesPerConnection: null };
const read = (by: { email: string } | null) => api.request(by, 'GET', '/api/operator/limits');
const set = (channel: string, body: object, by: { email: string } | null = operator) =>
  api.request(by, 'PUT', `/api/operator/limits/${channel}`, { body });

describe('limits of sending', () => {
  it('are none until the operator sets them', async () => {
    expect(limitsResponse.parse((await read(operator)).body).limits).toEqual({
      email: none,
      web_push: none,
      fcm: none,
    });
  });

  it('are set channel by channel, and who set them when is kept', async () => {
    const limits = { messagesPerSecond: 500, connections: 20, messagesPerConnection: 100 };
    const answer = await set('email', limits);
    expect(limitsResponse.parse(answer.body).limits).toEqual({ email: limits, web_push: none, fcm: none });
    expect(limitsResponse.parse((await read(operator)).body).limits.email).toEqual(limits);
    const history = await api.database.db.selectFrom('sending_limit_change').selectAll().execute();
    expect(history).toEqual([
      expect.objectContaining({
        channel: 'email',
        old_value: none,
        new_value: limits,
        changed_by: operator.userId,
        changed_at: expect.any(Date),
      }),
    ]);
  });

  it.each([
    ['email', { ...none, messagesPerSecond: 0 }, 'messagesPerSecond'],
    ['email', { ...none, connections: 1.5 }, 'connections'],
    ['fcm', { ...none, messagesPerConnection: 10 }, 'messagesPerConnection'],
    ['qpost', none, 'channel'],
    ['email', { connections: 3 }, 'messagesPerSecond'],
  ])('of %s cannot be %j', async (channel, limits, field) => {
    const answer = await set(channel, limits);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ fields: expect.arrayContaining([expect.objectContaining({ field })]) });
  });

  it('are the operator’s alone', async () => {
    expect((await read(shop)).status).toBe(403);
    expect((await set('email', none, shop)).status).toBe(403);
    expect((await read(null)).status).toBe(401);
    expect((await set('email', none, null)).status).toBe(401);
  });
});
