-- What the migrations give. Written by `npm run schema`; do not edit.

create table account (
  org text not null,
  email text not null,
  name text not null,
  password_hash text,
  role text not null,
  created_at timestamp with time zone not null default now(),
  configured boolean not null default false,
  password_set_at timestamp with time zone,
  constraint account_org_fkey FOREIGN KEY (org) REFERENCES organization(id),
  constraint account_pkey PRIMARY KEY (org, email)
);

create table action (
  org text not null,
  identifier text not null,
  id text not null,
  document json not null,
  trigger_type text not null,
  event text,
  event_action text,
  blueprint text,
  published boolean not null,
  permissions json,
  created_at timestamp with time zone not null,
  created_by text not null,
  updated_at timestamp with time zone not null,
  updated_by text not null,
  since bigint not null default COALESCE(pg_sequence_last_value('change_seq_seq'::regclass), (0)::bigint),
  trusted boolean not null default true,
  constraint action_org_fkey FOREIGN KEY (org) REFERENCES organization(id),
  constraint action_pkey PRIMARY KEY (org, identifier)
);
CREATE INDEX action_blueprint ON public.action USING btree (org, blueprint) WHERE (blueprint IS NOT NULL);
CREATE INDEX action_event ON public.action USING btree (org, event, blueprint) WHERE ((trigger_type = 'automation'::text) AND published);

create table action_run (
  org text not null,
  id text not null,
  seq bigint not null generated always as identity,
  action text not null,
  action_document json not null,
  key text,
  status text not null,
  status_label text,
  blueprint text,
  entity text,
  subject json not null,
  properties json,
  raw_properties json,
  source text not null,
  trigger json not null,
  context json not null,
  payload json,
  response json,
  link text[] not null default '{}'::text[],
  summary text,
  required_approval text not null,
  approvals json not null default '[]'::json,
  policy_approvers text[],
  external_run_id text,
  installation_id text,
  invocation_type text not null,
  pending_execution boolean not null,
  claimed_until timestamp with time zone,
  depth integer not null default 0,
  created_at timestamp with time zone not null,
  created_by text not null,
  updated_at timestamp with time zone not null,
  updated_by text not null,
  ended_at timestamp with time zone,
  impersonated_by text,
  constraint action_run_org_fkey FOREIGN KEY (org) REFERENCES organization(id),
  constraint action_run_pkey PRIMARY KEY (org, id)
);
CREATE INDEX action_run_action ON public.action_run USING btree (org, action, seq);
CREATE INDEX action_run_by ON public.action_run USING btree (org, created_by, seq);
CREATE INDEX action_run_claim ON public.action_run USING btree (org, installation_id, seq) WHERE (pending_execution AND (installation_id IS NOT NULL) AND (status = 'IN_PROGRESS'::text));
CREATE INDEX action_run_ended ON public.action_run USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX action_run_entity ON public.action_run USING btree (org, blueprint, entity, seq) WHERE (entity IS NOT NULL);
CREATE INDEX action_run_external ON public.action_run USING btree (org, external_run_id) WHERE (external_run_id IS NOT NULL);
CREATE UNIQUE INDEX action_run_key ON public.action_run USING btree (org, action, key) WHERE (key IS NOT NULL);
CREATE INDEX action_run_open ON public.action_run USING btree (org, status, updated_at) WHERE (status = ANY (ARRAY['IN_PROGRESS'::text, 'WAITING_FOR_APPROVAL'::text]));
CREATE INDEX action_run_pending ON public.action_run USING btree (org, action, seq) WHERE (pending_execution AND (installation_id IS NULL) AND (status = 'IN_PROGRESS'::text));
CREATE INDEX action_run_recent ON public.action_run USING btree (org, action, created_at) WHERE (source = 'AUTOMATION'::text);
CREATE INDEX action_run_seq ON public.action_run USING btree (org, seq);
CREATE INDEX action_run_told ON public.action_run USING btree (org, seq) WHERE ((required_approval <> 'none'::text) OR ((source = 'AUTOMATION'::text) AND ((invocation_type = ANY (ARRAY['EMAIL'::text, 'SLACK'::text])) OR (action ~~ 'alert:%'::text) OR (action ~~ 'initiative:%'::text))));

create table action_run_log (
  org text not null,
  run text not null,
  seq bigint not null generated always as identity,
  message text not null,
  termination_status text,
  status_label text,
  at timestamp with time zone not null,
  by text not null,
  constraint action_run_log_org_run_fkey FOREIGN KEY (org, run) REFERENCES action_run(org, id) ON DELETE CASCADE,
  constraint action_run_log_pkey PRIMARY KEY (org, run, seq)
);

