import { qpostMessageSchema, qpostPage, qpostUnread } from '@coupon-push/contract/my-page.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { until } from '../../../test/books.ts';
import { createFellows, type TestShop } from '../../../test/marketplace.ts';
import { signInCustomer, type TestCustomer } from '../../../test/my-page.ts';
import { type Sending, startSending } from '../../../test/sent-push.ts';
import { remindNow } from '../../../test/waiting-push.ts';

const slot = new Date('2026-12-01T01:30:00Z');

let api: TestApi;
let sending: Sending;
let shop: TestShop;
let pushId: number;
/** Who reads Japanese, Korean and English. */
let hanako: TestCustomer;
let sujin: TestCustomer;
let emma: TestCustomer;

beforeAll(async () => {
  api = await TestApi.create();
  sending = await startSending(api.database, api.clock);
  shop = await api.shop('はなみどり');
  const { db } = api.database;
  const { reachable = [] } = await createFellows(db, shop.shopId, { reachable: 3 });
  ({ pushId } = await sending.send(shop, { slot, remindDays: 3 }));
  api.clock.set(new Date('2026-12-28T01:30:00Z'));
  await remindNow(db, pushId);
  await until(
    async () => {
      const row = await db
        .selectFrom('reminder')
        .where('push_id', '=', pushId)
        .select('finished_at')
        .executeTakeFirst();
      return row?.finished_at ?? undefined;
    },
    20_000,
    'the reminder',
  );
  const signedIn = await Promise.all(reachable.map((customerId) => signInCustomer(api, customerId)));
  [hanako, sujin, emma] = signedIn as [TestCustomer, TestCustomer, TestCustomer];
});
afterAll(async () => {
  await sending.stop();
  await api.close();
});

const inbox = async (customer: TestCustomer, query = '') =>
  qpostPage.parse((await customer.request('GET', `/api/my/qpost${query}`)).body);
const unread = async (customer: TestCustomer) =>
  qpostUnread.parse((await customer.request('GET', '/api/my/qpost/unread')).body);

/** Messages of this many pushes before, one an hour, two of them in the same microsecond; they say what this push says. */
async function fill(customerId: number, messages: number): Promise<void> {
  await sql`
    with pushes as (
      insert into push (shop_id, type, state, coupon_id, coupon_terms, items_mode, items_count, slot, slot_week, applied_by,
                        applied_at)
      select shop_id, type, 'sent', coupon_id, coupon_terms, items_mode, items_count, slot, slot_week - 7 * n, applied_by,
             applied_at
        from push, generate_series(1, ${messages}) n
       where push.id = ${pushId}
      returning id
    ),
    said as (
      insert into push_message (push_id, language, message)
      select pushes.id, language, message from push_message, pushes where push_message.push_id = ${pushId}
    )
    insert into qpost_message (customer_id, source, source_id, tab, shop_id, sent_at)
    select ${customerId}, 'push', id, 'shop_event', ${shop.shopId}, ${slot}::timestamptz - id / 2 * interval '1 hour'
      from pushes`.execute(api.database.db);
}

describe('Qpost', () => {
  it('holds what pushes and their reminders said, newest first, in the customer’s language', async () => {
    const titles = async (customer: TestCustomer) => (await inbox(customer)).entries.map(({ title }) => title);
    const [, korean] = await titles(sujin);
    expect(korean).toBe('[쿠폰] 샵쿠폰이 발행되었습니다!');
    expect((await titles(emma))[1]).toBe('[Coupon] A shop coupon has been issued!');
    const { entries, next } = await inbox(hanako);
    expect(next).toBeNull();
    expect(entries.map(({ id }) => id)).toEqual([`reminder.${pushId}`, `push.${pushId}`]);
    expect(entries[1]).toMatchObject({
      title: '[クーポン] ショップクーポンが発行されました！',
      shop: { name: 'はなみどり' },
      read: false,
    });
    expect((await inbox(hanako, '?tab=notice')).entries).toEqual([]);
    expect((await hanako.request('GET', '/api/my/qpost?tab=spam')).status).toBe(400);
  });

  it('marks a message as read when it is opened, once', async () => {
    expect(await unread(hanako)).toEqual({ notice: 0, inquiry: 0, shop_event: 2 });
    const open = () => hanako.request('GET', `/api/my/qpost/push.${pushId}`);
    const message = qpostMessageSchema.parse((await open()).body);
    expect(message).toMatchObject({ read: true, button: expect.any(String) });
    expect(message.items).toHaveLength(4);
    expect(message.buttonUrl).toBe('https://mall.example.com/my/coupons');
    const readAt = async () =>
      await api.database.db
        .selectFrom('qpost_message')
        .where('customer_id', '=', hanako.customerId)
        .where('source', '=', 'push')
        .select('read_at')
        .executeTakeFirstOrThrow();
    const first = await readAt();
    await Promise.all([open(), open()]);
    expect(await readAt()).toEqual(first);
    expect(await unread(hanako)).toMatchObject({ shop_event: 1 });
    expect(await unread(sujin)).toMatchObject({ shop_event: 2 });
    const { entries } = await inbox(hanako);
    expect(entries.map(({ read }) => read)).toEqual([false, true]);
  });

  it('deletes a message for good, and once', async () => {
    const url = `/api/my/qpost/reminder.${pushId}`;
    const answers = await Promise.all([1, 2, 3].map(() => sujin.request('DELETE', url)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404]);
    expect((await sujin.request('GET', url)).status).toBe(404);
    expect((await inbox(sujin)).entries.map(({ id }) => id)).toEqual([`push.${pushId}`]);
    expect(await unread(sujin)).toMatchObject({ shop_event: 1 });
    expect((await inbox(emma)).entries).toHaveLength(2);
  });

  it('is nobody else’s', async () => {
    const { reachable = [] } = await createFellows(api.database.db, shop.shopId, { reachable: 1 });
    const stranger = await signInCustomer(api, reachable[0] ?? 0);
    expect((await inbox(stranger)).entries).toEqual([]);
    expect((await stranger.request('GET', `/api/my/qpost/push.${pushId}`)).status).toBe(404);
    expect((await stranger.request('DELETE', `/api/my/qpost/push.${pushId}`)).status).toBe(404);
    expect((await api.request(null, 'GET', '/api/my/qpost')).status).toBe(401);
    expect((await hanako.request('GET', '/api/my/qpost/push.x')).status).toBe(400);
  });

  it('is read in pages that miss nothing and repeat nothing, and counts at most a hundred', async () => {
    await fill(emma.customerId, 120);
    const ids: string[] = [];
    let after: string | null = '';
    while (after !== null) {
      const page: { entries: { id: string }[]; next: string | null } = await inbox(
        emma,
        `?limit=50${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`,
      );
      ids.push(...page.entries.map(({ id }) => id));
      after = page.next;
    }
    expect(ids).toHaveLength(122);
    expect(new Set(ids).size).toBe(122);
    expect(await unread(emma)).toMatchObject({ shop_event: 100 });
  });
});
