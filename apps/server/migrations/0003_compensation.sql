-- Compensation: what became of an uploaded file's rows, and whom it names.

alter table compensation_upload
  -- 'orders': chosen from the list of orders, there was no file.
  add column source text not null default 'file' check (source in ('file', 'orders')),
  add column sheet text,
  add column column_name text,
  add column matched int not null default 0,
  add column same_customer int not null default 0,
  add column not_found int not null default 0,
  add column other_shop int not null default 0,
  add column unreadable int not null default 0,
  add column expires_at timestamptz not null default now() + interval '7 days';
comment on column compensation_upload.matched is 'rows by outcome, counted once: the rows never change. As many as there are customers';
comment on column compensation_upload.expires_at is 'when it is forgotten, unless an application uses it before';
create index compensation_upload_shop on compensation_upload (shop_id, uploaded_at);
create index compensation_upload_expires on compensation_upload (expires_at);

alter table compensation_upload_row
  alter column order_no drop not null,
  add column cell text,
  add check (outcome = 'unreadable' or order_no is not null),
  add check (outcome <> 'matched'),
  -- Checked row by row it costs as much as the rows themselves; whoever forgets an upload deletes its rows first.
  drop constraint compensation_upload_row_upload_id_fkey;
comment on table compensation_upload_row is
  'rows that add nobody; the first row of a customer stands in compensation_recipient, so that nothing is written twice';
comment on column compensation_upload_row.order_no is 'null: unreadable';
comment on column compensation_upload_row.cell is 'what stood there; null: the order number as it is';

create table compensation_recipient (
  upload_id uuid not null,
  place int not null,
  customer_id bigint not null,
  row_no int not null,
  order_nos text[] not null,
  primary key (upload_id, place, customer_id)
);
comment on table compensation_recipient is 'the customers that an upload names, each once';
comment on column compensation_recipient.row_no is 'where the first of order_nos stood, which are in the order of the file';
comment on column compensation_recipient.place is
  '1, 2, 3 ... in the order of the file: what pages and ticks go by, so that no customer_id leaves the server';

-- Whether a customer of a shop has muted it, without looking at each of its fellows.
create index fellow_muted on fellow (shop_id, customer_id) where muted_at is not null;

alter table push
  add column target_customers int,
  add column target_orders int;
comment on column push.target_customers is 'of a compensation: how many were ticked, rows of push_target';
