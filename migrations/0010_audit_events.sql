-- What the audit log tells besides changes of entities and blueprints: changes of permissions, settings and credentials,
-- and what was refused.
create table audit_event (
  org text not null references organization (id),
  seq bigint generated always as identity,
  kind text not null,
  action text not null,
  status text not null,
  blueprint text,
  identifier text,
  before jsonb,
  after jsonb,
  message text,
  actor text not null,
  actor_kind text not null,
  origin text not null,
  run_id text,
  at timestamptz not null,
  primary key (org, seq)
);
create index audit_event_subject on audit_event (org, blueprint, identifier, seq);
create index audit_event_run on audit_event (org, run_id, seq) where run_id is not null;
-- Refusals are kept up to a number: the oldest are found by it.
create index audit_event_refused on audit_event (org, seq) where status = 'FAILURE';

-- null: everybody reads the page, administrators change it.
alter table page add column permissions json;
