-- Actions: what people may run by a form, and automations that events start.
create table action (
  org text not null references organization (id),
  identifier text not null,
  -- `action_…`; stays when the identifier changes.
  id text not null,
  document json not null,
  trigger_type text not null,
  -- Of automations: the type of the event.
  event text,
  -- Of automations that follow runs: the action whose runs.
  event_action text,
  -- The blueprint of the form, or of the event.
  blueprint text,
  published boolean not null,
  -- null: everybody runs it, administrators approve.
  permissions json,
  created_at timestamptz not null,
  created_by text not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (org, identifier)
);
create index action_event on action (org, event, blueprint) where trigger_type = 'automation' and published;
create index action_blueprint on action (org, blueprint) where blueprint is not null;