create table alert (
  org text not null,
  identifier text not null,
  document json not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  updated_at timestamp with time zone not null,
  updated_by text not null,
  lease_token text,
  lease_until timestamp with time zone,
  digest_at timestamp with time zone,
  constraint alert_pkey PRIMARY KEY (org, identifier)
);

create table alert_event (
  org text not null,
  seq bigint not null generated always as identity,
  alert text not null,
  subject text not null,
  transition text not null,
  document json not null,
  at timestamp with time zone not null,
  told_at timestamp with time zone,
  constraint alert_event_org_alert_fkey FOREIGN KEY (org, alert) REFERENCES alert(org, identifier) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint alert_event_pkey PRIMARY KEY (org, seq)
);
CREATE INDEX alert_event_alert ON public.alert_event USING btree (org, alert, seq);
CREATE INDEX alert_event_at ON public.alert_event USING btree (at);

create table alert_state (
  org text not null,
  alert text not null,
  subject text not null,
  title text not null,
  state json not null,
  is_firing boolean not null,
  value double precision,
  updated_at timestamp with time zone not null,
  constraint alert_state_org_alert_fkey FOREIGN KEY (org, alert) REFERENCES alert(org, identifier) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint alert_state_pkey PRIMARY KEY (org, alert, subject)
);

create table api_token (
  org text not null,
  id text not null,
  token_hash text not null,
  name text not null,
  person text not null,
  scopes text[] not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  rotated_at timestamp with time zone,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  last_address text,
  constraint api_token_org_fkey FOREIGN KEY (org) REFERENCES organization(id),
  constraint api_token_pkey PRIMARY KEY (org, id)
);
CREATE UNIQUE INDEX api_token_hash ON public.api_token USING btree (token_hash);
CREATE INDEX api_token_person ON public.api_token USING btree (org, person);

create table audit_event (
  org text not null,
  seq bigint not null generated always as identity,
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
  at timestamp with time zone not null,
  constraint audit_event_org_fkey FOREIGN KEY (org) REFERENCES organization(id),
  constraint audit_event_pkey PRIMARY KEY (org, seq)
);
CREATE INDEX audit_event_refused ON public.audit_event USING btree (org, seq) WHERE (status = 'FAILURE'::text);
CREATE INDEX audit_event_run ON public.audit_event USING btree (org, run_id, seq) WHERE (run_id IS NOT NULL);
CREATE INDEX audit_event_subject ON public.audit_event USING btree (org, blueprint, identifier, seq);

create table automation_schedule (
  org text not null,
  automation text not null,
  schedule text not null,
  next_at timestamp with time zone,
  constraint automation_schedule_pkey PRIMARY KEY (org, automation)
);

create table blueprint (
  org text not null,
  identifier text not null,
  document json not null,
  generation bigint not null default 1,
  created_at timestamp with time zone not null,
  created_by text not null,
  updated_at timestamp with time zone not null,
  updated_by text not null,
  constraint blueprint_org_fkey FOREIGN KEY (org) REFERENCES organization(id),
  constraint blueprint_pkey PRIMARY KEY (org, identifier)
);
CREATE INDEX blueprint_changelog ON public.blueprint USING btree (org, identifier) WHERE ((document -> 'changelogDestination'::text) IS NOT NULL);

create table blueprint_permission (
  org text not null,
  blueprint text not null,
  document json not null,
  updated_at timestamp with time zone not null,
  updated_by text not null,
  constraint blueprint_permission_org_blueprint_fkey FOREIGN KEY (org, blueprint) REFERENCES blueprint(org, identifier) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint blueprint_permission_pkey PRIMARY KEY (org, blueprint)
);

create table change (
  org text not null,
  xid xid8 not null default pg_current_xact_id(),
  seq bigint not null generated always as identity,
  kind text not null,
  action text not null,
  blueprint text,
  identifier text,
  before jsonb,
  after jsonb,
  actor text not null,
  at timestamp with time zone not null,
  actor_kind text not null default 'machine'::text,
  origin text not null default 'API'::text,
  run_id text,
  follows boolean not null default false,
  trace text,
  constraint change_pkey PRIMARY KEY (org, xid, seq)
);
CREATE INDEX change_acted ON public.change USING btree (org, xid, seq) WHERE (((actor_kind <> 'system'::text) AND ((actor <> 'fairway:automation'::text) OR (origin <> 'AUTOMATION'::text))) OR (origin = 'UI'::text) OR (actor = 'fairway:sso'::text));
CREATE INDEX change_at ON public.change USING brin (at);
CREATE INDEX change_run ON public.change USING btree (org, run_id, seq) WHERE (run_id IS NOT NULL);
CREATE INDEX change_subject ON public.change USING btree (org, blueprint, identifier, seq);

