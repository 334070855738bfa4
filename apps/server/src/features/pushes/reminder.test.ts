import { couponSchema } from '@coupon-push/contract/coupons.ts';
import { problemSchema } from '@coupon-push/contract/problem.ts';
import { pushSchema } from '@coupon-push/contract/pushes.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import type { TestShop } from '../../../test/marketplace.ts';
import { terms } from '../../../test/waiting-push.ts';

let api: TestApi;
let shop: TestShop;

beforeAll(async () => {
  api = await TestApi.create();
});
afterAll(() => api.close());
beforeEach(async () => {
  api.clock.freeze(new Date('2026-11-23T12:00:00+09:00'));
  shop = await api.shop('はなみどり');
});

/** Applies for a push on November 26 at 10:00 in Tokyo. */
async function apply(remindDays: number | null | undefined, coupon: object = {}) {
  const url = `/api/shops/${shop.shopId}`;
  const made = await api.request(shop, 'POST', `${url}/coupons`, { body: { ...terms, ...coupon } });
  const { id: couponId } = couponSchema.parse(made.body);
  const slot = '2026-11-26T10:00:00+09:00';
  const items = { mode: 'rank', count: 4 };
  const body = { type: 'promotion', couponId, items, registered: null, slot, banner: null, remindDays };
  return await api.request(shop, 'POST', `${url}/pushes`, { body });
}

describe('applying for a push with a reminder', () => {
  it('says when it will be', async () => {
    const push = pushSchema.parse((await apply(3)).body);
    const at = new Date('2026-12-23T10:00:00+09:00').toISOString();
    expect(push.reminder).toEqual({ days: 3, at, customers: 0, finishedAt: null });
  });

  it('is up to the seller', async () => {
    expect(pushSchema.parse((await apply(undefined)).body).reminder).toBeNull();
    shop = await api.shop('別の店');
    expect(pushSchema.parse((await apply(null)).body).reminder).toBeNull();
  });

  it('is refused at its field when it would come before the day after the push, or is no number of days', async () => {
    const early = await apply(3, { validity: { kind: 'period', from: '2026-11-01', until: '2026-11-29' } });
    const { code, fields } = problemSchema.parse(early.body);
    expect([early.status, code, fields?.[0]?.field]).toEqual([409, 'reminder_before_slot', 'remindDays']);
    for (const days of [0, 15, 1.5, -1]) {
      const refused = problemSchema.parse((await apply(days)).body);
      expect([days, refused.fields?.[0]?.field]).toEqual([days, 'remindDays']);
    }
    const next = await apply(2, { validity: { kind: 'period', from: '2026-11-01', until: '2026-11-29' } });
    expect(pushSchema.parse(next.body).reminder?.at).toBe(new Date('2026-11-27T10:00:00+09:00').toISOString());
  });
});
