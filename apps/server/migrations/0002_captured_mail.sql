-- The demo's own mailbox: what its SMTP server took instead of sending it (demo/captured-mail.ts). Empty elsewhere.

create table captured_mail (
  id bigint generated always as identity primary key,
  to_address text not null,
  from_address text not null,
  subject text not null,
  received_at timestamptz not null,
  raw bytea not null
);
comment on column captured_mail.received_at is 'the mail''s own date: the marketplace''s clock, which the demo can move';
-- Not compressed: it would cost more time than everything else about taking a mail.
alter table captured_mail alter column raw set storage external;
