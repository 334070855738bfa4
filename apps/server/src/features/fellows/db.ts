import { sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';
import { ownedBy, type SellerScope } from '../../http/actor.ts';

/** A moment to the microsecond, as the database keeps it, and who it was: where a page ends. */
export interface FellowPlace {
  micros: number;
  customerId: number;
}

export interface FellowRow extends FellowPlace {
  identity: string | null;
  registeredAt: Date;
  heldBack: string | null;
}

export interface FellowPage {
  from: Date | undefined;
  until: Date | undefined;
  /** Only those who registered before this one. */
  before: FellowPlace | undefined;
  limit: number;
}

/**
 * Newest first. The page is cut out of the index fellow_registered; only then is each fellow's customer looked up. A
 * place stands in for `until`, behind which it always lies: given both, PostgreSQL began at `until` and read every
 * fellow from there on (of 500,000: 4,600 pages of the index instead of 4).
 */
export async function selectFellows(db: Db | Trx, scope: SellerScope, page: FellowPage): Promise<FellowRow[]> {
  const until = page.until === undefined ? sql`` : sql`and registered_at < ${page.until}`;
  const below =
    page.before === undefined
      ? until
      : sql`and (registered_at, customer_id) <
                (timestamptz 'epoch' + ${page.before.micros} * interval '1 microsecond', ${page.before.customerId}::bigint)`;
  const { rows } = await sql<FellowRow>`
    with page as materialized (
      select customer_id, registered_at, held_back
        from fellow
       where ${ownedBy(scope, 'fellow.shop_id')}
         ${page.from === undefined ? sql`` : sql`and registered_at >= ${page.from}`}
         ${below}
       order by registered_at desc, customer_id desc
       limit ${page.limit})
    select coalesce(customer.login_id, customer.email) as identity, page.registered_at as "registeredAt",
           page.held_back as "heldBack", page.customer_id as "customerId",
           (extract(epoch from page.registered_at) * 1000000)::bigint as micros
      from page
      join customer on customer.customer_id = page.customer_id
     order by page.registered_at desc, page.customer_id desc`.execute(db);
  return rows;
}

/** Of those who are fellows now: how many registered on each day in the zone. Reads the index alone. */
export async function countNewFellows(
  db: Db | Trx,
  scope: SellerScope,
  { from, until, zone }: { from: Date; until: Date; zone: string },
): Promise<{ day: string; fellows: number }[]> {
  const { rows } = await sql<{ day: string; fellows: number }>`
    select (registered_at at time zone ${zone})::date as day, count(*) as fellows
      from fellow
     where ${ownedBy(scope, 'fellow.shop_id')} and registered_at >= ${from} and registered_at < ${until}
     group by 1
     order by 1`.execute(db);
  return rows;
}
