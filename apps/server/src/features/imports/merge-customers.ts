import type pg from 'pg';
import type { MergeInput, MergeOutput } from './staging.ts';

/**
 * Staged customers into customer and customer_number. What the file does not have stays as it is; new customers get the
 * column's default and the marketplace's language.
 *
 * A refusal that the customer made here (on My Page, by unsubscribing) outlives every file: the marketplace's own system may
 * not know of it yet, and the law counts it. It ends when the customer ends it. What a file says about consent is recorded
 * as a consent of its own.
 */
export async function mergeCustomers({ client, now, language, source }: MergeInput): Promise<MergeOutput> {
  await client.query(`
    insert into customer_number (customer_no, customer_id)
    select new.customer_no, nextval('customer_id_seq')
      from (select s.customer_no
              from staged s
             where not exists (select from customer_number n where n.customer_no = s.customer_no)
             order by s.row_no) new
        on conflict (customer_no) do nothing`);
  await client.query(want, [now, language]);
  await client.query(recordConsents, [now, source]);
  // First: those who are added now are not looked at again.
  const changed = await client.query(change);
  const added = await client.query(add);
  return { written: (changed.rowCount ?? 0) + (added.rowCount ?? 0), rejected: [] };
}

/** What each customer of a chunk is to be, worked out once, and what they were; who is new was nothing. */
export async function createWanted(client: pg.PoolClient): Promise<void> {
  await client.query(`
    create temporary table wanted (
      like customer, present int, refused_coupon_mail boolean, accepted_app_push boolean, accepted_night_messages boolean,
      was_verified_at timestamptz
    ) on commit delete rows`);
}

export async function dropWanted(client: pg.PoolClient): Promise<void> {
  await client.query('drop table if exists wanted');
}

/**
 * Bits of `present` are places in customerFields; `-infinity` is "yes, since I do not know when". Another address is
 * neither verified nor suppressed because the old one was. In steps, for a Citus cluster: see mergeFellows.
 */
const want = `
  insert into wanted (
         customer_id, customer_no, login_id, name, email, email_verified_at, language, refuses_coupon_mail,
         accepts_app_push, accepts_night_messages, mail_suppressed_at, left_at, created_at, present,
         refused_coupon_mail, accepted_app_push, accepted_night_messages, was_verified_at)
    with named as materialized (
           select n.customer_id, s.*
             from staged s
             join customer_number n using (customer_no)),
         known as materialized (
           select customer.*
             from named
             join customer on customer.customer_id = named.customer_id),
         refused as materialized (
           select c.customer_id,
                  bool_or(c.kind = 'coupon_mail') as coupon_mail,
                  bool_or(c.kind = 'app_push') as app_push,
                  bool_or(c.kind = 'night_messages') as night_messages
             from (select distinct on (record.customer_id, record.kind)
                          record.customer_id, record.kind, record.given, record.how
                     from known
                     join consent_record record on record.customer_id = known.customer_id
                    where record.kind <> 'shop'
                    order by record.customer_id, record.kind, record.id desc) c
            where not c.given and c.how <> 'import'
            group by c.customer_id),
         suppressed as materialized (
           select b.customer_id, b.suppressed_at
             from named
             join suppression b on b.customer_id = named.customer_id and b.email = named.email)
  select s.customer_id,
         s.customer_no,
         case when s.present & 2 <> 0 then s.login_id else e.login_id end,
         case when s.present & 4 <> 0 then s.name else e.name end,
         case when s.present & 8 <> 0 then s.email else e.email end,
         case
           when s.present & 16 = 0 then case when not m.moved then e.email_verified_at end
           when s.email_verified_at = '-infinity' then
             coalesce(case when not m.moved then e.email_verified_at end, $1::timestamptz)
           when s.email_verified_at < 'infinity' then s.email_verified_at
         end,
         coalesce(s.language, e.language, $2::language),
         coalesce(s.refuses_coupon_mail, e.refuses_coupon_mail, false) or coalesce(r.coupon_mail, false),
         coalesce(s.accepts_app_push, e.accepts_app_push, true) and not coalesce(r.app_push, false),
         coalesce(s.accepts_night_messages, e.accepts_night_messages, false) and not coalesce(r.night_messages, false),
         case
           when m.moved then b.suppressed_at
           else e.mail_suppressed_at
         end,
         case
           when s.present & 512 = 0 then e.left_at
           when s.left_at = '-infinity' then coalesce(e.left_at, $1::timestamptz)
           when s.left_at < 'infinity' then s.left_at
         end,
         coalesce(e.created_at, $1::timestamptz),
         s.present,
         e.refuses_coupon_mail,
         e.accepts_app_push,
         e.accepts_night_messages,
         e.email_verified_at
    from named s
    left join known e on e.customer_id = s.customer_id
   cross join lateral (
           select e.customer_id is not null and s.present & 8 <> 0 and s.email is distinct from e.email as moved) m
    left join refused r on r.customer_id = s.customer_id
    left join suppressed b on b.customer_id = s.customer_id
   order by s.customer_id`;

