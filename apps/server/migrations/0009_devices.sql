-- Devices registered through the API.

alter table subscription add column confirmed_at timestamptz not null default now();
comment on column subscription.confirmed_at is
  'when its app last said that it is there; of more devices than a customer may have, the one that was silent longest leaves';

-- A device whose owner changed is found by its endpoint. A hash, as endpoints are long.
create index subscription_endpoint on subscription using hash (endpoint);
