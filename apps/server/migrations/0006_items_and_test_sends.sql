-- ---------------------------------------------------------------- searching the items of a large shop
--
-- A shop with 100,000 items: the first page by rank took 37 ms, because the order was no index's; now 2 ms. A keyword is
-- looked for in this order and stops at the page's last item; one that (almost) no item has reads the whole shop, which is
-- 25 ms. An index of letter pairs (GIN) took that to 1 ms, but doubled the cost of importing items and served no keyword
-- of one letter. pg_trgm knows no Japanese or Korean letters under this database's collation.
drop index item_rank;
create index item_order on item (shop_id, (coalesce(sales_rank, 2147483647)), id) where on_sale;
comment on index item_order is 'items without a rank come last';

-- One index for three levels, as a category lies in one parent: it also finds the categories that a shop uses at all
-- (85 ms with a scan of its items, 5 ms by asking for each).
create index item_category on item (
  shop_id, large_category_id, middle_category_id, small_category_id, (coalesce(sales_rank, 2147483647)), id
) where on_sale;

-- ---------------------------------------------------------------- test sends

create table test_send (
  id bigint generated always as identity primary key,
  shop_id bigint not null references shop,
  user_id text not null references app_user on delete cascade,
  choices jsonb not null,
  created_at timestamptz not null
);
comment on table test_send is 'a push''s e-mail sent to the seller who asked for it; forgotten after some days';
comment on column test_send.choices is 'coupon, items and banner by number, as in a preview; never an address';
create index test_send_person on test_send (user_id, created_at);
create index test_send_age on test_send (created_at);

create table test_send_mail (
  test_send_id bigint not null references test_send on delete cascade,
  language language not null,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
  attempts smallint not null default 0,
  reason text check (reason in ('choices_gone', 'address_refused', 'mail_server')),
  finished_at timestamptz,
  primary key (test_send_id, language),
  check ((state = 'waiting') = (finished_at is null)),
  check ((state = 'failed') = (reason is not null))
);