const recordConsents = `
  insert into consent_record (customer_id, kind, given, how, source, recorded_at)
  select w.customer_id, v.kind, v.given, 'import', $2, $1
    from wanted w
   cross join lateral (values
           ('coupon_mail', 64, not w.refuses_coupon_mail, not w.refused_coupon_mail),
           ('app_push', 128, w.accepts_app_push, w.accepted_app_push),
           ('night_messages', 256, w.accepts_night_messages, w.accepted_night_messages)
         ) v (kind, bit, given, was)
   where w.present & v.bit <> 0 and v.given is distinct from v.was`;

const add = `
  insert into customer (
         customer_id, customer_no, login_id, name, email, email_verified_at, language, refuses_coupon_mail,
         accepts_app_push, accepts_night_messages, mail_suppressed_at, left_at, created_at)
  select customer_id, customer_no, login_id, name, email, email_verified_at, language, refuses_coupon_mail,
         accepts_app_push, accepts_night_messages, mail_suppressed_at, left_at, created_at
    from wanted
   where refused_coupon_mail is null
   order by customer_id
      on conflict (customer_id) do nothing`;

/**
 * What others write too (the customer, a bounce) is written only where it is the file that changes it: they may have done so
 * since it was looked at, and what they did stays.
 */
const change = `
  update customer c
     set login_id = w.login_id,
         name = w.name,
         email = w.email,
         language = w.language,
         left_at = w.left_at,
         email_verified_at = case
           when c.email is distinct from w.email or w.email_verified_at is distinct from w.was_verified_at
           then w.email_verified_at else c.email_verified_at end,
         mail_suppressed_at = case
           when c.email is distinct from w.email then w.mail_suppressed_at else c.mail_suppressed_at end,
         refuses_coupon_mail = case
           when w.refuses_coupon_mail <> w.refused_coupon_mail then w.refuses_coupon_mail
           else c.refuses_coupon_mail end,
         accepts_app_push = case
           when w.accepts_app_push <> w.accepted_app_push then w.accepts_app_push else c.accepts_app_push end,
         accepts_night_messages = case
           when w.accepts_night_messages <> w.accepted_night_messages then w.accepts_night_messages
           else c.accepts_night_messages end
    from wanted w
   where c.customer_id = w.customer_id
     and ((c.login_id, c.name, c.email, c.language, c.left_at)
          is distinct from (w.login_id, w.name, w.email, w.language, w.left_at)
          or w.email_verified_at is distinct from w.was_verified_at
          or w.refuses_coupon_mail <> w.refused_coupon_mail
          or w.accepts_app_push <> w.accepted_app_push
          or w.accepts_night_messages <> w.accepted_night_messages)`;
