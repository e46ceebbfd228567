-- What numbers of entities were, for charts of one entity: each change, one row for each quarter of an hour in which it
-- changed. Of what never changed there is no row: it is what it is since the entity came.
create table number_history (
  org text not null,
  blueprint text not null,
  identifier text not null,
  property text not null,
  -- Beginning of the quarter. In every time zone hours and days begin with one.
  slot timestamptz not null,
  -- Before the first and after the last change in it; null: no number.
  before double precision,
  first_at timestamptz not null,
  after double precision,
  last_at timestamptz not null,
  primary key (org, blueprint, identifier, property, slot),
  foreign key (org, blueprint) references blueprint (org, identifier) on update cascade on delete cascade
);
-- The oldest are forgotten.
create index number_history_slot on number_history (org, slot);
