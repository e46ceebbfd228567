-- Values of mirror, calculation and aggregation properties, beside the stored ones: reads and searches see one row.
-- `$errors` in it: why calculations are null. No index may name this column, so that its updates stay within the page.
alter table entity add column derived jsonb;
-- Entities whose values have to be computed again. A row is marked, claimed and settled like a job; one that the clock
-- will change stays, due later.
create table derived_dirty (
  org text not null,
  blueprint text not null,
  -- `own`, `agg …`, `spread …`: see engine/derive-units.ts.
  unit text not null,
  identifier text not null,
  level integer not null,
  ticket bigint not null default 1,
  run_at timestamptz not null,
  lease_token text,
  lease_until timestamptz,
  attempts integer not null default 0,
  last_error text,
  primary key (org, blueprint, unit, identifier)
);
create index derived_dirty_due on derived_dirty (org, level, run_at);
-- What is computed together, and how far its latest definition has been applied to what was there before it.
create table derived_unit (
  org text not null,
  blueprint text not null,
  unit text not null,
  hash text not null,
  -- Asked for so many times; a rebuild that began before the last one starts over.
  requested bigint not null default 1,
  -- The last identifier marked; null: none yet.
  marked_to text,
  is_marked boolean not null default false,
  total integer not null default 0,
  marked integer not null default 0,
  started_at timestamptz not null,
  finished_at timestamptz,
  primary key (org, blueprint, unit)
);
