-- What the values of aggregations are made of, so that a change of one entity costs no reading of the others
-- (model/fold-state.ts). Only of units whose states say so (engine/derive-units.ts).
create table derived_state (
  org text not null,
  blueprint text not null,
  unit text not null,
  identifier text not null,
  -- Changes of transactions that it sees are in the state.
  as_of pg_snapshot not null,
  state json not null,
  primary key (org, blueprint, unit, identifier)
) with (fillfactor = 70);
-- Changes of entities as one root sees them, until they are in its state.
create table derived_delta (
  org text not null,
  blueprint text not null,
  unit text not null,
  identifier text not null,
  id bigint generated always as identity,
  xid xid8 not null,
  delta json not null,
  primary key (org, blueprint, unit, identifier, id)
);
-- The ticket at which everything had to be read again; 0: the changes that wait are enough.
alter table derived_dirty add column whole bigint not null default 0;
