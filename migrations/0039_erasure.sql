-- People whose name and address are being replaced in what is told of the past; the address goes when it is done.
create table erasure (
  org text not null references organization (id),
  -- What stands in the place of the address.
  id text not null,
  email text,
  requested_at timestamptz not null,
  requested_by text not null,
  finished_at timestamptz,
  step integer not null default 0,
  place text not null default '',
  primary key (org, id)
);
