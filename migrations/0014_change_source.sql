-- Which event of which data source a change of an entity came from; what came otherwise has no row.
create table change_source (
  org text not null,
  xid xid8 not null,
  seq bigint not null,
  source text not null,
  -- null: several events of one transaction may have caused it
  event text,
  primary key (org, xid, seq)
);
create index change_source_source on change_source (org, source, seq);
create index change_source_event on change_source (org, event, seq) where event is not null;
