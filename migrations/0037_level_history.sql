-- Who moved from which level of a scorecard to which, and when. Of an entity that never moved there is no row: it has had its
-- level since it came, or since the scorecard did.
create table level_history (
  org text not null,
  blueprint text not null,
  identifier text not null,
  scorecard text not null,
  at timestamptz not null,
  -- When the entity came: of those that are gone nothing else tells.
  since timestamptz not null,
  -- Titles of levels; null: the scorecard was not about it, or it is gone.
  before text,
  after text,
  -- Rules whose result is another.
  turned text[] not null,
  primary key (org, blueprint, identifier, scorecard, at),
  foreign key (org, blueprint) references blueprint (org, identifier) on update cascade on delete cascade
);
create index level_history_scorecard on level_history (org, blueprint, scorecard, at);
-- The oldest are forgotten.
create index level_history_at on level_history (org, at);
