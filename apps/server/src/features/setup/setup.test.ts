import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { setupCommand } from './command.ts';

const example = fileURLToPath(new URL('../../../../../docs/setup.example.json', import.meta.url));

let database: TestDatabase;
let said = '';
const run = (file: string) => setupCommand([file], { db: database.db, out: (text) => (said += text) });

beforeAll(async () => {
  database = await createTestDatabase();
  return database.drop;
});
beforeEach(() => {
  said = '';
});

async function fileOf(content: unknown): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'coupon-push-setup-')), 'setup.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

describe('setting up a marketplace', () => {
  it('works with the example, twice, and keeps who is there', async () => {
    for (const _ of ['once', 'again']) expect(await run(example)).toBe(0);
    expect(said).toContain('Example Mall is set up: 1 shops, 2 people.');
    const marketplace = await database.db.selectFrom('marketplace').selectAll().executeTakeFirstOrThrow();
    expect(marketplace).toMatchObject({ zone: 'Asia/Tokyo', currency: 'JPY', language: 'ja', demo: false });
    const people = await database.db
      .selectFrom('app_user')
      .leftJoin('shop_member', 'shop_member.user_id', 'app_user.id')
      .select(['app_user.email', 'app_user.role', 'shop_member.role as in_shop'])
      .orderBy('app_user.email')
      .execute();
    expect(people).toEqual([
      { email: 'akiko@mall.example.com', role: 'operator', in_shop: null },
      { email: 'misaki@my-shop.example.com', role: 'seller', in_shop: 'owner' },
    ]);
  });

  it('says what is wrong in every place at once, and changes nothing', async () => {
    const shops = [{ shopNo: 'elsewhere', role: 'owner' }];
    const person = { name: 'A', email: 'nobody', password: 'short', role: 'seller', language: 'ja', shops };
    const file = await fileOf({ marketplace: { name: 'X', profile: 'us' }, people: [person] });
    expect(await run(file)).toBe(1);
    for (const place of ['marketplace.profile', 'marketplace.senderEmail', 'people.0.email', 'people.0.password']) {
      expect(said).toContain(`${place}: `);
    }
    expect(await run(await fileOf('not json'))).toBe(1);
    expect(await run('/no/such/file.json')).toBe(1);
  });

  it('gives a new shop its people, also those who are there already, and leaves the people of the others to them', async () => {
    const { default: valid } = await import(example, { with: { type: 'json' } });
    const [operator, seller] = valid.people;
    await run(await fileOf(valid));
    const file = await fileOf({
      ...valid,
      shops: [...valid.shops, { shopNo: 'second-shop', name: 'Second Shop' }],
      people: [
        { ...operator, shops: [{ shopNo: 'my-shop', role: 'owner' }] },
        {
          ...seller,
          email: 'Misaki@my-shop.example.com',
          shops: [...seller.shops, { shopNo: 'second-shop', role: 'owner' }],
        },
      ],
    });
    for (const _ of ['once', 'again']) expect(await run(file)).toBe(0);
    const members = await database.db
      .selectFrom('shop_member')
      .innerJoin('app_user', 'app_user.id', 'shop_member.user_id')
      .innerJoin('shop', 'shop.id', 'shop_member.shop_id')
      .select(['shop.shop_no', 'app_user.email', 'shop_member.role'])
      .orderBy('shop.shop_no')
      .execute();
    expect(members).toEqual([
      { shop_no: 'my-shop', email: 'misaki@my-shop.example.com', role: 'owner' },
      { shop_no: 'second-shop', email: 'misaki@my-shop.example.com', role: 'owner' },
    ]);
  });

  it('refuses a person of a shop that the file does not have', async () => {
    const { default: valid } = await import(example, { with: { type: 'json' } });
    const people = [{ ...valid.people[1], shops: [{ shopNo: 'elsewhere', role: 'owner' }] }];
    expect(await run(await fileOf({ ...valid, people }))).toBe(1);
    expect(said).toContain('people.0.shops.0.shopNo: there is no shop "elsewhere" in shops');
  });
});
