import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { until } from '../../../test/books.ts';
import { createFellows } from '../../../test/marketplace.ts';
import { signInCustomer, type TestCustomer } from '../../../test/my-page.ts';
import { runImport } from '../imports/service.ts';
import { writeChoices } from './db.ts';

const folder = mkdtempSync(join(tmpdir(), 'coupon-push-consents-'));

let api: TestApi;
let customer: TestCustomer;

beforeAll(async () => {
  api = await TestApi.create();
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  api.clock.set(new Date('2026-12-01T03:00:00Z'));
  const { shopId } = await api.shop('はなみどり');
  const { reachable: [one = 0] = [] } = await createFellows(api.database.db, shopId, { reachable: 1 });
  customer = await signInCustomer(api, one);
});

const choose = (choices: object) => customer.request('PATCH', '/api/my/preferences', choices);

async function bring(line: string, fields = 'email,refuses_coupon_mail,accepts_app_push,left'): Promise<void> {
  const input = join(folder, 'customers.csv');
  writeFileSync(input, `customer_no,${fields}\nc${customer.customerId},${line}\n`);
  const { rejected } = await runImport({
    pool: api.database.pool,
    kind: 'customers',
    input,
    marketplace: { currency: 'JPY', zone: 'Asia/Tokyo', language: 'ja' },
    rejectedPath: join(folder, 'rejected.csv'),
    now: () => api.clock.now(),
  });
  expect(rejected).toBe(0);
}

/** All there is of this customer, oldest first: `app_push no my_page`. */
async function records(): Promise<string[]> {
  const { rows } = await sql<{ record: string }>`
    select concat_ws(' ', kind, case when given then 'yes' else 'no' end, how) as record
      from consent_record where customer_id = ${customer.customerId} order by id`.execute(api.database.db);
  return rows.map(({ record }) => record);
}

/** Statements that wait for somebody else's transaction. */
async function waiting(): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
    api.database.db,
  );
  return rows[0]?.count ?? 0;
}

describe('what was agreed to and withdrawn', () => {
  it('stays on record when it is withdrawn, brought again, and when the customer leaves and comes back', async () => {
    await choose({ appPush: false });
    await choose({ appPush: true, nightMessages: true });
    await choose({ couponMail: false });
    const own = ['app_push no my_page', 'app_push yes my_page', 'night_messages yes my_page', 'coupon_mail no my_page'];
    expect(await records()).toEqual(own);
    await bring('a@customers.example.com,no,no,no');
    const brought = [...own, 'app_push no import'];
    expect(await records()).toEqual(brought);
    await bring('a@customers.example.com,no,no,yes');
    await bring('b@customers.example.com,no,no,no');
    expect(await records()).toEqual(brought);
    const { rows } = await sql`
      select refuses_coupon_mail as refuses, left_at from customer
       where customer_id = ${customer.customerId}`.execute(api.database.db);
    expect(rows).toEqual([{ refuses: true, left_at: null }]);
  });

  it('holds when it is said while a file is being brought that does not know of it', async () => {
    await choose({ appPush: false });
    const { customerId } = customer;
    const said = { customerId, how: 'my_page', source: 'my page', at: api.clock.now() };
    const saying = await api.database.db.startTransaction().execute();
    await writeChoices(saying, said, { couponMail: false, appPush: true });
    await sql`update customer set mail_suppressed_at = ${api.clock.now()} where customer_id = ${customerId}`.execute(
      saying,
    );
    // Another name, so that there is something to write; what the file says of consents is what stood before.
    const brought = bring('another name,no,no', 'name,refuses_coupon_mail,accepts_app_push');
    await until(async () => (await waiting()) || undefined, 20_000, 'the import to come to this customer');
    await saying.commit().execute();
    await brought;
    const { rows } = await sql`
      select name, refuses_coupon_mail as refuses, accepts_app_push as "appPush", held_back as "heldBack",
             mail_suppressed_at is not null as suppressed
        from customer where customer_id = ${customerId}`.execute(api.database.db);
    expect(rows).toEqual([
      { name: 'another name', refuses: true, appPush: true, heldBack: 'refused', suppressed: true },
    ]);
    expect(await records()).toEqual(['app_push no my_page', 'coupon_mail no my_page', 'app_push yes my_page']);
  });

  it('is deleted by nothing in the product', () => {
    const sources = globSync('**/*.ts', { cwd: join(import.meta.dirname, '../..') })
      .filter((file) => !file.endsWith('.test.ts'))
      .map((file) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8'));
    const deletes = /(delete\s+from|truncate|deleteFrom\(')\s*(table\s+)?consent_record|update\s+consent_record/i;
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.filter((source) => deletes.test(source))).toEqual([]);
  });
});
