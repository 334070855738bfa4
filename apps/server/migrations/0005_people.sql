-- People: a second factor for sign-in, invitations to a shop, and a record of who did what about its people. Shop features
-- are removed without breaking the pushes that linked to them, and fellows are paged through by day of registration.

-- ---------------------------------------------------------------- second factor (kept by better-auth's plugin)

alter table app_user add column two_factor_enabled boolean not null default false;

create table app_two_factor (
  id text primary key,
  user_id text not null unique references app_user on delete cascade,
  secret text not null,
  backup_codes text not null,
  verified boolean not null default true,
  failed_verification_count integer not null default 0,
  locked_until timestamptz,
  used_codes text[] not null default '{}',
  used_at timestamptz
);
comment on table app_two_factor is 'secret and backup codes are encrypted with the sign-in secret';
comment on column app_two_factor.used_codes is
  'SHA-256 of the codes accepted last: none is accepted twice (RFC 6238 5.2)';

-- ---------------------------------------------------------------- the people of a shop

alter table shop_member add column joined_at timestamptz not null default now();

create table shop_invitation (
  id bigint generated always as identity primary key,
  shop_id bigint not null references shop,
  email text not null,
  role text not null check (role in ('owner', 'staff')),
  language language not null,
  invited_by text not null,
  invited_at timestamptz not null,
  expires_at timestamptz not null,
  mail_state text not null default 'waiting' check (mail_state in ('waiting', 'sent', 'failed')),
  accepted_by text,
  accepted_at timestamptz,
  withdrawn_by text,
  withdrawn_at timestamptz,
  check ((accepted_by is null) = (accepted_at is null)),
  check ((withdrawn_by is null) = (withdrawn_at is null)),
  check (accepted_at is null or withdrawn_at is null)
);
comment on column shop_invitation.language is 'the inviter''s: what the e-mail is written in';
create unique index shop_invitation_open on shop_invitation (shop_id, email)
  where accepted_at is null and withdrawn_at is null;

create table shop_invitation_token (
  token_hash text primary key check (token_hash ~ '^[0-9a-f]{64}$'),
  invitation_id bigint not null references shop_invitation on delete cascade
);
comment on table shop_invitation_token is
  'SHA-256 of each link to an invitation: the one shown to the owner, and the ones that were mailed';
create index shop_invitation_token_invitation on shop_invitation_token (invitation_id);

create table shop_member_event (
  id bigint generated always as identity primary key,
  shop_id bigint not null references shop,
  kind text not null check (kind in ('invited', 'withdrawn', 'joined', 'role_changed', 'removed')),
  user_id text,
  email text not null,
  role text,
  done_by text not null,
  happened_at timestamptz not null
);
comment on table shop_member_event is 'who did what about the people of a shop, and when';
comment on column shop_member_event.role is 'after the change; null: removed or withdrawn';
create index shop_member_event_shop on shop_member_event (shop_id, id desc);

-- ---------------------------------------------------------------- shop features

alter table shop_feature add column deleted_at timestamptz;
comment on column shop_feature.deleted_at is 'gone for the shop; kept for the pushes that linked to it';

-- ---------------------------------------------------------------- fellows by day of registration

-- With customer_id a page begins exactly where the last one ended, however many registered at the same moment.
drop index fellow_registered;
create index fellow_registered on fellow (shop_id, registered_at, customer_id) include (held_back);