create table change_source (
  org text not null,
  xid xid8 not null,
  seq bigint not null,
  source text not null,
  event text,
  constraint change_source_pkey PRIMARY KEY (org, xid, seq)
);
CREATE INDEX change_source_event ON public.change_source USING btree (org, event, seq) WHERE (event IS NOT NULL);
CREATE INDEX change_source_source ON public.change_source USING btree (org, source, seq);

create table credential (
  org text not null,
  client_id text not null,
  secret_hash text not null,
  name text not null,
  created_at timestamp with time zone not null default now(),
  person text,
  configured boolean not null default false,
  enabled boolean not null default true,
  updated_at timestamp with time zone not null default now(),
  constraint credential_org_fkey FOREIGN KEY (org) REFERENCES organization(id),
  constraint credential_pkey PRIMARY KEY (org, client_id)
);
CREATE UNIQUE INDEX credential_client_id ON public.credential USING btree (client_id);
CREATE UNIQUE INDEX credential_person ON public.credential USING btree (org, person) WHERE (person IS NOT NULL);

create table data_source (
  org text not null,
  id text not null,
  type text not null,
  title text not null,
  settings json not null,
  secrets bytea not null,
  webhook_key text not null,
  webhook_secret bytea not null,
  strategies text[] not null,
  mapping json not null,
  resync_minutes integer,
  refresh_minutes integer,
  run json,
  next_full_at timestamp with time zone,
  next_quick_at timestamp with time zone,
  last_event_at timestamp with time zone,
  created_at timestamp with time zone not null,
  created_by text not null,
  updated_at timestamp with time zone not null,
  updated_by text not null,
  constraint data_source_pkey PRIMARY KEY (org, id)
);
CREATE UNIQUE INDEX data_source_webhook_key ON public.data_source USING btree (webhook_key);

create table derived_delta (
  org text not null,
  blueprint text not null,
  unit text not null,
  identifier text not null,
  id bigint not null generated always as identity,
  xid xid8 not null,
  delta json not null,
  constraint derived_delta_pkey PRIMARY KEY (org, blueprint, unit, identifier, id)
);

create table derived_dirty (
  org text not null,
  blueprint text not null,
  unit text not null,
  identifier text not null,
  level integer not null,
  ticket bigint not null default 1,
  run_at timestamp with time zone not null,
  lease_token text,
  lease_until timestamp with time zone,
  attempts integer not null default 0,
  last_error text,
  whole bigint not null default 0,
  trace text,
  constraint derived_dirty_pkey PRIMARY KEY (org, blueprint, unit, identifier)
);
CREATE INDEX derived_dirty_due ON public.derived_dirty USING btree (org, level, run_at);

create table derived_state (
  org text not null,
  blueprint text not null,
  unit text not null,
  identifier text not null,
  as_of pg_snapshot not null,
  state json not null,
  constraint derived_state_pkey PRIMARY KEY (org, blueprint, unit, identifier)
);

create table derived_unit (
  org text not null,
  blueprint text not null,
  unit text not null,
  hash text not null,
  requested bigint not null default 1,
  marked_to text,
  is_marked boolean not null default false,
  total integer not null default 0,
  marked integer not null default 0,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  again boolean not null default false,
  marked_at timestamp with time zone,
  constraint derived_unit_pkey PRIMARY KEY (org, blueprint, unit)
);

create table dora_annotation (
  org text not null,
  identifier text not null,
  day date not null,
  text text not null,
  url text,
  blueprint text,
  entity text,
  created_at timestamp with time zone not null,
  created_by text not null,
  updated_at timestamp with time zone not null,
  updated_by text not null,
  constraint dora_annotation_check CHECK (((blueprint IS NULL) = (entity IS NULL))),
  constraint dora_annotation_pkey PRIMARY KEY (org, identifier)
);
CREATE INDEX dora_annotation_day ON public.dora_annotation USING btree (org, day);
CREATE INDEX dora_annotation_scope ON public.dora_annotation USING btree (org, blueprint, entity) WHERE (blueprint IS NOT NULL);

create table dora_deployment (
  org text not null,
  service text not null,
  environment text not null,
  id text not null,
  finished_at timestamp with time zone not null,
  hash text not null,
  row jsonb not null,
  constraint dora_deployment_pkey PRIMARY KEY (org, service, environment, id)
);
CREATE INDEX dora_deployment_finished ON public.dora_deployment USING btree (org, environment, finished_at);
CREATE INDEX dora_deployment_id ON public.dora_deployment USING btree (org, id);

