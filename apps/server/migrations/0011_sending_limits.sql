-- Limits of sending that hold for all worker processes together (spec 6).

create table sending_limit (
  channel text primary key check (channel in ('email', 'web_push', 'fcm')),
  messages_per_second int check (messages_per_second between 1 and 100000),
  connections int check (connections between 1 and 1000),
  messages_per_connection int check (messages_per_connection between 1 and 1000000),
  next_at timestamptz not null default '-infinity',
  check (channel = 'email' or messages_per_connection is null)
);
comment on table sending_limit is 'null: no limit of this kind';
comment on column sending_limit.next_at is 'the first moment that was not given out to a worker yet; by the clock of the database, never the demo''s';
insert into sending_limit (channel) values ('email'), ('web_push'), ('fcm');

create table sending_limit_change (
  id bigint generated always as identity primary key,
  channel text not null,
  old_value jsonb not null,
  new_value jsonb not null,
  changed_by text not null,
  changed_at timestamptz not null
);
