-- People are `_user` entities and teams are `_team` entities; what is here is what no entity holds.

-- Passwords. The administrator of the configuration is replaced when the configuration changes.
alter table account add column configured boolean not null default false;
update account set configured = true;

-- Credentials of a person (their `_user` entity, by e-mail) or a service account; null: of an app.
alter table credential add column person text;
create unique index credential_person on credential (org, person) where person is not null;

-- What was granted on a blueprint: only what differs from the defaults.
create table blueprint_permission (
  org text not null,
  blueprint text not null,
  document json not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (org, blueprint),
  foreign key (org, blueprint) references blueprint (org, identifier) on update cascade on delete cascade
);
