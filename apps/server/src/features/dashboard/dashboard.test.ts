import { dashboardSchema } from '@coupon-push/contract/dashboard.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { createFellows, type TestShop } from '../../../test/marketplace.ts';
import { createWaitingPush } from '../../../test/waiting-push.ts';

let api: TestApi;
let shop: TestShop;
let other: TestShop;

beforeAll(async () => {
  api = await TestApi.create();
  other = await api.shop('よその店');
});
afterAll(() => api.close());
beforeEach(async () => {
  api.clock.freeze(new Date('2026-11-23T12:00:00+09:00'));
  shop = await api.shop('はなみどり');
});

const read = async () =>
  dashboardSchema.parse((await api.request(shop, 'GET', `/api/shops/${shop.shopId}/dashboard`)).body);
const run = (query: ReturnType<typeof sql>) => query.execute(api.database.db);

/** A push of some weeks ago that went out to so many, of whom so many used the coupon. */
async function pastPush(slot: string, recipients: number, used: number): Promise<number> {
  const { pushId } = await createWaitingPush(api.database.db, shop, { slot: new Date(slot) });
  await run(
    sql`update push set state = 'sent', dispatched_at = slot, issued_at = slot, finished_at = slot where id = ${pushId}`,
  );
  await run(
    sql`insert into push_progress (push_id, matching, recipients) values (${pushId}, ${recipients}, ${recipients})`,
  );
  await run(
    sql`insert into coupon_daily (push_id, day, slot, issued) values (${pushId}, ${slot.slice(0, 10)}, 16, ${recipients})`,
  );
  await run(
    sql`insert into coupon_daily (push_id, day, slot, used) values (${pushId}, ${slot.slice(0, 10)}, 3, ${used})`,
  );
  return pushId;
}

describe('the dashboard', () => {
  it('of a new shop says that this week is free, and what to do first', async () => {
    expect(await read()).toMatchObject({
      quota: { weekFrom: '2026-11-23', used: 0, allowed: 1 },
      nextFree: '2026-11-24T01:00:00.000Z',
      nextPush: null,
      lastPushes: [],
      fellows: { total: 0, reachable: 0 },
      notices: [{ kind: 'no_coupon' }],
    });
  });

  it('shows what goes out next and until when that can be cancelled, and that the week is taken', async () => {
    const { pushId } = await createWaitingPush(api.database.db, shop, { slot: new Date('2026-11-26T10:00:00+09:00') });
    expect(await read()).toMatchObject({
      quota: { used: 1 },
      nextFree: null,
      nextPush: { id: pushId, cancelUntil: '2026-11-25T01:00:00.000Z', cancellable: true },
      notices: [],
    });
  });

  it('shows what became of the last three pushes, the newest first', async () => {
    await pastPush('2026-10-29T10:00:00+09:00', 5, 1);
    const ids = [
      await pastPush('2026-11-05T10:00:00+09:00', 10, 2),
      await pastPush('2026-11-12T10:00:00+09:00', 20, 5),
      await pastPush('2026-11-19T10:00:00+09:00', 30, 0),
    ];
    const { lastPushes } = await read();
    expect(lastPushes.map(({ id, recipients, issued, used }) => [id, recipients, issued, used])).toEqual([
      [ids[2], 30, 30, 0],
      [ids[1], 20, 20, 5],
      [ids[0], 10, 10, 2],
    ]);
  });

  it('counts the fellows, and the new ones of the last thirty days', async () => {
    api.clock.freeze(new Date('2026-01-05T12:00:00+09:00'));
    await createFellows(api.database.db, shop.shopId, { reachable: 10, muted: 2 });
    const { fellows } = await read();
    expect(fellows).toMatchObject({ total: 12, reachable: 10 });
    expect(fellows.days).toHaveLength(30);
    expect(fellows.days.at(-1)).toEqual({ day: '2026-01-05', fellows: 1 });
    expect(fellows.days.slice(-5).reduce((sum, day) => sum + day.fellows, 0)).toBe(7);
  });

  it('tells of a push that is held up, and of one that was not sent this week', async () => {
    const { pushId } = await createWaitingPush(api.database.db, shop, { slot: new Date('2026-11-22T10:00:00+09:00') });
    await run(sql`update push set paused_reason = 'late' where id = ${pushId}`);
    expect((await read()).notices).toEqual([{ kind: 'push_paused', pushId }]);
    await run(sql`update push set paused_reason = null, state = 'sending', dispatched_at = slot where id = ${pushId}`);
    await run(sql`insert into push_progress (push_id) values (${pushId})`);
    await run(
      sql`insert into channel_progress (push_id, channel, paused_reason) values (${pushId}, 'email', 'refused')`,
    );
    expect((await read()).notices).toEqual([{ kind: 'push_paused', pushId }]);
    await run(sql`update push set state = 'not_sent', not_sent_reason = 'coupon_stopped' where id = ${pushId}`);
    expect((await read()).notices).toMatchObject([{ kind: 'push_not_sent', pushId }]);
    api.clock.freeze(new Date('2026-11-30T12:00:00+09:00'));
    expect((await read()).notices).toEqual([]);
  });

  it('is the shop’s alone', async () => {
    const answer = await api.request(other, 'GET', `/api/shops/${shop.shopId}/dashboard`);
    expect(answer.status).toBe(404);
  });
});
