-- What people keep for themselves: views of tables, and the like.
create table own_setting (
  org text not null,
  person text not null,
  name text not null,
  value json not null,
  updated_at timestamptz not null,
  primary key (org, person, name)
);
