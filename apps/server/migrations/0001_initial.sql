-- The whole data model of Coupon Push.
--
-- Fit for Citus (distributed PostgreSQL): a table of rows per customer carries customer_id in its primary key and is
-- distributed by it, so that the fan-out of a push runs inside the shards. Every other table is small and becomes a
-- reference table, or stays on the coordinator (jobs, batches). No foreign key leads from a small table to a
-- per-customer one, and no unique constraint on a per-customer table lacks customer_id.
--
-- Times are timestamptz, calendar days of the marketplace are date, money is bigint in minor units of the
-- marketplace's currency, numbers that people were given elsewhere (orders, items, customers) are text.

create type language as enum ('ja', 'ko', 'en');

-- ---------------------------------------------------------------- the marketplace and its rules

create table marketplace (
  id smallint primary key default 1 check (id = 1),
  name text not null,
  language language not null default 'ja',
  currency text not null default 'JPY' check (currency ~ '^[A-Z]{3}$'),
  zone text not null default 'Asia/Tokyo',
  policy_profile text not null default 'jp' check (policy_profile in ('jp', 'kr')),
  sender_name text not null,
  sender_postal_address text not null,
  sender_email text not null,
  contact_url text not null,
  shop_url_template text not null,
  item_url_template text not null,
  feature_url_template text not null,
  coupon_box_url text not null,
  qpost_url text not null,
  demo boolean not null default false,
  created_at timestamptz not null default now()
);
comment on column marketplace.item_url_template is 'link to an item: {shop} and {item} are filled in';

create table policy (
  key text primary key,
  value jsonb not null
);
comment on table policy is 'the operator''s own values; what is not here comes from the profile';

create table policy_change (
  id bigint generated always as identity primary key,
  key text not null,
  old_value jsonb,
  new_value jsonb,
  changed_by text not null,
  changed_at timestamptz not null
);

create table secret (
  name text primary key,
  value text not null,
  created_at timestamptz not null default now()
);
comment on table secret is 'keys made at first start: sign-in, unsubscribe tokens, VAPID';

create table demo_clock (
  id smallint primary key default 1 check (id = 1),
  offset_ms bigint not null default 0 check (offset_ms >= 0)
);

