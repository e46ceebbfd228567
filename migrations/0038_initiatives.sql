-- What is to be reached by when, of the rules or a level of a scorecard, and who answers for it.
create table initiative (
  org text not null,
  identifier text not null,
  blueprint text not null,
  scorecard text not null,
  -- The rest of it, as it was sent.
  document json not null,
  created_at timestamptz not null,
  created_by text not null,
  updated_at timestamptz not null,
  updated_by text not null,
  -- As last counted; null: not yet.
  total integer,
  done integer,
  counted_at timestamptz,
  -- Reminders of moments up to this one were sent.
  reminded_at timestamptz not null,
  -- Since when everybody is there; null: not everybody.
  reached_at timestamptz,
  primary key (org, identifier),
  foreign key (org, blueprint) references blueprint (org, identifier) on update cascade on delete cascade
);

-- How far it had come: a row for each quarter of an hour in which that changed.
create table initiative_progress (
  org text not null,
  initiative text not null,
  slot timestamptz not null,
  at timestamptz not null,
  total integer not null,
  done integer not null,
  primary key (org, initiative, slot),
  foreign key (org, initiative) references initiative (org, identifier) on update cascade on delete cascade
);
