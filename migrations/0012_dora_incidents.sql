-- Derived rows of incidents: one per service that the incident names ('' = none), kept by derivation.
create table dora_incident (
  org text not null,
  service text not null,
  blueprint text not null,
  id text not null,
  started_at timestamptz not null,
  deployment text,
  hash text not null,
  row jsonb not null,
  primary key (org, service, blueprint, id)
);
create index dora_incident_started on dora_incident (org, started_at);
create index dora_incident_subject on dora_incident (org, id);
create index dora_incident_deployment on dora_incident (org, deployment);

-- What a user decided about the cause of an incident; derivation reads it, and never writes it.
create table dora_incident_cause (
  org text not null,
  blueprint text not null,
  incident text not null,
  deployment text,
  reason text not null,
  decided_by text not null,
  decided_at timestamptz not null,
  primary key (org, blueprint, incident)
);
create index dora_incident_cause_deployment on dora_incident_cause (org, deployment);
