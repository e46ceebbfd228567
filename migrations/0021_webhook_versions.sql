-- How new the state is that a webhook brought of an entity: an event that tells of an older one is left out.
create table webhook_version (
  org text not null,
  -- The inbox source of the webhook.
  source text not null,
  blueprint text not null,
  identifier text not null,
  -- `t:` and a time, or `n:` and a number (ingest/version).
  version text not null,
  -- It was deleted; kept so that an event that comes late does not bring it back.
  gone boolean not null,
  primary key (org, source, blueprint, identifier)
);
