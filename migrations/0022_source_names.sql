-- What a system calls an entity: its searches by name find that one, whatever its title is.
create table source_name (
  org text not null,
  -- The inbox source of the data source or webhook.
  source text not null,
  name text not null,
  blueprint text not null,
  identifier text not null,
  primary key (org, source, blueprint, name)
);
