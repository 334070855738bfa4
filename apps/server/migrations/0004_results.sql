-- Issue and use over time, failures by kind, and finding one recipient among many.

-- Summed when read. Slot 16 counts what is issued; slots 0 to 15 what is used, by customer_id % 16: with one row a push
-- and day, every checkout of a coupon that many use at once would wait for the one before it to commit, and for the
-- issuing of 2,000 coupons. A redemption that is rolled back is taken off the day and slot that it was counted in.
create table coupon_daily (
  push_id bigint not null references push on delete cascade,
  day date not null,
  slot smallint not null check (slot between 0 and 16),
  issued bigint not null default 0,
  used bigint not null default 0,
  discount_minor bigint not null default 0,
  sales_minor bigint not null default 0,
  primary key (push_id, day, slot)
);
comment on table coupon_daily is 'kept up in the transactions that issue and redeem, never counted';
comment on column coupon_daily.day is 'in the marketplace''s zone: of the issue, or of the redemption';
comment on column coupon_daily.sales_minor is 'the carts that the coupon was used for';

insert into coupon_daily (push_id, day, slot, issued)
select push_id, (issued_at at time zone marketplace.zone)::date, 16, count(*)
  from issued_coupon
 cross join marketplace
 group by 1, 2;
insert into coupon_daily (push_id, day, slot, used, discount_minor, sales_minor)
select push_id, (redeemed_at at time zone marketplace.zone)::date, customer_id % 16, count(*), sum(discount_minor),
       sum(cart_minor)
  from redemption
 cross join marketplace
 where rolled_back_at is null
 group by 1, 2, 3;

-- Small beside the ledger, which has no index on a state: with one, each result would have to write it, too.
create table delivery_failure (
  push_id bigint not null,
  customer_id bigint not null,
  channel channel not null,
  state delivery_state not null check (state in ('failed', 'gone')),
  kind text not null,
  primary key (push_id, channel, customer_id)
);
comment on table delivery_failure is 'recipients whom a channel did not reach for good; kind is what sellers are told';

create table delivery_failure_count (
  push_id bigint not null references push on delete cascade,
  channel channel not null,
  kind text not null,
  customers bigint not null,
  primary key (push_id, channel, kind)
);

insert into delivery_failure (push_id, customer_id, channel, state, kind)
select push_id, customer_id, 'email'::channel, email_state,
       case when email_state = 'gone' then 'changed'
            when email_error ~ '^5\d\d 5\.1\.' then 'address_unknown'
            when email_error ~ '^5\d\d 5\.2\.' then 'mailbox_unavailable'
            when email_error ~ '^5\d\d' then 'message_refused'
            else 'no_answer' end
  from recipient
 where email_state in ('failed', 'gone')
union all
select push_id, customer_id, 'app_push', app_push_state,
       case when app_push_state = 'gone' and app_push_error = 'refused' then 'changed'
            when app_push_state = 'gone' then 'device_gone'
            when app_push_error ~ '^413' then 'message_refused'
            else 'no_answer' end
  from recipient
 where app_push_state in ('failed', 'gone');
insert into delivery_failure_count (push_id, channel, kind, customers)
select push_id, channel, kind, count(*) from delivery_failure group by 1, 2, 3;

create index issued_coupon_used on issued_coupon (push_id, customer_id) where used_at is not null;

-- For the prefix that a masked ID or address shows, and for one that is typed whole.
create index customer_login_id on customer (lower(login_id) text_pattern_ops);
create index customer_email on customer (lower(email) text_pattern_ops);
