-- Redemption at the marketplace's checkouts, limits of a coupon, the systems' API keys, and reminders.

-- ---------------------------------------------------------------- redemption

-- What an order number stands for is decided here, by its key: two checkouts that use one number for two coupons cannot
-- both succeed. An order takes one shop coupon. A roll-back of a number that was never heard of is kept as well, so that a
-- redemption that was under way meanwhile and arrives late is refused.
create table redemption_order (
  order_no text primary key,
  customer_id bigint,
  push_id bigint,
  rolled_back_at timestamptz,
  check ((customer_id is null) = (push_id is null)),
  check (customer_id is not null or rolled_back_at is not null)
);
comment on table redemption_order is 'an order number to the coupon it used (unique across shards)';

insert into redemption_order (order_no, customer_id, push_id, rolled_back_at)
select distinct on (order_no) order_no, customer_id, push_id, rolled_back_at
  from redemption
 order by order_no, redeemed_at desc;

-- Counted for coupons with a limit or budget alone: the others' row is never written by a checkout. The limits are
-- constraints, so a statement that would pass one fails as a whole, however many race.
alter table coupon
  add column issued_count bigint not null default 0 check (issued_count >= 0),
  add column used_count bigint not null default 0 check (used_count >= 0),
  add column spent_minor bigint not null default 0 check (spent_minor >= 0),
  add constraint coupon_issued_within_limit check (issued_count <= use_limit),
  add constraint coupon_used_within_limit check (used_count <= use_limit),
  add constraint coupon_spent_within_budget check (spent_minor <= budget_minor);
comment on column coupon.use_limit is 'at most so many are used, and at most so many issued; null: any number';
comment on column coupon.budget_minor is 'at most so much discount in all; null: any';
comment on column coupon.used_count is 'with a limit or budget only, as are issued_count and spent_minor';

-- ---------------------------------------------------------------- keys of the marketplace's systems

create table api_key (
  id bigint generated always as identity primary key,
  name text not null check (length(name) between 1 and 60),
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);
comment on column api_key.hash is 'SHA-256 of the secret, which has 256 random bits and is shown once';
create unique index api_key_name on api_key (name) where revoked_at is null;

-- ---------------------------------------------------------------- reminders

alter table push add column remind_days smallint check (remind_days between 1 and 14);
comment on column push.remind_days is 'who has not used the coupon is reminded so many days before its last day; null: nobody is';

create table reminder (
  push_id bigint primary key references push on delete cascade,
  due_at timestamptz not null,
  next_range int not null default 0,
  customers bigint not null default 0,
  finished_at timestamptz
);
comment on table reminder is 'one round of reminders of a push; it goes through the ranges that were issued';
create index reminder_due on reminder (due_at) where finished_at is null;

alter type channel add value 'reminder';

create table reminder_recipient (
  push_id bigint not null,
  customer_id bigint not null,
  state delivery_state not null,
  attempts smallint not null default 0,
  in_doubt boolean not null default false,
  sent_at timestamptz,
  error text,
  primary key (push_id, customer_id)
) with (fillfactor = 80);
comment on table reminder_recipient is 'the ledger of reminders by app push; a Qpost reminder is its row in qpost_message';
