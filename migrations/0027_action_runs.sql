-- Runs of actions. The action is kept as it was, so that a run goes on when the action changes or goes.
create table action_run (
  org text not null references organization (id),
  id text not null,
  seq bigint generated always as identity,
  action text not null,
  action_document json not null,
  -- Whoever starts runs by itself names each of them, so that none is started twice.
  key text,
  status text not null,
  status_label text,
  blueprint text,
  entity text,
  -- Title and icon of blueprint and entity, as they were.
  subject json not null,
  properties json,
  raw_properties json,
  source text not null,
  trigger json not null,
  -- What templates see: `{inputs, entity, event}`.
  context json not null,
  payload json,
  response json,
  link text[] not null default '{}',
  summary text,
  required_approval text not null,
  approvals json not null default '[]',
  policy_approvers text[],
  external_run_id text,
  -- Who claims it; null: the server carries it out itself.
  installation_id text,
  invocation_type text not null,
  pending_execution boolean not null,
  claimed_until timestamptz,
  depth integer not null default 0,
  created_at timestamptz not null,
  created_by text not null,
  updated_at timestamptz not null,
  updated_by text not null,
  ended_at timestamptz,
  impersonated_by text,
  primary key (org, id)
);
create unique index action_run_key on action_run (org, action, key) where key is not null;
create index action_run_seq on action_run (org, seq);
create index action_run_action on action_run (org, action, seq);
create index action_run_entity on action_run (org, blueprint, entity, seq) where entity is not null;
create index action_run_by on action_run (org, created_by, seq);
create index action_run_external on action_run (org, external_run_id) where external_run_id is not null;
create index action_run_claim on action_run (org, installation_id, seq)
  where pending_execution and installation_id is not null and status = 'IN_PROGRESS';
create index action_run_open on action_run (org, status, updated_at)
  where status in ('IN_PROGRESS', 'WAITING_FOR_APPROVAL');

create table action_run_log (
  org text not null,
  run text not null,
  seq bigint generated always as identity,
  message text not null,
  termination_status text,
  status_label text,
  at timestamptz not null,
  by text not null,
  primary key (org, run, seq),
  foreign key (org, run) references action_run (org, id) on delete cascade
);
