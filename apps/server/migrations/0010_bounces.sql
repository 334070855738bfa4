-- E-mails that came back after the mail server had taken them (docs/decisions/0013).

create table bounce (
  customer_id bigint not null,
  push_id bigint not null,
  class text not null check (class in ('hard', 'disabled', 'soft', 'ours', 'complaint')),
  status text,
  reason text not null,
  heard_from text not null,
  bounced_at timestamptz not null,
  primary key (customer_id, push_id)
);
create index bounce_push on bounce (push_id, customer_id);
comment on table bounce is 'an e-mail that came back, or was complained about; one row per message, whatever is heard of it how often';
comment on column bounce.class is 'hard: no such address; disabled: 5.2.1; soft: temporary; ours: about us; complaint: reported as unwanted. The strongest that was heard';
comment on column bounce.status is 'enhanced status code (RFC 3463)';
comment on column bounce.reason is 'what the other side said; for the operator, it can name addresses';
comment on column bounce.heard_from is 'refusal: the mail server said so at once, and the ledger has it; otherwise who reported it later';

create table bounce_count (
  push_id bigint not null references push (id) on delete cascade,
  class text not null,
  customers bigint not null,
  primary key (push_id, class)
);
comment on table bounce_count is 'kept up in the transaction that writes bounce, never counted; without refusals';

create table used_notification (
  id text primary key,
  used_at timestamptz not null
);
comment on table used_notification is 'notifications of mail providers that are good once; kept as long as they would be taken';

-- What is measured of late (features/metrics): the pushes of the last days, without reading all there ever were.
create index push_dispatched on push (dispatched_at) where dispatched_at is not null;