create table dora_incident (
  org text not null,
  service text not null,
  blueprint text not null,
  id text not null,
  started_at timestamp with time zone not null,
  deployment text,
  hash text not null,
  row jsonb not null,
  constraint dora_incident_pkey PRIMARY KEY (org, service, blueprint, id)
);
CREATE INDEX dora_incident_deployment ON public.dora_incident USING btree (org, deployment);
CREATE INDEX dora_incident_started ON public.dora_incident USING btree (org, started_at);
CREATE INDEX dora_incident_subject ON public.dora_incident USING btree (org, id);

create table dora_incident_cause (
  org text not null,
  blueprint text not null,
  incident text not null,
  deployment text,
  reason text not null,
  decided_by text not null,
  decided_at timestamp with time zone not null,
  constraint dora_incident_cause_pkey PRIMARY KEY (org, blueprint, incident)
);
CREATE INDEX dora_incident_cause_deployment ON public.dora_incident_cause USING btree (org, deployment);

create table dora_ownership (
  org text not null,
  service text not null,
  at timestamp with time zone not null,
  before text[] not null,
  after text[] not null,
  constraint dora_ownership_pkey PRIMARY KEY (org, service, at)
);

create table dora_service (
  org text not null,
  service text not null,
  deployments integer not null,
  merged_changes integer not null,
  attributed_changes integer not null,
  derived_at timestamp with time zone not null,
  settings_hash text not null,
  revision bigint not null default 0,
  constraint dora_service_pkey PRIMARY KEY (org, service)
);

create table dora_service_repository (
  org text not null,
  service text not null,
  repository text not null,
  constraint dora_service_repository_pkey PRIMARY KEY (org, service, repository)
);
CREATE INDEX dora_service_repository_repository ON public.dora_service_repository USING btree (org, repository);

create table dora_settings (
  org text not null,
  document jsonb not null,
  updated_at timestamp with time zone not null,
  updated_by text not null,
  constraint dora_settings_pkey PRIMARY KEY (org)
);

create table dora_shipment (
  org text not null,
  service text not null,
  environment text not null,
  deployment text not null,
  change text not null,
  deployed_at timestamp with time zone not null,
  lead_seconds double precision,
  coding_seconds double precision,
  pickup_seconds double precision,
  review_seconds double precision,
  deploy_seconds double precision,
  excluded text,
  hash text not null,
  row jsonb not null,
  merged_at timestamp with time zone,
  skewed boolean not null default false,
  everywhere_seconds double precision,
  regions smallint,
  constraint dora_shipment_pkey PRIMARY KEY (org, service, environment, change, deployment)
);
CREATE INDEX dora_shipment_deployed ON public.dora_shipment USING btree (org, environment, deployed_at);
CREATE INDEX dora_shipment_deployment ON public.dora_shipment USING btree (org, deployment);
CREATE INDEX dora_shipment_service_deployed ON public.dora_shipment USING btree (org, service, environment, deployed_at);

create table dora_touched (
  org text not null,
  blueprint text not null,
  identifier text not null,
  at timestamp with time zone not null,
  derived jsonb not null,
  team text[] not null,
  constraint dora_touched_pkey PRIMARY KEY (org, blueprint, identifier)
);

create table dora_unknown_sha (
  org text not null,
  service text not null,
  sha text not null,
  constraint dora_unknown_sha_pkey PRIMARY KEY (org, service, sha)
);
CREATE INDEX dora_unknown_sha_sha ON public.dora_unknown_sha USING btree (org, sha);

create table dora_unshipped (
  org text not null,
  service text not null,
  change text not null,
  merged_at timestamp with time zone not null,
  shipped_in text[] not null,
  left_out_in text[] not null,
  hash text not null,
  row jsonb not null,
  constraint dora_unshipped_pkey PRIMARY KEY (org, service, change)
);
CREATE INDEX dora_unshipped_merged ON public.dora_unshipped USING btree (org, merged_at);

create table dora_watched (
  org text not null,
  blueprint text not null,
  constraint dora_watched_pkey PRIMARY KEY (org, blueprint)
);

create table entity (
  org text not null,
  blueprint text not null,
  identifier text not null,
  title text,
  icon text,
  team text[] not null default '{}'::text[],
  properties jsonb not null default '{}'::jsonb,
  relations jsonb not null default '{}'::jsonb,
  datasource text,
  created_at timestamp with time zone not null,
  created_by text not null,
  updated_at timestamp with time zone not null,
  updated_by text not null,
  changed_at timestamp with time zone,
  derived jsonb,
  constraint entity_org_blueprint_fkey FOREIGN KEY (org, blueprint) REFERENCES blueprint(org, identifier) ON UPDATE CASCADE,
  constraint entity_pkey PRIMARY KEY (org, blueprint, identifier)
);
CREATE INDEX entity_created ON public.entity USING btree (org, blueprint, created_at, identifier) WHERE (created_at > '-infinity'::timestamp with time zone);
CREATE INDEX entity_team ON public.entity USING gin (team) WHERE (team <> '{}'::text[]);

