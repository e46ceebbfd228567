-- What people see of their sessions.
alter table web_session
  add column id text not null default gen_random_uuid()::text,
  add column user_agent text,
  add column address text,
  add column last_seen_at timestamptz not null default now();
create unique index web_session_id on web_session (org, id);
create index web_session_email on web_session (org, email);

-- What a link does: it signs in, or it sets a password.
alter table sign_in_link add column purpose text not null default 'sign-in';

-- When somebody chose their password; null: it is the one of the configuration.
alter table account add column password_set_at timestamptz;

-- Codes of an authenticator app (TOTP): the secret is encrypted, the last step that was used is not used again.
create table second_factor (
  org text not null references organization (id),
  email text not null,
  secret bytea not null,
  created_at timestamptz not null,
  -- null: being set up.
  confirmed_at timestamptz,
  last_step bigint not null default 0,
  recovery_hashes text[] not null default '{}',
  failures integer not null default 0,
  locked_until timestamptz,
  primary key (org, email)
);

-- Who has proved the first factor and not yet the second.
create table sign_in_attempt (
  org text not null references organization (id),
  token_hash text not null,
  email text not null,
  method text not null,
  expires_at timestamptz not null,
  primary key (org, token_hash)
);

-- How a session was begun: "local", or by a provider that asks for second factors itself.
alter table web_session add column method text not null default 'local';

-- What the organisation asks of those who sign in; apart from `settings`, which other clients replace as a whole.
alter table organization add column security jsonb not null default '{}';

-- Tokens of people and service accounts: named, limited to areas, with an end.
create table api_token (
  org text not null references organization (id),
  id text not null,
  token_hash text not null,
  name text not null,
  person text not null,
  scopes text[] not null,
  created_at timestamptz not null,
  created_by text not null,
  rotated_at timestamptz,
  expires_at timestamptz,
  last_used_at timestamptz,
  last_address text,
  primary key (org, id)
);
create unique index api_token_hash on api_token (token_hash);
create index api_token_person on api_token (org, person);

-- Which account of a provider somebody signs in with: by what never changes there.
create table sso_link (
  org text not null references organization (id),
  issuer text not null,
  subject text not null,
  email text not null,
  created_at timestamptz not null,
  primary key (org, issuer, subject)
);
create unique index sso_link_email on sso_link (org, issuer, email);

-- What an identity provider calls users and teams (SCIM): an id that stays when a team is renamed, and its own names.
create table scim_resource (
  org text not null references organization (id),
  kind text not null,
  id text not null,
  -- E-mail address of a user, name of a team.
  subject text not null,
  external_id text,
  user_name text,
  primary key (org, kind, id)
);
create unique index scim_resource_subject on scim_resource (org, kind, subject);
