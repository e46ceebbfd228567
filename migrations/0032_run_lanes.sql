-- Runs are shared out by whom they call, what is old is forgotten, and changes of entities are posted.
-- Whom a job calls: the pool of runs shares itself out by it (engine/pool.ts).
alter table job add column lane text;

-- What is old is forgotten (FAIRWAY_RUN_RETENTION_DAYS, FAIRWAY_EVENT_RETENTION_DAYS).
create index action_run_ended on action_run (ended_at) where ended_at is not null;
create index alert_event_at on alert_event (at);
alter table webhook_version add column at timestamptz not null default now();
create index webhook_version_at on webhook_version (at);

-- Blueprints whose changes are posted: looked for in every round of automations.
create index blueprint_changelog on blueprint (org, identifier) where (document -> 'changelogDestination') is not null;
