-- My Page: customers sign in with a token of the marketplace, page through their coupon box and Qpost, and have their
-- address verified by link.

-- ---------------------------------------------------------------- sessions of customers

-- Both are looked up by what a browser or the marketplace shows, before the customer is known (as customer_number is).
create table customer_session (
  token_hash text primary key check (token_hash ~ '^[0-9a-f]{64}$'),
  customer_id bigint not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
comment on table customer_session is 'SHA-256 of the cookie, which has 256 random bits';
create index customer_session_expires on customer_session (expires_at);

create table customer_token_used (
  jti text primary key,
  expires_at timestamptz not null
);
comment on table customer_token_used is 'sign-in tokens of the marketplace are good once: kept until they would have expired';
create index customer_token_used_expires on customer_token_used (expires_at);

-- ---------------------------------------------------------------- verification of addresses

create table email_verification (
  customer_id bigint primary key,
  requested_at timestamptz not null
);
comment on table email_verification is 'when a link was last asked for; the link itself is kept nowhere';

-- ---------------------------------------------------------------- first pages of coupon box and Qpost

-- Usable coupons, and the expired ones backwards. The used ones of one customer are read by the primary key.
create index issued_coupon_box on issued_coupon (customer_id, valid_until, push_id) where used_at is null;

create index qpost_message_tab on qpost_message (customer_id, tab, sent_at, source, source_id) where deleted_at is null;
create index qpost_message_unread on qpost_message (customer_id, tab) where read_at is null and deleted_at is null;
