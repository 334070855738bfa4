import type pg from 'pg';
import { profileMarketplace } from '../features/policy/rules.ts';

/** Any number that nothing else in this database locks. */
const lock = 20_260_304;

/** Processes that start at the same moment take turns; the later ones find that the marketplace exists. */
export async function withDemoLock(pool: pg.Pool, use: (exists: boolean) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lock]);
    const { rowCount } = await client.query('select from marketplace');
    await use(rowCount !== 0);
    await client.query('select pg_advisory_unlock($1)', [lock]);
    client.release();
  } catch (error) {
    // With the connection goes the lock.
    client.release(true);
    throw error;
  }
}

const shops = [
  ['online-retail', 'Regent Gifts'],
  ['hanamidori', 'はなみどり'],
  ['seoul-bloom', '서울블룸'],
] as const;

export async function insertShops(pool: pg.Pool, now: Date): Promise<void> {
  for (const [shopNo, name] of shops) {
    await pool.query(
      `insert into shop (shop_no, name, created_at)
       select $1, $2, $3
        where not exists (select from shop where shop_no = $1)`,
      [shopNo, name, now],
    );
  }
}

/** Titled pages of items: those whose search text matches the pattern (a PostgreSQL regular expression), best ones first. */
export interface DemoFeature {
  shopNo: string;
  title: string;
  pattern: string;
}

export const demoFeatures: readonly DemoFeature[] = [
  { shopNo: 'online-retail', title: 'Afternoon tea', pattern: String.raw`\m(tea|teatime|teacup|teapot|mug|cake)\M` },
  { shopNo: 'online-retail', title: 'Christmas is coming', pattern: 'christmas' },
  { shopNo: 'online-retail', title: 'All about retrospot', pattern: 'retrospot' },
  { shopNo: 'hanamidori', title: '観葉植物フェア', pattern: '[0-9]号' },
  { shopNo: 'hanamidori', title: '日々のうつわ', pattern: '焼|南部|茶碗' },
  { shopNo: 'hanamidori', title: 'まとめ買いでお得なセット', pattern: 'セット' },
  { shopNo: 'seoul-bloom', title: '스킨케어 기획전', pattern: '크림|세럼|앰플|토너|클렌' },
  { shopNo: 'seoul-bloom', title: '마음을 전하는 선물세트', pattern: '세트' },
  { shopNo: 'seoul-bloom', title: '촉촉한 마스크팩', pattern: '마스크|핸드크림|로션' },
];

export async function insertFeatures(pool: pg.Pool, features: readonly DemoFeature[], now: Date): Promise<void> {
  for (const { shopNo, title, pattern } of features) {
    await pool.query(
      `with made as (
         insert into shop_feature (shop_id, title, created_at)
         select id, $2, $4 from shop s
          where shop_no = $1
            and not exists (select from shop_feature f where f.shop_id = s.id and f.title = $2)
         returning id, shop_id
       )
       insert into shop_feature_item (feature_id, position, item_id)
       select made.id, row_number() over (order by i.sales_rank, i.id), i.id
         from made
        cross join lateral (
               select item.id, item.sales_rank
                 from item
                where item.shop_id = made.shop_id and item.on_sale and item.search_text ~ $3
                order by item.sales_rank, item.id
                limit 12) i`,
      [shopNo, title, pattern, now],
    );
  }
}

/** Customers whose address is suppressed after a hard bounce (spec 3.9). */
export async function insertBounces(pool: pg.Pool, customerNos: readonly string[], at: Date): Promise<void> {
  await pool.query(
    `with bounced as (
       update customer c
          set mail_suppressed_at = $2
         from customer_number n
        where n.customer_no = any ($1) and c.customer_id = n.customer_id and c.email is not null
       returning c.customer_id, c.email
     )
     insert into suppression (customer_id, email, reason, code, suppressed_at)
     select customer_id, email, 'hard_bounce', '5.1.1', $2 from bounced
         on conflict (customer_id, email) do nothing`,
    [customerNos, at],
  );
}

export async function insertDemoMarketplace(pool: pg.Pool, publicUrl: string, now: Date): Promise<void> {
  const { language, currency, zone } = profileMarketplace.jp;
  await pool.query(
    `insert into marketplace (
       name, language, currency, zone, policy_profile, sender_name, sender_postal_address, sender_email, contact_url,
       shop_url_template, item_url_template, feature_url_template, coupon_box_url, qpost_url, demo, created_at)
     values (
       'クーポンモール', $3, $4, $5, 'jp', 'クーポンモール運営事務局',
       '〒100-0000 東京都千代田区見本町1-2-3 クーポンモールビル 4階', 'coupon@coupon-mall.example.com',
       $1 || '/my/contact', $1 || '/my/shops/{shop}', $1 || '/my/shops/{shop}?item={item}',
       $1 || '/my/shops/{shop}/features/{feature}', $1 || '/my/coupons', $1 || '/my/qpost', true, $2)
     on conflict (id) do nothing`,
    [publicUrl, now, language, currency, zone],
  );
}
