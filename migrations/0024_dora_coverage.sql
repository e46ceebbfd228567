-- What coverage and evidence of changes ask for without opening whole rows. Filled as services are derived again
-- (DEFINITION_VERSION rises with this).
alter table dora_shipment
  add column merged_at timestamptz,
  -- One of its stages was left out because it ends before it begins.
  add column skewed boolean not null default false,
  -- Where the environment has several regions: from the start of the change to the last of them; null while it is not there.
  add column everywhere_seconds float8,
  add column regions smallint;

-- Merged changes that some environment of the service has not got.
create table dora_unshipped (
  org text not null,
  service text not null,
  change text not null,
  merged_at timestamptz not null,
  shipped_in text[] not null,
  -- Environments in whose history from before the first deployment it is.
  left_out_in text[] not null,
  hash text not null,
  row jsonb not null,
  primary key (org, service, change)
);
create index dora_unshipped_merged on dora_unshipped (org, merged_at);

-- When services got other owners, so that numbers of a team are about what it owned on the day of each event.
create table dora_ownership (
  org text not null,
  service text not null,
  at timestamptz not null,
  before text[] not null,
  after text[] not null,
  primary key (org, service, at)
);

-- Blueprints whose derived values (mirrors, calculations, inherited owners) DORA reads: their changes are no rows of the feed.
create table dora_watched (
  org text not null,
  blueprint text not null,
  primary key (org, blueprint)
);
-- Entities of these whose derived values changed, with the values and owners before, until the services are marked.
create table dora_touched (
  org text not null,
  blueprint text not null,
  identifier text not null,
  at timestamptz not null,
  derived jsonb not null,
  team text[] not null,
  primary key (org, blueprint, identifier)
);
