-- Automations are told what was written after they were switched on.
alter table action add column since bigint not null
  default coalesce(pg_sequence_last_value('change_seq_seq'::regclass), 0);

-- The guard against loops counts the runs of the last minute.
create index action_run_recent on action_run (org, action, created_at) where source = 'AUTOMATION';

-- What is watched, and who is told; automations are made of it.
create table alert (
  org text not null,
  identifier text not null,
  document json not null,
  created_at timestamptz not null,
  created_by text not null,
  updated_at timestamptz not null,
  updated_by text not null,
  -- One process looks at an alert at a time: a sample that is older must not come after one that is newer.
  lease_token text,
  lease_until timestamptz,
  -- Of digests: when the next one is due.
  digest_at timestamptz,
  primary key (org, identifier)
);

-- One row for each subject that was looked at.
create table alert_state (
  org text not null,
  alert text not null,
  subject text not null,
  title text not null,
  state json not null,
  is_firing boolean not null,
  value float8,
  updated_at timestamptz not null,
  primary key (org, alert, subject),
  foreign key (org, alert) references alert (org, identifier) on update cascade on delete cascade
);

-- What was told, or waits for a digest.
create table alert_event (
  org text not null,
  seq bigint generated always as identity,
  alert text not null,
  subject text not null,
  transition text not null,
  document json not null,
  at timestamptz not null,
  told_at timestamptz,
  primary key (org, seq),
  foreign key (org, alert) references alert (org, identifier) on update cascade on delete cascade
);
create index alert_event_alert on alert_event (org, alert, seq);