create table entity_relation (
  org text not null,
  blueprint text not null,
  identifier text not null,
  relation text not null,
  target_blueprint text not null,
  target text not null,
  position integer not null,
  constraint entity_relation_org_blueprint_identifier_fkey FOREIGN KEY (org, blueprint, identifier) REFERENCES entity(org, blueprint, identifier) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint entity_relation_org_target_blueprint_target_fkey FOREIGN KEY (org, target_blueprint, target) REFERENCES entity(org, blueprint, identifier) ON UPDATE CASCADE,
  constraint entity_relation_pkey PRIMARY KEY (org, blueprint, identifier, relation, target)
);
CREATE INDEX entity_relation_target ON public.entity_relation USING btree (org, target_blueprint, target, blueprint, relation);

create table erasure (
  org text not null,
  id text not null,
  email text,
  requested_at timestamp with time zone not null,
  requested_by text not null,
  finished_at timestamp with time zone,
  place text not null default ''::text,
  constraint erasure_org_fkey FOREIGN KEY (org) REFERENCES organization(id),
  constraint erasure_pkey PRIMARY KEY (org, id)
);
CREATE UNIQUE INDEX erasure_open ON public.erasure USING btree (org, lower(email)) WHERE (email IS NOT NULL);

create table feed_cursor (
  org text not null,
  reader text not null,
  xid xid8 not null,
  seq bigint not null,
  constraint feed_cursor_pkey PRIMARY KEY (org, reader)
);

create table git_commit (
  org text not null,
  repository text not null,
  sha text not null,
  parents text[] not null,
  authored_at timestamp with time zone not null,
  committed_at timestamp with time zone not null,
  author text not null,
  patch_id text,
  message text not null,
  paths text[],
  constraint git_commit_pkey PRIMARY KEY (org, repository, sha)
);
CREATE INDEX git_commit_sha ON public.git_commit USING btree (org, sha);

create table import_run (
  org text not null,
  id text not null,
  repository text not null,
  source text not null,
  services text[] not null,
  options jsonb not null,
  totals jsonb not null,
  sent jsonb not null,
  status text not null,
  heads text[],
  error text,
  started_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  constraint import_run_pkey PRIMARY KEY (org, id)
);
CREATE INDEX import_run_repository ON public.import_run USING btree (org, repository, started_at DESC);

create table inbox (
  org text not null,
  source text not null,
  delivery_id text not null,
  received_at timestamp with time zone not null,
  payload jsonb,
  status text not null,
  outcome jsonb,
  processed_at timestamp with time zone,
  seq bigint not null generated always as identity,
  request json,
  body text,
  trace text,
  constraint inbox_pkey PRIMARY KEY (org, source, delivery_id)
);
CREATE INDEX inbox_log ON public.inbox USING btree (org, source, seq);
CREATE INDEX inbox_received ON public.inbox USING brin (received_at);
CREATE INDEX inbox_waiting ON public.inbox USING btree (org, source, seq) WHERE (status = 'received'::text);

create table initiative (
  org text not null,
  identifier text not null,
  blueprint text not null,
  scorecard text not null,
  document json not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  updated_at timestamp with time zone not null,
  updated_by text not null,
  total integer,
  done integer,
  counted_at timestamp with time zone,
  reminded_at timestamp with time zone not null,
  reached_at timestamp with time zone,
  constraint initiative_org_blueprint_fkey FOREIGN KEY (org, blueprint) REFERENCES blueprint(org, identifier) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint initiative_pkey PRIMARY KEY (org, identifier)
);

create table initiative_progress (
  org text not null,
  initiative text not null,
  slot timestamp with time zone not null,
  at timestamp with time zone not null,
  total integer not null,
  done integer not null,
  constraint initiative_progress_org_initiative_fkey FOREIGN KEY (org, initiative) REFERENCES initiative(org, identifier) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint initiative_progress_pkey PRIMARY KEY (org, initiative, slot)
);

create table integration (
  org text not null,
  installation_id text not null,
  internal_id text not null,
  document json not null,
  config json,
  resync_state json,
  resync_request_id text,
  resync_requested_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint integration_internal_id_key UNIQUE (internal_id),
  constraint integration_pkey PRIMARY KEY (org, installation_id)
);

create table integration_cursor (
  org text not null,
  installation_id text not null,
  kind text not null,
  index text not null,
  value json not null,
  updated_at timestamp with time zone not null,
  constraint integration_cursor_org_installation_id_fkey FOREIGN KEY (org, installation_id) REFERENCES integration(org, installation_id) ON DELETE CASCADE,
  constraint integration_cursor_pkey PRIMARY KEY (org, installation_id, kind, index)
);

