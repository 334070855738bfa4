import { sql } from 'kysely';
import type { Trx } from '../../db/database.ts';
import { localeOf, type Setup } from './rules.ts';

export async function upsertMarketplace(trx: Trx, marketplace: Setup['marketplace']): Promise<void> {
  const row = {
    name: marketplace.name,
    policy_profile: marketplace.profile,
    ...localeOf(marketplace),
    sender_name: marketplace.senderName,
    sender_postal_address: marketplace.senderPostalAddress,
    sender_email: marketplace.senderEmail,
    contact_url: marketplace.contactUrl,
    coupon_box_url: marketplace.couponBoxUrl,
    qpost_url: marketplace.qpostUrl,
    shop_url_template: marketplace.shopUrlTemplate,
    item_url_template: marketplace.itemUrlTemplate,
    feature_url_template: marketplace.featureUrlTemplate,
  };
  await trx
    .insertInto('marketplace')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

/** The numbers of these that there are already. */
export async function selectShopNos(trx: Trx, shops: Setup['shops']): Promise<Set<string>> {
  const { rows } = await sql<{ shop_no: string }>`
    select shop_no from shop where shop_no = any(${shops.map((shop) => shop.shopNo)}::text[])`.execute(trx);
  return new Set(rows.map((row) => row.shop_no));
}

/** Returns the id of each shop number. */
export async function upsertShops(trx: Trx, shops: Setup['shops']): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: number; shop_no: string }>`
    insert into shop (shop_no, name)
    select shop_no, name
      from unnest(${shops.map((shop) => shop.shopNo)}::text[], ${shops.map((shop) => shop.name)}::text[])
           as given (shop_no, name)
    on conflict (shop_no) do update set name = excluded.name
    returning id, shop_no`.execute(trx);
  return new Map(rows.map((row) => [row.shop_no, row.id]));
}
