import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { createMarketplace } from '../../test/marketplace.ts';
import { insertShops } from './demo-db.ts';
import { createDemoPeople } from './demo-people.ts';
import { demoSignIns } from './demo-sign-ins.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  const now = new Date();
  await createMarketplace(database.db);
  await insertShops(database.pool, now);
  await database.db.transaction().execute((trx) => createDemoPeople(trx, now));
  return database.drop;
});

it('lets an owner of each shop sign in, one who is staff, and one person of two shops', async () => {
  const { rows } = await database.pool.query(`
    select app_user.email, array_agg(shop.shop_no || ' ' || shop_member.role order by shop.id) as shops
      from app_user
      join shop_member on shop_member.user_id = app_user.id
      join shop on shop.id = shop_member.shop_id
     group by app_user.email
     order by app_user.email`);
  expect(rows).toEqual([
    { email: 'owner@hanamidori.example.com', shops: ['hanamidori owner'] },
    { email: 'owner@regent.example.com', shops: ['online-retail owner'] },
    { email: 'owner@seoulbloom.example.com', shops: ['seoul-bloom owner'] },
    { email: 'staff@hanamidori.example.com', shops: ['hanamidori staff'] },
    { email: 'two-shops@example.com', shops: ['hanamidori owner', 'seoul-bloom staff'] },
  ]);
  expect(rows.map(({ email }) => email)).toEqual(demoSignIns.map(({ email }) => email).sort());
});

it('gives each shop one coupon to begin with', async () => {
  const { rows } = await database.pool.query('select shop_id, count(*) from coupon group by 1 order by 1');
  expect(rows.map(({ count }) => count)).toEqual([1, 1, 1]);
});