create table integration_example (
  org text not null,
  installation_id text not null,
  kind text not null,
  examples json not null,
  updated_at timestamp with time zone not null,
  constraint integration_example_org_installation_id_fkey FOREIGN KEY (org, installation_id) REFERENCES integration(org, installation_id) ON DELETE CASCADE,
  constraint integration_example_pkey PRIMARY KEY (org, installation_id, kind)
);

create table integration_log (
  org text not null,
  installation_id text not null,
  id bigint not null generated always as identity,
  at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  level text not null,
  message text not null,
  event_id text,
  extra json,
  constraint integration_log_org_installation_id_fkey FOREIGN KEY (org, installation_id) REFERENCES integration(org, installation_id) ON DELETE CASCADE,
  constraint integration_log_pkey PRIMARY KEY (org, installation_id, id)
);

create table integration_metric (
  org text not null,
  installation_id text not null,
  event_id text not null,
  kind_identifier text not null,
  document json not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint integration_metric_org_installation_id_fkey FOREIGN KEY (org, installation_id) REFERENCES integration(org, installation_id) ON DELETE CASCADE,
  constraint integration_metric_pkey PRIMARY KEY (org, installation_id, event_id, kind_identifier)
);
CREATE INDEX integration_metric_at ON public.integration_metric USING btree (org, installation_id, created_at);

create table job (
  org text not null,
  queue text not null,
  key text not null,
  ticket bigint not null default 1,
  run_at timestamp with time zone not null default now(),
  lease_token text,
  lease_until timestamp with time zone,
  attempts integer not null default 0,
  last_error text,
  created_at timestamp with time zone not null default now(),
  lane text,
  trace text,
  constraint job_pkey PRIMARY KEY (org, queue, key)
);
CREATE INDEX job_lane ON public.job USING btree (org, lane, run_at, key) WHERE (lane IS NOT NULL);
CREATE INDEX job_ready ON public.job USING btree (queue, run_at);

create table level_history (
  org text not null,
  blueprint text not null,
  identifier text not null,
  scorecard text not null,
  at timestamp with time zone not null,
  since timestamp with time zone not null,
  before text,
  after text,
  turned text[] not null,
  constraint level_history_org_blueprint_fkey FOREIGN KEY (org, blueprint) REFERENCES blueprint(org, identifier) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint level_history_pkey PRIMARY KEY (org, blueprint, identifier, scorecard, at, since)
);
CREATE INDEX level_history_at ON public.level_history USING btree (org, at);
CREATE INDEX level_history_scorecard ON public.level_history USING btree (org, blueprint, scorecard, at);

create table migration (
  org text not null,
  id text not null,
  source_blueprint text not null,
  mapping json,
  delete_blueprint boolean not null,
  status text not null,
  actor json not null,
  run_id text,
  total integer,
  success_count integer not null default 0,
  failure_count integer not null default 0,
  after_created_at timestamp with time zone,
  after_identifier text,
  attempt integer not null default 0,
  helped integer not null default 0,
  warnings json not null default '[]'::json,
  reason text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  constraint migration_org_fkey FOREIGN KEY (org) REFERENCES organization(id),
  constraint migration_pkey PRIMARY KEY (org, id)
);
CREATE INDEX migration_created ON public.migration USING btree (org, created_at DESC);
CREATE INDEX migration_source ON public.migration USING btree (org, source_blueprint);

create table migration_failure (
  org text not null,
  migration text not null,
  created_at timestamp with time zone not null,
  identifier text not null,
  message text not null,
  retry boolean not null,
  constraint migration_failure_org_migration_fkey FOREIGN KEY (org, migration) REFERENCES migration(org, id) ON DELETE CASCADE,
  constraint migration_failure_pkey PRIMARY KEY (org, migration, created_at, identifier)
);

create table number_history (
  org text not null,
  blueprint text not null,
  identifier text not null,
  property text not null,
  slot timestamp with time zone not null,
  before double precision,
  first_at timestamp with time zone not null,
  after double precision,
  last_at timestamp with time zone not null,
  constraint number_history_org_blueprint_fkey FOREIGN KEY (org, blueprint) REFERENCES blueprint(org, identifier) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint number_history_pkey PRIMARY KEY (org, blueprint, identifier, property, slot)
);
CREATE INDEX number_history_slot ON public.number_history USING btree (org, slot);

create table organization (
  id text not null,
  name text not null,
  created_at timestamp with time zone not null default now(),
  settings jsonb not null default '{}'::jsonb,
  announcement jsonb,
  security jsonb not null default '{}'::jsonb,
  derived_drift integer,
  constraint organization_pkey PRIMARY KEY (id)
);

create table own_setting (
  org text not null,
  person text not null,
  name text not null,
  value json not null,
  updated_at timestamp with time zone not null,
  constraint own_setting_pkey PRIMARY KEY (org, person, name)
);

