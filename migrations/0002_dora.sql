-- Commits are facts, not catalog entities: they arrive in bulk.
create table git_commit (
  org text not null,
  repository text not null,
  sha text not null,
  parents text[] not null,
  authored_at timestamptz not null,
  committed_at timestamptz not null,
  author text not null,
  patch_id text,
  message text not null,
  paths text[],
  primary key (org, repository, sha)
);
create index git_commit_sha on git_commit (org, sha);

create table dora_settings (
  org text not null primary key,
  document jsonb not null,
  updated_at timestamptz not null,
  updated_by text not null
);

-- What derivation knows of one service, and which repositories and unknown shas would change it.
create table dora_service (
  org text not null,
  service text not null,
  deployments integer not null,
  merged_changes integer not null,
  attributed_changes integer not null,
  derived_at timestamptz not null,
  settings_hash text not null,
  primary key (org, service)
);

create table dora_service_repository (
  org text not null,
  service text not null,
  repository text not null,
  primary key (org, service, repository)
);
create index dora_service_repository_repository on dora_service_repository (org, repository);

create table dora_unknown_sha (
  org text not null,
  service text not null,
  sha text not null,
  primary key (org, service, sha)
);
create index dora_unknown_sha_sha on dora_unknown_sha (org, sha);

-- Derived rows, kept by derivation: one per deployment that a service x environment saw, one per change it shipped.
-- row holds the whole derived object; the columns beside it are what queries select and fold.
create table dora_deployment (
  org text not null,
  service text not null,
  environment text not null,
  id text not null,
  finished_at timestamptz not null,
  hash text not null,
  row jsonb not null,
  primary key (org, service, environment, id)
);
create index dora_deployment_finished on dora_deployment (org, environment, finished_at);
create index dora_deployment_id on dora_deployment (org, id);

create table dora_shipment (
  org text not null,
  service text not null,
  environment text not null,
  deployment text not null,
  change text not null,
  deployed_at timestamptz not null,
  lead_seconds float8,
  coding_seconds float8,
  pickup_seconds float8,
  review_seconds float8,
  deploy_seconds float8,
  excluded text,
  hash text not null,
  row jsonb not null,
  primary key (org, service, environment, change, deployment)
);
create index dora_shipment_deployed on dora_shipment (org, environment, deployed_at);
create index dora_shipment_service_deployed on dora_shipment (org, service, environment, deployed_at);
create index dora_shipment_deployment on dora_shipment (org, deployment);

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
  started_at timestamptz not null,
  updated_at timestamptz not null,
  finished_at timestamptz,
  primary key (org, id)
);
create index import_run_repository on import_run (org, repository, started_at desc);