-- ---------------------------------------------------------------- people who sign in (columns are better-auth's)

create table app_user (
  id text primary key,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  role text not null default 'seller' check (role in ('seller', 'operator')),
  language language not null default 'ja',
  banned boolean not null default false,
  ban_reason text,
  ban_expires timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table app_session (
  id text primary key,
  user_id text not null references app_user on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  impersonated_by text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index app_session_user on app_session (user_id);

create table app_credential (
  id text primary key,
  user_id text not null references app_user on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index app_credential_user on app_credential (user_id);

create table app_verification (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index app_verification_identifier on app_verification (identifier);

create table idempotency_key (
  user_id text not null references app_user on delete cascade,
  key text not null check (length(key) between 1 and 255),
  request_hash text not null,
  status int,
  response jsonb,
  created_at timestamptz not null default now(),
  primary key (user_id, key)
);

-- ---------------------------------------------------------------- shops, items, features, banners

create table shop (
  id bigint generated always as identity (start with 101) primary key,
  shop_no text not null unique,
  name text not null,
  created_at timestamptz not null default now()
);
comment on column shop.shop_no is 'the marketplace''s own key of the shop';

create table shop_member (
  shop_id bigint not null references shop,
  user_id text not null references app_user on delete cascade,
  role text not null check (role in ('owner', 'staff')),
  primary key (shop_id, user_id)
);
create index shop_member_user on shop_member (user_id);

create table category (
  id bigint generated always as identity primary key,
  parent_id bigint references category,
  level smallint not null check (level between 1 and 3),
  name text not null,
  unique nulls not distinct (parent_id, name),
  check ((level = 1) = (parent_id is null))
);

create table item (
  id bigint generated always as identity primary key,
  shop_id bigint not null references shop,
  item_no text not null,
  name text not null,
  search_text text not null,
  price_minor bigint not null check (price_minor >= 0),
  image_url text,
  large_category_id bigint references category,
  middle_category_id bigint references category,
  small_category_id bigint references category,
  sales_rank int check (sales_rank > 0),
  on_sale boolean not null default true,
  updated_at timestamptz not null default now(),
  unique (shop_id, item_no)
);
comment on column item.search_text is 'name and number, NFKC, lower case: what a keyword is looked for in';
create index item_rank on item (shop_id, sales_rank, id) where on_sale;

create table shop_feature (
  id bigint generated always as identity primary key,
  shop_id bigint not null references shop,
  title text not null,
  starts_on date,
  ends_on date,
  created_at timestamptz not null default now(),
  check (ends_on >= starts_on)
);
create index shop_feature_shop on shop_feature (shop_id);

create table shop_feature_item (
  feature_id bigint not null references shop_feature on delete cascade,
  position smallint not null,
  item_id bigint not null references item,
  primary key (feature_id, position)
);

create table image (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  content_type text not null,
  width int not null,
  height int not null,
  bytes bytea not null,
  created_at timestamptz not null default now()
);
comment on table image is 'by SHA-256 of the re-encoded bytes: the same picture is kept once';

create table banner (
  id bigint generated always as identity primary key,
  shop_id bigint not null references shop,
  image_hash text not null references image,
  uploaded_by text not null,
  uploaded_at timestamptz not null,
  unique (shop_id, image_hash)
);

-- ---------------------------------------------------------------- shop coupons

create table coupon (
  id bigint generated always as identity (start with 50001) primary key,
  shop_id bigint not null references shop,
  name text not null,
  discount_kind text not null check (discount_kind in ('amount', 'percent')),
  amount_minor bigint check (amount_minor > 0),
  percent smallint check (percent between 1 and 100),
  max_amount_minor bigint check (max_amount_minor > 0),
  min_purchase_minor bigint not null default 0 check (min_purchase_minor >= 0),
  validity_kind text not null check (validity_kind in ('period', 'days')),
  valid_from date,
  valid_until date,
  valid_days int check (valid_days between 1 and 3650),
  qstore_only boolean not null default false,
  use_limit bigint check (use_limit > 0),
  budget_minor bigint check (budget_minor > 0),
  state text not null default 'active' check (state in ('active', 'stopped')),
  created_by text not null,
  created_at timestamptz not null,
  stopped_at timestamptz,
  check ((discount_kind = 'amount') = (amount_minor is not null)),
  check ((discount_kind = 'percent') = (percent is not null)),
  check (max_amount_minor is null or discount_kind = 'percent'),
  check ((validity_kind = 'period') = (valid_from is not null and valid_until is not null)),
  check ((validity_kind = 'days') = (valid_days is not null)),
  check (valid_until >= valid_from),
  check ((state = 'stopped') = (stopped_at is not null))
);
comment on column coupon.id is 'the coupon number that sellers see';
comment on column coupon.valid_until is 'last day of validity, marketplace zone, inclusive';
create index coupon_shop on coupon (shop_id, id desc);

-- ---------------------------------------------------------------- customers and what hangs on them (distributed)

create table customer (
  customer_id bigint primary key,
  customer_no text not null,
  login_id text,
  name text,
  email text,
  email_verified_at timestamptz,
  language language not null,
  refuses_coupon_mail boolean not null default false,
  accepts_app_push boolean not null default true,
  accepts_night_messages boolean not null default false,
  mail_suppressed_at timestamptz,
  left_at timestamptz,
  created_at timestamptz not null default now(),
  -- Spec 3.9: who is never sent to, and why; the first reason that applies. Null: can be reached.
  held_back text generated always as (
    case
      when left_at is not null then 'left'
      when email is null or email_verified_at is null then 'unverified'
      when refuses_coupon_mail then 'refused'
      when mail_suppressed_at is not null then 'suppressed'
    end
  ) stored
);
create sequence customer_id_seq as bigint owned by customer.customer_id;

create table customer_number (
  customer_no text primary key,
  customer_id bigint not null
);
comment on table customer_number is 'the marketplace''s key of a customer to ours (unique across shards)';

create table fellow (
  customer_id bigint not null,
  shop_id bigint not null,
  registered_at timestamptz not null,
  muted_at timestamptz,
  -- A copy of customer.held_back, or 'muted': lets the live count read one index and no customer (500,000 fellows:
  -- 0.08 s instead of 0.43 s). The dispatch does not trust it, it reads customer.
  held_back text,
  primary key (customer_id, shop_id)
);
create index fellow_registered on fellow (shop_id, registered_at) include (held_back);
create index fellow_shop on fellow (shop_id, customer_id);

-- On Citus: customer and fellow are co-located, so this trigger stays inside a shard (citus.enable_unsafe_triggers).
create function copy_held_back_to_fellow() returns trigger language plpgsql as $$
begin
  update fellow
     set held_back = coalesce(new.held_back, case when muted_at is not null then 'muted' end)
   where customer_id = new.customer_id;
  return null;
end $$;
create trigger customer_held_back after update on customer
  for each row when (old.held_back is distinct from new.held_back)
  execute function copy_held_back_to_fellow();

create table customer_order (
  customer_id bigint not null,
  order_no text not null,
  shop_id bigint not null,
  ordered_at timestamptz not null,
  total_minor bigint not null,
  state text not null default 'paid' check (state in ('paid', 'shipped', 'delivered', 'cancelled')),
  primary key (customer_id, order_no)
);
create index customer_order_shop on customer_order (shop_id, ordered_at);

create table order_number (
  order_no text primary key,
  shop_id bigint not null,
  customer_id bigint not null
);
comment on table order_number is 'an order number to its shop and customer (unique across shards)';

create table consent_record (
  customer_id bigint not null,
  id bigint generated always as identity,
  kind text not null check (kind in ('coupon_mail', 'app_push', 'night_messages', 'shop')),
  shop_id bigint,
  given boolean not null,
  how text not null,
  source text not null,
  recorded_at timestamptz not null,
  primary key (customer_id, id)
);
comment on table consent_record is 'when, how and where a consent was given or withdrawn; kept 3 years (jp)';

create table suppression (
  customer_id bigint not null,
  email text not null,
  reason text not null,
  code text,
  push_id bigint,
  suppressed_at timestamptz not null,
  primary key (customer_id, email)
);

create table subscription (
  customer_id bigint not null,
  id bigint generated always as identity,
  transport text not null check (transport in ('web_push', 'fcm')),
  endpoint text not null,
  p256dh text,
  auth text,
  vapid_key text,
  created_at timestamptz not null,
  last_sent_at timestamptz,
  primary key (customer_id, id),
  unique (customer_id, endpoint),
  check ((transport = 'web_push') = (p256dh is not null and auth is not null))
);

-- ---------------------------------------------------------------- pushes

create table push (
  id bigint generated always as identity (start with 10001) primary key,
  shop_id bigint not null references shop,
  type text not null check (type in ('promotion', 'compensation')),
  state text not null default 'waiting'
    check (state in ('waiting', 'sending', 'sent', 'partly_sent', 'cancelled', 'not_sent')),
  coupon_id bigint not null references coupon,
  coupon_terms jsonb not null,
  items_mode text not null check (items_mode in ('rank', 'chosen')),
  items_count smallint not null check (items_count between 1 and 16),
  registered_from date,
  registered_until date,
  slot timestamptz not null,
  slot_week date not null check (extract(isodow from slot_week) = 1),
  quota_place smallint not null default 1 check (quota_place > 0),
  banner_id bigint references banner,
  link_kind text check (link_kind in ('shop', 'item', 'feature')),
  link_item_id bigint references item,
  link_feature_id bigint references shop_feature,
  content jsonb,
  applied_by text not null,
  applied_at timestamptz not null,
  cancelled_by text,
  cancelled_at timestamptz,
  dispatched_at timestamptz,
  issued_at timestamptz,
  finished_at timestamptz,
  not_sent_reason text,
  paused_reason text,
  released_at timestamptz,
  check ((link_kind is null) = (banner_id is null)),
  check ((state = 'cancelled') = (cancelled_at is not null)),
  check ((state = 'not_sent') = (not_sent_reason is not null)),
  check (registered_until >= registered_from)
);
comment on column push.slot_week is 'Monday of the slot''s week in the marketplace''s zone';
comment on column push.coupon_terms is 'the terms when it was applied for (spec 3.12)';
comment on column push.content is 'best items, banner and link, frozen at dispatch (spec 3.5)';
comment on column push.released_at is 'the operator let a push that was a day late go out all the same (spec 6)';
-- Once a week per shop (spec 3.2), whatever races: quota_place counts up to the policy's pushes per week.
create unique index push_week on push (shop_id, slot_week, quota_place) where state not in ('cancelled', 'not_sent');
create index push_shop on push (shop_id, id desc);
create index push_due on push (slot) where state = 'waiting';
create index push_unfinished on push (id) where state = 'sending';

create table push_item (
  push_id bigint not null references push on delete cascade,
  position smallint not null check (position between 1 and 16),
  item_id bigint not null references item,
  primary key (push_id, position),
  unique (push_id, item_id)
);

create table push_event (
  id bigint generated always as identity primary key,
  push_id bigint not null references push,
  kind text not null,
  detail jsonb not null default '{}',
  happened_at timestamptz not null
);
comment on table push_event is 'the timeline of a push: applied, dispatched, issued, paused, finished ...';
create index push_event_push on push_event (push_id, id);

create table compensation_upload (
  id uuid primary key,
  shop_id bigint not null references shop,
  file_name text not null,
  uploaded_by text not null,
  uploaded_at timestamptz not null
);

create table compensation_upload_row (
  upload_id uuid not null references compensation_upload on delete cascade,
  row_no int not null,
  order_no text not null,
  outcome text not null check (outcome in ('matched', 'same_customer', 'not_found', 'other_shop', 'unreadable')),
  customer_id bigint,
  primary key (upload_id, row_no)
);

create table push_target (
  push_id bigint not null,
  customer_id bigint not null,
  order_nos text[] not null,
  primary key (push_id, customer_id)
);
comment on table push_target is 'who a compensation push is for: the customers that the seller ticked';

-- ---------------------------------------------------------------- delivery

create type delivery_state as enum ('none', 'waiting', 'retry', 'sent', 'failed', 'gone');
comment on type delivery_state is
  'none: not for this recipient; waiting, retry: still owed; sent, failed, gone: final';

create table recipient (
  push_id bigint not null,
  customer_id bigint not null,
  email_state delivery_state not null,
  email_attempts smallint not null default 0,
  email_in_doubt boolean not null default false,
  email_at timestamptz,
  email_error text,
  app_push_state delivery_state not null,
  app_push_attempts smallint not null default 0,
  app_push_in_doubt boolean not null default false,
  app_push_at timestamptz,
  app_push_error text,
  primary key (push_id, customer_id)
) with (fillfactor = 80);
comment on table recipient is 'the ledger: one row per recipient of a push; exactly once by its primary key';
comment on column recipient.email_in_doubt is 'an attempt''s answer was never heard; it was sent again';

create table exclusion (
  push_id bigint not null,
  customer_id bigint not null,
  reason text not null,
  primary key (push_id, customer_id)
);

create table issued_coupon (
  customer_id bigint not null,
  push_id bigint not null,
  coupon_id bigint not null,
  shop_id bigint not null,
  issued_at timestamptz not null,
  valid_from timestamptz not null,
  valid_until timestamptz not null,
  used_at timestamptz,
  used_order_no text,
  discount_minor bigint,
  primary key (customer_id, push_id),
  check ((used_at is null) = (used_order_no is null))
);
comment on column issued_coupon.valid_until is 'the first moment at which it is no longer valid';

create type qpost_tab as enum ('notice', 'inquiry', 'shop_event');
create type qpost_source as enum ('push', 'reminder', 'notice', 'inquiry');

create table qpost_message (
  customer_id bigint not null,
  source qpost_source not null,
  source_id bigint not null,
  tab qpost_tab not null,
  shop_id bigint,
  sent_at timestamptz not null,
  read_at timestamptz,
  deleted_at timestamptz,
  primary key (customer_id, source, source_id)
);
comment on table qpost_message is 'its text is rendered from what source_id names (a push''s message): a row stays small';

create table redemption (
  customer_id bigint not null,
  push_id bigint not null,
  order_no text not null,
  coupon_id bigint not null,
  shop_id bigint not null,
  cart_minor bigint not null check (cart_minor >= 0),
  discount_minor bigint not null check (discount_minor >= 0),
  redeemed_at timestamptz not null,
  rolled_back_at timestamptz,
  primary key (customer_id, push_id, order_no)
);

create table push_message (
  push_id bigint not null references push on delete cascade,
  language language not null,
  message jsonb not null,
  primary key (push_id, language)
);
comment on table push_message is 'e-mail, Qpost and app push, rendered once per push and language';

create table push_exclusion_count (
  push_id bigint not null references push on delete cascade,
  reason text not null,
  customers bigint not null,
  primary key (push_id, reason)
);

-- A range of customers that is issued to in one transaction.
create table issue_range (
  push_id bigint not null references push on delete cascade,
  range_no int not null,
  from_customer_id bigint not null,
  until_customer_id bigint not null,
  issued_at timestamptz,
  primary key (push_id, range_no)
);

create table push_progress (
  push_id bigint primary key references push on delete cascade,
  matching bigint not null default 0,
  recipients bigint not null default 0,
  ranges int not null default 0,
  ranges_issued int not null default 0
);

create type channel as enum ('email', 'app_push');

-- A batch has one owner (its job), so its recipients need no row locks. What it has handed to the wire and not yet
-- heard of lies within [in_flight_from, in_flight_until]: after a crash exactly those are in doubt.
create table send_batch (
  push_id bigint not null references push on delete cascade,
  channel channel not null,
  batch_no int not null,
  from_customer_id bigint not null,
  until_customer_id bigint not null,
  owed int not null,
  in_flight_from bigint,
  in_flight_until bigint,
  attempts int not null default 0,
  finished_at timestamptz,
  primary key (push_id, channel, batch_no)
);

create table channel_progress (
  push_id bigint not null references push on delete cascade,
  channel channel not null,
  owed bigint not null default 0,
  sent bigint not null default 0,
  failed bigint not null default 0,
  gone bigint not null default 0,
  retries bigint not null default 0,
  in_doubt bigint not null default 0,
  batches int not null default 0,
  batches_finished int not null default 0,
  paused_reason text,
  -- How often it was paused: a batch that began before the last pause has no say in the next one.
  pauses int not null default 0,
  primary key (push_id, channel)
);
comment on table channel_progress is 'kept up in the transaction that writes results, never counted';

-- ---------------------------------------------------------------- imports

create table import_run (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('customers', 'items', 'orders', 'fellows')),
  file_name text not null,
  rows_read bigint not null,
  rows_written bigint not null,
  rows_rejected bigint not null,
  started_at timestamptz not null,
  finished_at timestamptz not null
);

-- ---------------------------------------------------------------- worker processes

-- A worker process holds a session-level advisory lock on lock_key for as long as its connection lives. Whoever gets
-- that lock knows that the process is gone, and hands its jobs back (a killed process cannot do so itself).
create table worker_process (
  lock_key bigint generated always as identity primary key,
  -- What the job queue locks this process's jobs by.
  pool_id text,
  host text not null,
  pid int not null,
  started_at timestamptz not null default now()
);