create table page (
  org text not null,
  identifier text not null,
  blueprint text,
  document json not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  updated_at timestamp with time zone not null,
  updated_by text not null,
  permissions json,
  constraint page_org_blueprint_fkey FOREIGN KEY (org, blueprint) REFERENCES blueprint(org, identifier) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint page_org_fkey FOREIGN KEY (org) REFERENCES organization(id),
  constraint page_pkey PRIMARY KEY (org, identifier)
);
CREATE INDEX page_blueprint ON public.page USING btree (org, blueprint);

create table schema_migration (
  version integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migration_pkey PRIMARY KEY (version)
);

create table scim_resource (
  org text not null,
  kind text not null,
  id text not null,
  subject text not null,
  external_id text,
  user_name text,
  is_closed boolean not null default false,
  constraint scim_resource_org_fkey FOREIGN KEY (org) REFERENCES organization(id),
  constraint scim_resource_pkey PRIMARY KEY (org, kind, id)
);
CREATE UNIQUE INDEX scim_resource_subject ON public.scim_resource USING btree (org, kind, subject);

create table search_index (
  org text not null,
  blueprint text not null,
  property text not null,
  kind text not null,
  uses integer not null default 0,
  asked_at timestamp with time zone not null default now(),
  name text,
  built_at timestamp with time zone,
  scans bigint not null default 0,
  used_at timestamp with time zone,
  constraint search_index_pkey PRIMARY KEY (org, blueprint, property, kind)
);

create table second_factor (
  org text not null,
  email text not null,
  secret bytea not null,
  created_at timestamp with time zone not null,
  confirmed_at timestamp with time zone,
  last_step bigint not null default 0,
  recovery_hashes text[] not null default '{}'::text[],
  failures integer not null default 0,
  locked_until timestamp with time zone,
  constraint second_factor_org_fkey FOREIGN KEY (org) REFERENCES organization(id),
  constraint second_factor_pkey PRIMARY KEY (org, email)
);

create table secret (
  org text not null,
  name text not null,
  description text,
  ciphertext bytea not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  updated_at timestamp with time zone not null,
  updated_by text not null,
  constraint secret_org_fkey FOREIGN KEY (org) REFERENCES organization(id),
  constraint secret_pkey PRIMARY KEY (org, name)
);

create table sign_in_attempt (
  org text not null,
  token_hash text not null,
  email text not null,
  method text not null,
  expires_at timestamp with time zone not null,
  constraint sign_in_attempt_org_fkey FOREIGN KEY (org) REFERENCES organization(id),
  constraint sign_in_attempt_pkey PRIMARY KEY (org, token_hash)
);

create table sign_in_failure (
  org text not null,
  key text not null,
  points integer not null,
  expires_at timestamp with time zone not null,
  constraint sign_in_failure_org_fkey FOREIGN KEY (org) REFERENCES organization(id),
  constraint sign_in_failure_pkey PRIMARY KEY (org, key)
);
CREATE INDEX sign_in_failure_expires ON public.sign_in_failure USING btree (org, expires_at);

create table sign_in_link (
  org text not null,
  token_hash text not null,
  email text not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  purpose text not null default 'sign-in'::text,
  constraint sign_in_link_org_fkey FOREIGN KEY (org) REFERENCES organization(id),
  constraint sign_in_link_pkey PRIMARY KEY (org, token_hash)
);

create table source_entity (
  org text not null,
  source text not null,
  kind text not null,
  key text not null,
  blueprint text not null,
  identifier text not null,
  constraint source_entity_org_source_kind_key_fkey FOREIGN KEY (org, source, kind, key) REFERENCES source_object(org, source, kind, key) ON DELETE CASCADE,
  constraint source_entity_pkey PRIMARY KEY (org, source, kind, key, blueprint, identifier)
);
CREATE INDEX source_entity_entity ON public.source_entity USING btree (org, source, blueprint, identifier);

create table source_name (
  org text not null,
  source text not null,
  name text not null,
  blueprint text not null,
  identifier text not null,
  constraint source_name_pkey PRIMARY KEY (org, source, blueprint, name)
);

create table source_object (
  org text not null,
  source text not null,
  kind text not null,
  key text not null,
  parent_kind text,
  parent text,
  version text,
  seen integer not null,
  gone boolean not null default false,
  ref json,
  constraint source_object_org_source_fkey FOREIGN KEY (org, source) REFERENCES data_source(org, id) ON DELETE CASCADE,
  constraint source_object_pkey PRIMARY KEY (org, source, kind, key)
);
CREATE INDEX source_object_parent ON public.source_object USING btree (org, source, parent_kind, parent) WHERE (parent IS NOT NULL);

