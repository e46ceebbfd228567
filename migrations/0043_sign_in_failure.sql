-- How often somebody failed to prove who they are, for all processes together.
create table sign_in_failure (
  org text not null references organization (id),
  -- A hash of whose, or where from.
  key text not null,
  points integer not null,
  expires_at timestamptz not null,
  primary key (org, key)
);
create index sign_in_failure_expires on sign_in_failure (org, expires_at);

-- Whom the provider of identities shut out, and may let in again. Of those who are shut out already nobody knows who did
-- it: the provider may, as before.
alter table scim_resource add column is_closed boolean not null default false;
update scim_resource s set is_closed = true from entity e
where s.kind = 'User' and e.org = s.org and e.blueprint = '_user' and e.identifier = s.subject
  and e.properties->>'status' = 'Disabled';
