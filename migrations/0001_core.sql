-- Organisations, credentials, sign-in.
create table organization (
  id text primary key,
  name text not null,
  created_at timestamptz not null default now()
);

create table credential (
  org text not null references organization (id),
  client_id text not null,
  secret_hash text not null,
  name text not null,
  created_at timestamptz not null default now(),
  primary key (org, client_id)
);
create unique index credential_client_id on credential (client_id);

create table account (
  org text not null references organization (id),
  email text not null,
  name text not null,
  password_hash text,
  role text not null,
  created_at timestamptz not null default now(),
  primary key (org, email)
);

create table sign_in_link (
  org text not null references organization (id),
  token_hash text not null,
  email text not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (org, token_hash)
);

create table web_session (
  org text not null references organization (id),
  token_hash text not null,
  email text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (org, token_hash)
);

-- Catalog.
create table blueprint (
  org text not null references organization (id),
  identifier text not null,
  document jsonb not null,
  generation bigint not null default 1,
  created_at timestamptz not null,
  created_by text not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (org, identifier)
);

create table entity (
  org text not null,
  blueprint text not null,
  identifier text not null,
  title text,
  icon text,
  team text[] not null default '{}',
  properties jsonb not null default '{}',
  relations jsonb not null default '{}',
  datasource text,
  created_at timestamptz not null,
  created_by text not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (org, blueprint, identifier),
  foreign key (org, blueprint) references blueprint (org, identifier) on update cascade
);
-- Partial, with a condition that always holds: queries that page by time name it, while single look-ups (foreign keys
-- above all) cannot use this index instead of the primary key, which they do on tables without statistics.
create index entity_created on entity (org, blueprint, created_at, identifier) where created_at > '-infinity';

-- One row per relation value: reverse look-ups, delete protection and joins. entity.relations holds the same
-- for reading; both are written in one transaction.
create table entity_relation (
  org text not null,
  blueprint text not null,
  identifier text not null,
  relation text not null,
  target_blueprint text not null,
  target text not null,
  position integer not null,
  primary key (org, blueprint, identifier, relation, target),
  foreign key (org, blueprint, identifier) references entity (org, blueprint, identifier)
    on update cascade on delete cascade,
  foreign key (org, target_blueprint, target) references entity (org, blueprint, identifier)
    on update cascade
);
create index entity_relation_target on entity_relation (org, target_blueprint, target, blueprint, relation);

-- Commit-ordered change feed. A reader takes rows with xid below the oldest running transaction, in (xid, seq)
-- order: nothing that commits later can come before what was already read, and no writer waits for another.
create table change (
  org text not null,
  xid xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity,
  kind text not null,
  action text not null,
  blueprint text,
  identifier text,
  before jsonb,
  after jsonb,
  actor text not null,
  at timestamptz not null,
  primary key (org, xid, seq)
);

create table feed_cursor (
  org text not null,
  reader text not null,
  xid xid8 not null,
  seq bigint not null,
  primary key (org, reader)
);

-- One queue discipline: a keyed row per piece of work; marking it again while it runs raises the ticket, so that
-- the worker that holds the older ticket does not settle the newer request.
create table job (
  org text not null,
  queue text not null,
  key text not null,
  ticket bigint not null default 1,
  run_at timestamptz not null default now(),
  lease_token text,
  lease_until timestamptz,
  attempts integer not null default 0,
  last_error text,
  created_at timestamptz not null default now(),
  primary key (org, queue, key)
);
create index job_ready on job (queue, run_at);

-- Raw deliveries, kept under the id that makes a repeated delivery visible.
create table inbox (
  org text not null,
  source text not null,
  delivery_id text not null,
  received_at timestamptz not null,
  payload jsonb,
  status text not null,
  outcome jsonb,
  processed_at timestamptz,
  primary key (org, source, delivery_id)
);