create table sso_link (
  org text not null,
  issuer text not null,
  subject text not null,
  email text not null,
  created_at timestamp with time zone not null,
  constraint sso_link_org_fkey FOREIGN KEY (org) REFERENCES organization(id),
  constraint sso_link_pkey PRIMARY KEY (org, issuer, subject)
);
CREATE UNIQUE INDEX sso_link_email ON public.sso_link USING btree (org, issuer, email);

create table timer (
  org text not null,
  blueprint text not null,
  identifier text not null,
  property text not null,
  value text not null,
  due_at timestamp with time zone not null,
  fired_at timestamp with time zone,
  constraint timer_pkey PRIMARY KEY (org, blueprint, identifier, property)
);
CREATE INDEX timer_due ON public.timer USING btree (org, due_at) WHERE (fired_at IS NULL);

create table web_session (
  org text not null,
  token_hash text not null,
  email text not null,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  id text not null default (gen_random_uuid())::text,
  user_agent text,
  address text,
  last_seen_at timestamp with time zone not null default now(),
  method text not null default 'local'::text,
  constraint web_session_org_fkey FOREIGN KEY (org) REFERENCES organization(id),
  constraint web_session_pkey PRIMARY KEY (org, token_hash)
);
CREATE INDEX web_session_email ON public.web_session USING btree (org, email);
CREATE UNIQUE INDEX web_session_id ON public.web_session USING btree (org, id);

create table webhook (
  org text not null,
  identifier text not null,
  key text not null,
  document json not null,
  secret bytea,
  created_at timestamp with time zone not null,
  created_by text not null,
  updated_at timestamp with time zone not null,
  updated_by text not null,
  source text not null,
  constraint webhook_key_key UNIQUE (key),
  constraint webhook_pkey PRIMARY KEY (org, identifier)
);
CREATE UNIQUE INDEX webhook_source ON public.webhook USING btree (org, source);

create table webhook_version (
  org text not null,
  source text not null,
  blueprint text not null,
  identifier text not null,
  version text not null,
  gone boolean not null,
  at timestamp with time zone not null default now(),
  constraint webhook_version_pkey PRIMARY KEY (org, source, blueprint, identifier)
);
CREATE INDEX webhook_version_at ON public.webhook_version USING btree (at);

CREATE OR REPLACE FUNCTION public.as_instant(value text)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
begin
  if value !~ '^(?!0000)(?:[0-9]{4}-(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|[0-9]{4}-(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|[0-9]{4}-02-(?:0[1-9]|1[0-9]|2[0-8])|(?:[0-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29)[Tt ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?(?:[Zz]|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)$' then
    return null;
  end if;
  return value::timestamptz;
end
$function$
;

CREATE OR REPLACE FUNCTION public.as_number(value jsonb)
 RETURNS numeric
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (jsonb_typeof(value) = 'number'::text) THEN (value)::numeric ELSE NULL::numeric END
;

create view fairway_dora.changes (org text, service text, environment text, deployment text, deployed_at timestamp with time zone, change text, kind text, blueprint text, identifier text, repository text, number bigint, sha text, title text, author text, url text, commits integer, method text, matched_by text, first_commit_at timestamp with time zone, opened_at timestamp with time zone, first_review_at timestamp with time zone, merged_at timestamp with time zone, is_counted boolean, excluded_reason text, lead_seconds double precision, coding_seconds double precision, pickup_seconds double precision, review_seconds double precision, deploy_seconds double precision);

create view fairway_dora.deployments (org text, service text, environment text, deployment text, blueprint text, title text, url text, status text, started_at timestamp with time zone, finished_at timestamp with time zone, sha text, ref text, previous_deployment text, is_counted boolean, excluded_reason text, is_rollback boolean, is_failed boolean, failed_by_status boolean, failed_by_incident boolean, failed_by_rollback boolean, failed_by_hotfix boolean, restored_at timestamp with time zone, restored_by text, restored_how text, is_rework boolean, changes integer);

create view fairway_dora.failures (org text, service text, environment text, deployment text, finished_at timestamp with time zone, cause text, shown_by text, detail text);

create view fairway_dora.incident_links (org text, blueprint text, incident text, started_at timestamp with time zone, deployment text, service text, environment text, method text, confidence text, reason text, candidates integer);

create view fairway_dora.incidents (org text, blueprint text, incident text, services text[], title text, url text, severity text, status text, started_at timestamp with time zone, detected_at timestamp with time zone, ended_at timestamp with time zone, is_counted boolean, excluded_reason text, is_open boolean, recovery_seconds double precision);

create view fairway_dora.rework (org text, service text, environment text, deployment text, finished_at timestamp with time zone, reason text, repairs text, detail text);
