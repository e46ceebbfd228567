-- A blueprint is returned as it was sent, with its keys in their order; jsonb would sort them.
alter table blueprint alter column document type json using document::json;

-- Pages of the catalog. So far the one that comes with a blueprint, which goes and is renamed with it.
create table page (
  org text not null references organization (id),
  identifier text not null,
  -- The blueprint that the page lists; null for other pages.
  blueprint text,
  document json not null,
  created_at timestamptz not null,
  created_by text not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (org, identifier),
  foreign key (org, blueprint) references blueprint (org, identifier) on update cascade on delete cascade
);
create index page_blueprint on page (org, blueprint);

-- The same pages and words as src/model/page.ts gives to new blueprints.
insert into page (org, identifier, blueprint, document, created_at, created_by, updated_at, updated_by)
select org, case when identifier like '%s' then identifier else identifier || 's' end, identifier,
  json_build_object(
    'title', case
      when t.title ~ 's$' then t.title
      when t.title ~ '[^aeiou]y$' then left(t.title, -1) || 'ies'
      when t.title ~ '(x|z|ch|sh)$' then t.title || 'es'
      when t.title ~ '[a-z]$' then t.title || 's'
      else t.title end,
    'icon', document ->> 'icon', 'description', null, 'type', 'blueprint-entities', 'blueprint', identifier,
    'section', 'software_catalog', 'showInSidebar', true, 'locked', false, 'requiredQueryParams', json_build_array(),
    'widgets', json_build_array(json_build_object(
      'id', 'entities', 'type', 'table-entities-explorer', 'blueprint', identifier,
      'dataset', json_build_object('combinator', 'and', 'rules', json_build_array())))),
  created_at, created_by, created_at, created_by
from blueprint cross join lateral (select document ->> 'title' as title) t order by created_at, identifier
on conflict do nothing;

-- Work on all entities of a blueprint, done in the background batch by batch: deletion, or a mapping that makes
-- entities of another blueprint out of them.
create table migration (
  org text not null references organization (id),
  id text not null,
  source_blueprint text not null,
  -- null: deletion.
  mapping json,
  delete_blueprint boolean not null,
  status text not null,
  -- Who asked for it, as of then; what is written is written in their name.
  actor json not null,
  run_id text,
  -- Entities there were when it began; null before.
  total integer,
  success_count integer not null default 0,
  failure_count integer not null default 0,
  -- The last entity that was looked at.
  after_created_at timestamptz,
  after_identifier text,
  -- 0: looking at all entities for the first time; more: trying those again that failed for want of another.
  attempt integer not null default 0,
  -- Entities that this attempt helped.
  helped integer not null default 0,
  -- The first warnings, for people.
  warnings json not null default '[]',
  -- Why it was cancelled, or failed as a whole.
  reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  finished_at timestamptz,
  primary key (org, id)
);
create index migration_created on migration (org, created_at desc);
create index migration_source on migration (org, source_blueprint);

-- Source entities that a migration could not do.
create table migration_failure (
  org text not null,
  migration text not null,
  created_at timestamptz not null,
  identifier text not null,
  message text not null,
  -- Something was missing that may come.
  retry boolean not null,
  primary key (org, migration, created_at, identifier),
  foreign key (org, migration) references migration (org, id) on delete cascade
);
