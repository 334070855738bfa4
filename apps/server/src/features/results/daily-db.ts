import type { Figures } from '@coupon-push/contract/results.ts';
import { sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';
import { ownedBy, type SellerScope } from '../../http/actor.ts';
import type { Day } from '../../lib/zoned-time.ts';

/** Adds to the counters of one day; figures may be negative. */
export async function addToDay(
  trx: Trx,
  add: { pushId: number; day: Day; slot: number; figures: Figures },
): Promise<void> {
  const { issued, used, discountMinor, salesMinor } = add.figures;
  await sql`
    insert into coupon_daily (push_id, day, slot, issued, used, discount_minor, sales_minor)
    values (${add.pushId}, ${add.day}, ${add.slot}, ${issued}, ${used}, ${discountMinor}, ${salesMinor})
    on conflict (push_id, day, slot) do update
       set issued = coupon_daily.issued + excluded.issued, used = coupon_daily.used + excluded.used,
           discount_minor = coupon_daily.discount_minor + excluded.discount_minor,
           sales_minor = coupon_daily.sales_minor + excluded.sales_minor`.execute(trx);
}

/** Which pushes are meant; what is undefined does not narrow. */
export interface PushChoice {
  appliedFrom: Date | undefined;
  appliedBefore: Date | undefined;
  couponId: number | undefined;
  pushId: number | undefined;
}

function chosen(scope: SellerScope, choice: PushChoice) {
  return sql`
    ${ownedBy(scope, 'push.shop_id')}
    and push.applied_at >= coalesce(${choice.appliedFrom ?? null}::timestamptz, '-infinity')
    and push.applied_at < coalesce(${choice.appliedBefore ?? null}::timestamptz, 'infinity')
    and push.coupon_id = coalesce(${choice.couponId ?? null}::bigint, push.coupon_id)
    and push.id = coalesce(${choice.pushId ?? null}::bigint, push.id)`;
}

// Sums of bigint are numeric and would arrive as text.
const sums = sql`
  sum(coupon_daily.issued)::bigint as issued, sum(coupon_daily.used)::bigint as used,
  sum(coupon_daily.discount_minor)::bigint as "discountMinor", sum(coupon_daily.sales_minor)::bigint as "salesMinor"`;

export async function selectDays(
  db: Db | Trx,
  scope: SellerScope,
  choice: PushChoice,
): Promise<(Figures & { day: Day })[]> {
  const { rows } = await sql<Figures & { day: Day }>`
    select coupon_daily.day, ${sums}
      from push
      join coupon_daily on coupon_daily.push_id = push.id
     where ${chosen(scope, choice)}
     group by coupon_daily.day
     order by coupon_daily.day`.execute(db);
  return rows;
}

export interface PushFiguresRow extends Figures {
  pushId: number;
  type: 'promotion' | 'compensation';
  couponId: number;
  terms: unknown;
  issuedAt: Date;
}

/** All of them: a shop has about one a week. Newest first; one that was dispatched and has issued nothing yet is not there. */
export async function selectPushFigures(
  db: Db | Trx,
  scope: SellerScope,
  choice: PushChoice,
): Promise<PushFiguresRow[]> {
  const { rows } = await sql<PushFiguresRow>`
    select push.id as "pushId", push.type, push.coupon_id as "couponId", push.coupon_terms as terms,
           push.dispatched_at as "issuedAt", ${sums}
      from push
      join coupon_daily on coupon_daily.push_id = push.id
     where ${chosen(scope, choice)}
     group by push.id
     order by push.id desc`.execute(db);
  return rows;
}

/** Newest first, from this one on; all of them, or those that were dispatched. */
export async function selectPushIds(
  db: Db | Trx,
  scope: SellerScope,
  choice: PushChoice & { dispatched: boolean; upTo: number | undefined },
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select push.id
      from push
     where ${chosen(scope, choice)} and push.id <= coalesce(${choice.upTo ?? null}::bigint, push.id)
       and (push.dispatched_at is not null or not ${choice.dispatched})
     order by push.id desc`.execute(db);
  return rows.map((row) => row.id);
}
