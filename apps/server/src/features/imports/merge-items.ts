import type pg from 'pg';
import type { MergeInput, MergeOutput } from './staging.ts';

/** Staged items into item, their categories into category. What the file does not have stays as it is. */
export async function mergeItems({ client, now }: MergeInput): Promise<MergeOutput> {
  await client.query(largeCategories);
  await client.query(middleCategories);
  await client.query(smallCategories);
  await client.query(unitsSold);
  const { rowCount } = await client.query(merge, [now]);
  return { written: rowCount ?? 0, rejected: [] };
}

/** Units of all chunks, for the ranks at the end. */
export async function createUnits(client: pg.PoolClient): Promise<void> {
  await client.query(`
    create temporary table staged_units (
      shop_id bigint, item_no text, units int not null, primary key (shop_id, item_no))`);
}

export async function dropUnits(client: pg.PoolClient): Promise<void> {
  await client.query('drop table if exists staged_units');
}

/**
 * Ranks the shops that the file gave units sold for: most units first, and items that the file does not have lose their
 * rank, since ranks of two files do not compare.
 */
export async function rankByUnits(client: pg.PoolClient, now: Date): Promise<void> {
  await client.query(
    `
      with ranked as materialized (
             select i.id,
                    case when u.units is not null then
                      row_number() over (partition by i.shop_id order by u.units desc nulls last, i.id)
                    end as place
               from item i
               left join staged_units u using (shop_id, item_no)
              where i.shop_id in (select shop_id from staged_units))
    update item
       set sales_rank = ranked.place, updated_at = $1
      from ranked
     where item.id = ranked.id
       and item.sales_rank is distinct from ranked.place`,
    [now],
  );
}

const largeCategories = `
  insert into category (level, name)
  select distinct 1, s.category_large
    from staged s
   where s.category_large is not null
     and not exists (select from category c where c.parent_id is null and c.name = s.category_large)
   order by 2
      on conflict (parent_id, name) do nothing`;

const middleCategories = `
  insert into category (parent_id, level, name)
  select distinct l.id, 2, s.category_middle
    from staged s
    join category l on l.parent_id is null and l.name = s.category_large
   where s.category_middle is not null
     and not exists (select from category c where c.parent_id = l.id and c.name = s.category_middle)
   order by 1, 3
      on conflict (parent_id, name) do nothing`;

const smallCategories = `
  insert into category (parent_id, level, name)
  select distinct m.id, 3, s.category_small
    from staged s
    join category l on l.parent_id is null and l.name = s.category_large
    join category m on m.parent_id = l.id and m.name = s.category_middle
   where s.category_small is not null
     and not exists (select from category c where c.parent_id = m.id and c.name = s.category_small)
   order by 1, 3
      on conflict (parent_id, name) do nothing`;

const unitsSold = `
  insert into staged_units (shop_id, item_no, units)
  select shop_id, item_no, units_sold
    from staged
   where units_sold is not null
      on conflict (shop_id, item_no) do update set units = excluded.units`;

/** Bits of `present` are places in itemFields; the categories count as one, given with the large one. */
const merge = `
  insert into item as i (
         shop_id, item_no, name, search_text, price_minor, image_url, large_category_id, middle_category_id,
         small_category_id, sales_rank, on_sale, updated_at)
  select s.shop_id, s.item_no, s.name, s.search_text, s.price_minor,
         case when s.present & 16 <> 0 then s.image_url else e.image_url end,
         case when s.present & 32 <> 0 then l.id else e.large_category_id end,
         case when s.present & 32 <> 0 then m.id else e.middle_category_id end,
         case when s.present & 32 <> 0 then k.id else e.small_category_id end,
         case when s.present & 256 <> 0 then s.sales_rank else e.sales_rank end,
         coalesce(s.on_sale, e.on_sale, true),
         $1
    from staged s
    left join item e on e.shop_id = s.shop_id and e.item_no = s.item_no
    left join category l on l.parent_id is null and l.name = s.category_large
    left join category m on m.parent_id = l.id and m.name = s.category_middle
    left join category k on k.parent_id = m.id and k.name = s.category_small
   order by s.row_no
      on conflict (shop_id, item_no) do update
     set name = excluded.name,
         search_text = excluded.search_text,
         price_minor = excluded.price_minor,
         image_url = excluded.image_url,
         large_category_id = excluded.large_category_id,
         middle_category_id = excluded.middle_category_id,
         small_category_id = excluded.small_category_id,
         sales_rank = excluded.sales_rank,
         on_sale = excluded.on_sale,
         updated_at = excluded.updated_at
   where (i.name, i.search_text, i.price_minor, i.image_url, i.large_category_id, i.middle_category_id,
          i.small_category_id, i.sales_rank, i.on_sale)
         is distinct from
         (excluded.name, excluded.search_text, excluded.price_minor, excluded.image_url,
          excluded.large_category_id, excluded.middle_category_id, excluded.small_category_id,
          excluded.sales_rank, excluded.on_sale)`;
