-- Webhook data sources. The key is the address that others send to.
create table webhook (
  org text not null,
  identifier text not null,
  key text not null unique,
  document json not null,
  secret bytea,
  created_at timestamptz not null,
  created_by text not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (org, identifier)
);

-- Events of data sources: the body as it came, in the order in which it came.
alter table inbox
  add column seq bigint generated always as identity,
  add column request json,
  add column body text;
create index inbox_waiting on inbox (org, source, seq) where status = 'received';
create index inbox_log on inbox (org, source, seq);
create index inbox_received on inbox using brin (received_at);

-- Integrations: external exporters (Ocean, Kubernetes) and our own connectors.
create table integration (
  org text not null,
  installation_id text not null,
  internal_id text not null unique,
  document json not null,
  config json,
  resync_state json,
  resync_request_id text,
  resync_requested_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org, installation_id)
);
create table integration_example (
  org text not null,
  installation_id text not null,
  kind text not null,
  examples json not null,
  updated_at timestamptz not null,
  primary key (org, installation_id, kind),
  foreign key (org, installation_id) references integration on delete cascade
);
create table integration_cursor (
  org text not null,
  installation_id text not null,
  kind text not null,
  index text not null,
  value json not null,
  updated_at timestamptz not null,
  primary key (org, installation_id, kind, index),
  foreign key (org, installation_id) references integration on delete cascade
);
create table integration_log (
  org text not null,
  installation_id text not null,
  id bigint generated always as identity,
  at timestamptz not null,
  received_at timestamptz not null,
  level text not null,
  message text not null,
  event_id text,
  extra json,
  primary key (org, installation_id, id),
  foreign key (org, installation_id) references integration on delete cascade
);
create table integration_metric (
  org text not null,
  installation_id text not null,
  event_id text not null,
  kind_identifier text not null,
  document json not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org, installation_id, event_id, kind_identifier),
  foreign key (org, installation_id) references integration on delete cascade
);
create index integration_metric_at on integration_metric (org, installation_id, created_at);
