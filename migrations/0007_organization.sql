-- Settings of the organisation, its secrets, and any number of API credentials ("apps").
alter table organization
  add column settings jsonb not null default '{}',
  add column announcement jsonb;

-- The credentials of the configuration file are replaced when the configuration changes; the others are made by people.
alter table credential
  add column configured boolean not null default false,
  add column enabled boolean not null default true,
  add column updated_at timestamptz not null default now();
update credential set configured = true;

-- AES-256-GCM under a key derived from the installation's secret key; the name is authenticated with the value.
create table secret (
  org text not null references organization (id),
  name text not null,
  description text,
  ciphertext bytea not null,
  created_at timestamptz not null,
  created_by text not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (org, name)
);
