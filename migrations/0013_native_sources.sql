-- Native connectors: where data comes from, how far the reading of it is, and what each object became.
create table data_source (
  org text not null,
  id text not null,
  type text not null,
  title text not null,
  settings json not null,
  -- JSON of the secret settings, encrypted with the installation's key.
  secrets bytea not null,
  webhook_key text not null,
  webhook_secret bytea not null,
  strategies text[] not null,
  -- The mapping (workflows.md 1.2.3); what users edit.
  mapping json not null,
  -- Minutes between two full resyncs, and two quick ones; null: only when asked for.
  resync_minutes integer,
  refresh_minutes integer,
  -- How the current or last run stands (ingest/sources).
  run json,
  next_full_at timestamptz,
  next_quick_at timestamptz,
  last_event_at timestamptz,
  created_at timestamptz not null,
  created_by text not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (org, id)
);
create unique index data_source_webhook_key on data_source (webhook_key);

-- Every object that was seen at the source.
create table source_object (
  org text not null,
  source text not null,
  kind text not null,
  key text not null,
  -- The object that it belongs to, by kind and key; it goes when that one goes.
  parent_kind text,
  parent text,
  -- Grows with every change; an older event is left out.
  version text,
  -- The number of the run that saw it last.
  seen integer not null,
  -- Gone at the source; kept so that an event that comes late does not bring it back.
  gone boolean not null default false,
  -- What listing the objects under it needs.
  ref json,
  primary key (org, source, kind, key),
  foreign key (org, source) references data_source (org, id) on delete cascade
);
create index source_object_parent on source_object (org, source, parent_kind, parent) where parent is not null;

-- Which entities an object became. Several objects may make one entity together.
create table source_entity (
  org text not null,
  source text not null,
  kind text not null,
  key text not null,
  blueprint text not null,
  identifier text not null,
  primary key (org, source, kind, key, blueprint, identifier),
  foreign key (org, source, kind, key) references source_object (org, source, kind, key) on delete cascade
);
create index source_entity_entity on source_entity (org, source, blueprint, identifier);
