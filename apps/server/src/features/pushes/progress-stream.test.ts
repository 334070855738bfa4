import { type PushProgress, pushProgressSchema } from '@coupon-push/contract/pushes.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import type { TestShop } from '../../../test/marketplace.ts';
import { createWaitingPush } from '../../../test/waiting-push.ts';
import { cancelPush } from './service.ts';

let api: TestApi;
let shop: TestShop;
let address: string;

beforeAll(async () => {
  api = await TestApi.create();
  shop = await api.shop('はなみどり');
  address = await api.server.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => api.close());

/** Reads the events of a stream until it ends. */
async function* progressOf(pushId: number): AsyncGenerator<PushProgress> {
  const cookie = await api.cookieOf(shop.email);
  const answer = await fetch(`${address}/api/shops/${shop.shopId}/pushes/${pushId}/events`, { headers: { cookie } });
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  let text = '';
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^event: progress\ndata: (.*)$/.exec(event)?.[1];
      if (data !== undefined) yield pushProgressSchema.parse(JSON.parse(data));
    }
  }
}

it('tells the progress at once, then after each change, and ends when the push has ended', async () => {
  const slot = new Date(Date.now() + 3 * 86_400_000);
  const { pushId } = await createWaitingPush(api.database.db, shop, { slot });
  const states: string[] = [];
  for await (const progress of progressOf(pushId)) {
    states.push(progress.state);
    if (states.length > 1) continue;
    // Another process changes it: this one hears of that from the database.
    const scope = { userId: shop.userId, shopId: shop.shopId };
    await api.database.db.transaction().execute((trx) => cancelPush(trx, scope, pushId, new Date()));
  }
  expect(states.at(0)).toBe('waiting');
  expect(states.at(-1)).toBe('cancelled');
});

it('misses no change for long, though whoever made it died before telling', async () => {
  const { pushId } = await createWaitingPush(api.database.db, shop, { slot: new Date(Date.now() + 12 * 86_400_000) });
  const states: string[] = [];
  for await (const progress of progressOf(pushId)) {
    states.push(progress.state);
    await sql`
      update push set state = 'not_sent', not_sent_reason = 'no_items' where id = ${pushId}`.execute(api.database.db);
  }
  expect(states.at(-1)).toBe('not_sent');
}, 30_000);

it('of a push that has ended says so once', async () => {
  const { pushId } = await createWaitingPush(api.database.db, shop);
  await sql`
    update push set state = 'not_sent', not_sent_reason = 'coupon_stopped' where id = ${pushId}`.execute(
    api.database.db,
  );
  const all = [];
  for await (const progress of progressOf(pushId)) all.push(progress);
  expect(all).toEqual([expect.objectContaining({ state: 'not_sent', notSentReason: 'coupon_stopped' })]);
});
